"""WebP's container, where Pillow does not do.

How many pixels a picture claims to have must be known before a decoder takes memory for them:
libwebp's decoder of animations, which Pillow uses for every WebP, reserves two canvases as soon as
it is made; where they do not fit, a picture that is too large looks like one that is damaged.
And Pillow writes metadata only while it encodes, which costs a lossy picture quality.
"""

from __future__ import annotations

import struct

LENGTH = 30  # bytes of header that hold the size, whatever the kind of the first chunk
XMP_FLAG = b"\x04\0\0\0"  # of the extended format's first chunk, with what is reserved


def is_webp(data: bytes) -> bool:
    """Whether this is a RIFF container that says it holds WebP."""
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def claimed_pixels(data: bytes) -> int:
    """Width times height as the first chunk gives them; 0 if this is no WebP."""
    width, height = _claimed_size(data)
    return width * height


def with_xmp(data: bytes, xmp: bytes) -> bytes:
    """The same lossy picture, bit for bit, in the extended format with an XMP packet: RFC 9649,
    section 2.7. Raises ValueError for anything but a file in the simple lossy format."""
    width, height = _claimed_size(data)
    if data[12:16] != b"VP8 " or not width or not height:
        raise ValueError("only a WebP file in the simple lossy format can take an XMP packet")
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    chunks = _chunk(b"VP8X", XMP_FLAG + sides) + data[12:] + _chunk(b"XMP ", xmp)
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


def _chunk(name: bytes, payload: bytes) -> bytes:
    return name + struct.pack("<I", len(payload)) + payload + b"\0" * (len(payload) % 2)


def _claimed_size(data: bytes) -> tuple[int, int]:
    """Width and height as the first chunk gives them; 0 and 0 if this is no WebP.

    RFC 9649, sections 2.5 (simple, lossy), 2.6 (simple, lossless) and 2.7 (extended).
    """
    if not is_webp(data) or len(data) < LENGTH:
        return 0, 0
    chunk = data[12:16]
    if chunk == b"VP8X":
        return _little(data[24:27]) + 1, _little(data[27:30]) + 1
    if chunk == b"VP8L":
        bits = _little(data[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 ":
        return _little(data[26:28]) & 0x3FFF, _little(data[28:30]) & 0x3FFF
    return 0, 0


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")

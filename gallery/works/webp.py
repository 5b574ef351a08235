"""How many pixels a WebP picture claims to have, before a decoder takes memory for them.

Libwebp's decoder of animations, which Pillow uses for every WebP, reserves two canvases as soon as
it is made; where they do not fit, a picture that is too large looks like one that is damaged.
"""

from __future__ import annotations

LENGTH = 30  # bytes of header that hold the size, whatever the kind of the first chunk


def is_webp(data: bytes) -> bool:
    """Whether this is a RIFF container that says it holds WebP."""
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def claimed_pixels(data: bytes) -> int:
    """Width times height as the first chunk gives them; 0 if this is no WebP.

    RFC 9649, sections 2.5 (simple, lossy), 2.6 (simple, lossless) and 2.7 (extended).
    """
    if not is_webp(data) or len(data) < LENGTH:
        return 0
    chunk = data[12:16]
    if chunk == b"VP8X":
        width, height = _little(data[24:27]) + 1, _little(data[27:30]) + 1
    elif chunk == b"VP8L":
        bits = _little(data[21:25])
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif chunk == b"VP8 ":
        width, height = _little(data[26:28]) & 0x3FFF, _little(data[28:30]) & 0x3FFF
    else:
        return 0
    return width * height


def _little(data: bytes) -> int:
    return int.from_bytes(data, "little")

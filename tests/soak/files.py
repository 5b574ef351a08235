"""Valid pictures, damaged; and files that were made to do harm."""

from __future__ import annotations

import os
import random
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image

from tests.servers import ROOT
from tests.works.pictures import encoded, quadrants

DATA = Path(os.environ.get("UNSIGNED_DATA", ROOT.parent / "shared" / "data"))
EDGES = [b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"\0\0\xff\xff"]


def valid_pictures() -> dict[str, bytes]:
    """Small ones of every kind that is taken in, with the metadata that decoders parse."""
    picture = Image.frombytes("RGB", (96, 64), random.Random(7).randbytes(96 * 64 * 3))
    picture.paste(quadrants(), (8, 8))
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "A description"
    clear = picture.convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize(picture.size))
    frames = [picture.transpose(Image.Transpose.ROTATE_180), quadrants(96, 64)]
    animated: dict[str, Any] = {"save_all": True, "append_images": frames}
    return {
        "plain.jpg": encoded(picture, "JPEG", quality=85, exif=exif),
        "progressive.jpg": encoded(picture, "JPEG", progressive=True, subsampling=2),
        "cmyk.jpg": encoded(picture.convert("CMYK"), "JPEG"),
        "plain.png": encoded(picture, exif=exif),
        "palette.png": encoded(picture.quantize(16), transparency=3),
        "deep.png": encoded(picture.convert("L").convert("I;16")),
        "moving.png": encoded(picture, **animated),
        "lossy.webp": encoded(picture, "WEBP", quality=80, exif=exif),
        "lossless.webp": encoded(picture, "WEBP", lossless=True),
        "clear.webp": encoded(clear, "WEBP"),
        "moving.webp": encoded(picture, "WEBP", **animated),
    }


def mutations(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """So many damaged pictures with their names, the same for the same seed."""
    chance = random.Random(seed)
    valid = valid_pictures()
    for number in range(count):
        name = chance.choice(list(valid))
        data = bytearray(valid[name])
        for _ in range(chance.choice([1, 1, 2, 4, 16])):
            _damage(data, chance, valid)
        if name.endswith(".png") and chance.random() < 0.7:
            data = bytearray(_with_true_sums(bytes(data)))
        yield f"mutation {number} of seed {seed}, {name}", bytes(data)


def _damage(data: bytearray, chance: random.Random, valid: dict[str, bytes]) -> None:
    """One change, more often near the start, where the sizes stand."""
    at = chance.randrange(min(len(data), chance.choice([64, 400, 10**9])) or 1)
    length = chance.choice([1, 2, 4, 16, 100])
    match chance.randrange(7):
        case 0:
            data[at : at + 1] = bytes([chance.randrange(256)])
        case 1:
            data[at : at + 4] = chance.choice(EDGES)
        case 2:
            data[at : at + length] = chance.randbytes(length)
        case 3:
            del data[at : at + length]
        case 4:
            data[at:at] = data[at : at + length] * chance.choice([1, 1, 50])
        case 5:
            other = chance.choice(list(valid.values()))
            data[at : at + length] = other[at : at + length]
        case 6 if chance.random() < 0.3:
            del data[at + 8 :]


def _with_true_sums(data: bytes) -> bytes:
    """A PNG whose chunks' checksums are right again, so that what is in them gets read."""
    mended, at = data[:8], 8
    while at + 12 <= len(data):
        end = at + 8 + struct.unpack(">I", data[at : at + 4])[0]
        if end + 4 > len(data):
            break
        mended += data[at:end] + struct.pack(">I", zlib.crc32(data[at + 4 : end]))
        at = end + 4
    return mended + data[at:]


def hostile_files() -> Iterator[tuple[str, bytes]]:
    """The collection's, by name; none where it is not there."""
    folder = DATA / "hostile" / "given"
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        yield path.name, path.read_bytes()

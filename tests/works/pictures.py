"""Pictures and labels for these tests."""

import io
import struct
from typing import Any

from PIL import Image

from gallery.works.services import Label


def encoded(image: Image.Image, format: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def quadrants(width: int = 48, height: int = 32) -> Image.Image:
    """Red, green, blue and white corners: every turn and flip shows."""
    image = Image.new("RGB", (width, height), "white")
    image.paste("red", (0, 0, width // 2, height // 2))
    image.paste("lime", (width // 2, 0, width, height // 2))
    image.paste("blue", (0, height // 2, width // 2, height))
    return image


def noise(width: int = 64, height: int = 48, sigma: float = 60) -> Image.Image:
    return Image.effect_noise((width, height), sigma).convert("RGB")


def label(**lines: str) -> Label:
    empty = Label(maker="Ada", title="", year="", licence="CC0 1.0", credit="", source="")
    return empty | lines  # type: ignore[return-value]


def webp_chunks(data: bytes) -> list[bytes]:
    """The four-letter names of a WebP file's chunks."""
    assert data[:4] == b"RIFF"
    assert data[8:12] == b"WEBP"
    names, at = [], 12
    while at < len(data):
        names.append(data[at : at + 4])
        (length,) = struct.unpack("<I", data[at + 4 : at + 8])
        at += 8 + length + length % 2
    return names

"""A WebP's size is known before anything is decoded."""

import pytest
from PIL import Image

from gallery.works.webp import claimed_pixels
from tests.works.pictures import encoded, noise, webp_chunks

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("mode", "chunk", "options"),
    [
        ("RGB", b"VP8 ", {}),
        ("RGB", b"VP8L", {"lossless": True}),
        ("RGBA", b"VP8X", {}),
        ("RGBA", b"VP8L", {"lossless": True}),
    ],
)
@pytest.mark.parametrize("size", [(16, 700), (801, 33), (1, 1)])
def test_the_pixels_of_every_kind_are_counted(mode, chunk, options, size):
    picture = noise(*size).convert(mode)
    if mode == "RGBA":
        picture.putalpha(Image.new("L", size, 90))
    data = encoded(picture, "WEBP", **options)
    assert webp_chunks(data)[0] == chunk
    assert claimed_pixels(data) == size[0] * size[1]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF raff, said the dog; there is no picture in this",
        encoded(noise()),
        encoded(noise(), "WEBP")[:29],
        b"RIFF\0\0\0\0WEBPXMP " + bytes(30),
    ],
)
def test_what_gives_no_size_claims_no_pixels(data):
    assert claimed_pixels(data) == 0

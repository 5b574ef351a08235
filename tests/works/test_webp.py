"""A WebP's size is known before anything is decoded, and its pixels stay when words are added."""

from io import BytesIO

import pytest
from PIL import Image

from gallery.works.webp import claimed_pixels, with_xmp
from tests.factories import ONE_PIXEL
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


@pytest.mark.parametrize("xmp", [b"odd", b"even"])
@pytest.mark.parametrize("size", [(1, 1), (1600, 3), (401, 300)])
def test_a_packet_is_added_without_touching_a_pixel(size, xmp):
    before = encoded(noise(*size), "WEBP", quality=84)
    after = with_xmp(before, xmp)
    assert webp_chunks(after) == [b"VP8X", b"VP8 ", b"XMP "]
    assert len(after) == int.from_bytes(after[4:8], "little") + 8
    picture = Image.open(BytesIO(after))
    assert picture.info["xmp"] == xmp
    assert picture.size == size
    assert picture.tobytes() == Image.open(BytesIO(before)).tobytes()


@pytest.mark.parametrize(
    "data",
    [b"", encoded(noise()), encoded(noise(), "WEBP", lossless=True), with_xmp(ONE_PIXEL, b"")],
)
def test_only_a_simple_lossy_file_takes_a_packet(data):
    with pytest.raises(ValueError, match="simple lossy"):
        with_xmp(data, b"?")

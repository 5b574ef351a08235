"""One recipe for every work: nothing but the visible content differs."""

import io

import pytest
from PIL import Image, ImageStat

from gallery.works.blinding import GREY, SIDE, blind
from gallery.works.decoding import developed
from tests.works.pictures import encoded, noise, webp_chunks

pytestmark = pytest.mark.any_database


def blind_file(image: Image.Image, format: str = "PNG", **options) -> bytes:
    told, files = developed(encoded(image, format, **options), [])
    assert [one["kind"] for one in told["renditions"]] == ["display", "thumb", "blind"]  # type: ignore[attr-defined]
    return files[2]


@pytest.mark.parametrize("size", [(16, 16), (64, 300), (640, 640), (1500, 900), (2000, 16)])
def test_every_work_becomes_a_file_of_the_same_kind(size):
    file = blind_file(noise(*size))
    image = Image.open(io.BytesIO(file))
    assert webp_chunks(file) == [b"VP8 "]
    assert (image.format, image.mode, image.size) == ("WEBP", "RGB", (SIDE, SIDE))
    assert not image.getexif()


def test_metadata_does_not_survive_in_any_rendition():
    exif = Image.Exif()
    exif[0x010E] = "a prompt"
    data = encoded(noise(), "WEBP", exif=exif, xmp=b"<x:xmpmeta/>", lossless=True)
    for file in developed(data, [])[1]:
        assert webp_chunks(file) == [b"VP8 "]


def test_the_same_picture_gives_the_same_bytes():
    picture = noise(300, 200)
    assert blind_file(picture) == blind_file(picture.copy())
    assert blind_file(picture) == blind_file(picture, "WEBP", lossless=True)
    assert blind_file(picture) != blind_file(noise(300, 200))


def test_the_work_lies_in_the_middle_of_the_frames_grey():
    canvas = blind(Image.new("RGB", (400, 200), "white"), [])
    assert canvas.getpixel((5, 5)) == canvas.getpixel((SIDE - 5, SIDE - 5)) == GREY
    assert canvas.getpixel((SIDE // 2, SIDE // 2)) == pytest.approx((255, 255, 255), abs=2)
    file = blind_file(Image.new("RGB", (400, 200), "white"))
    assert Image.open(io.BytesIO(file)).getpixel((5, 5)) == GREY


def test_the_frames_grey_is_the_style_sheets():
    """oklch(45% 0 0): OKLab's lightness is the cube root of linear light, sRGB's curve encodes."""
    linear = 0.45**3
    assert round(255 * (1.055 * linear ** (1 / 2.4) - 0.055)) == GREY[0]


def test_the_quality_of_the_jpeg_pass_is_drawn_from_the_uploads():
    grain = noise(400, 400, sigma=8)
    (harsh,), (fine,) = (
        ImageStat.Stat(blind(grain, [quality] * 20).convert("L")).stddev for quality in (5, 98)
    )
    assert harsh < fine * 0.8

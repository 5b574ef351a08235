"""Every kind of picture becomes the same kind: upright, opaque sRGB."""

import subprocess
import sys

import pytest
from PIL import Image, ImageCms

from gallery.works.decoding import UPRIGHT, Unreadable, developed, master, opened
from tests.works.pictures import encoded, noise, quadrants

pytestmark = pytest.mark.any_database

UNDONE_BY = {  # the turn or flip that each EXIF orientation asks for, undone
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def read(data: bytes) -> Image.Image:
    return master(opened(data))


def pixel(data: bytes) -> tuple[int, ...]:
    colour = read(data).getpixel((8, 8))
    assert isinstance(colour, tuple)
    return colour


@pytest.mark.parametrize("orientation", UPRIGHT)
def test_a_turned_picture_is_set_upright(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    turned = quadrants().transpose(UNDONE_BY[orientation])
    data = encoded(turned, exif=exif)
    assert read(data).tobytes() == quadrants().tobytes()
    told, _ = developed(data, [])
    assert (told["width"], told["height"]) == quadrants().size


def test_damaged_exif_turns_nothing():
    data = encoded(quadrants(), exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    assert read(data).tobytes() == quadrants().tobytes()


def test_a_colour_profile_is_applied():
    """With the primaries of red and blue exchanged, red is stored as what sRGB calls blue."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exchanged = (
        profile.replace(b"rXYZ", b"tXYZ").replace(b"bXYZ", b"rXYZ").replace(b"tXYZ", b"bXYZ")
    )
    red = Image.new("RGB", (20, 20), (255, 0, 0))
    assert pixel(encoded(red)) == (255, 0, 0)
    assert pixel(encoded(red, icc_profile=profile)) == pytest.approx((255, 0, 0), abs=1)
    assert pixel(encoded(red, icc_profile=exchanged)) == pytest.approx((0, 0, 255), abs=2)


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_profile_that_does_not_fit_is_ignored(mode):
    image = Image.new(mode, (20, 20), 77 if mode == "L" else (77, 77, 77))
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for profile in (b"nonsense", lab):
        assert pixel(encoded(image, icc_profile=profile)) == (77, 77, 77)


def test_transparency_shows_mid_grey():
    half_red = Image.new("RGBA", (20, 20), (255, 0, 0, 128))
    assert pixel(encoded(half_red)) == pytest.approx((192, 64, 64), abs=1)
    assert pixel(encoded(Image.new("LA", (20, 20), (255, 0)))) == (128, 128, 128)
    keyed = Image.new("RGB", (20, 20), (1, 2, 3))
    assert pixel(encoded(keyed, transparency=(1, 2, 3))) == (128, 128, 128)
    palette = Image.new("P", (20, 20), 1)
    palette.putpalette([0, 0, 0, 0, 200, 0])
    assert pixel(encoded(palette)) == (0, 200, 0)
    assert pixel(encoded(palette, transparency=1)) == (128, 128, 128)
    assert pixel(encoded(half_red, "WEBP", lossless=True)) == pytest.approx((192, 64, 64), abs=1)


@pytest.mark.parametrize(("stored", "shown"), [(0, 0), (257 * 100, 100), (65535, 255)])
def test_sixteen_bits_are_scaled_not_clipped(stored, shown):
    assert pixel(encoded(Image.new("I;16", (20, 20), stored))) == (shown,) * 3


def test_printers_colours_become_screen_colours():
    cyan = Image.new("CMYK", (20, 20), (255, 0, 0, 0))
    assert pixel(encoded(cyan, "JPEG", quality=100)) == pytest.approx((0, 255, 255), abs=3)


def test_black_and_white_is_read():
    assert pixel(encoded(Image.new("1", (20, 20), 1))) == (255, 255, 255)


@pytest.mark.parametrize("format", ["WEBP", "PNG"])
def test_of_an_animation_the_first_frame_hangs(format):
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    options = {"lossless": True} if format == "WEBP" else {}
    data = encoded(frames[0], format, save_all=True, append_images=frames[1:], **options)
    assert pixel(data) == (255, 0, 0)


def test_a_large_picture_is_reduced_and_keeps_its_proportion():
    assert read(encoded(Image.new("L", (9000, 450)))).size == (2048, 102)
    assert read(encoded(Image.new("RGB", (5000, 3000)), "JPEG")).size == (2048, 1229)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "format"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "format"),
        (encoded(quadrants(), "GIF"), "format"),
        (encoded(quadrants(), "BMP"), "format"),
        (encoded(noise(200, 200), "JPEG")[:3000], "damaged"),
        (encoded(noise())[:-200], "damaged"),
        (encoded(noise())[:20], "damaged"),
        (encoded(Image.new("1", (8000, 5001))), "pixels"),
        (encoded(Image.new("L", (5001, 5000)), "WEBP", method=0), "webp"),
        (encoded(Image.new("1", (20_001, 16))), "long"),
        (b"RIFF raff, said the dog", "format"),
        (encoded(noise(200, 200), "WEBP")[:600], "damaged"),
        (encoded(Image.new("RGB", (400, 15))), "small"),
    ],
)
def test_what_is_no_picture_for_a_wall_is_refused(data, reason):
    with pytest.raises(Unreadable, match=reason):
        read(data)


def test_the_decoding_program_loads_neither_django_nor_numpy_nor_torch():
    program = "import gallery.works.decoding, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert not {"django", "numpy", "torch", "pydantic"} & set(loaded.stdout.decode().split())

"""Pictures between tensors and files."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from generators.pictures import read_picture, to_png, to_preview
from generators.refused import Refused


def speckled(height: int, width: int) -> torch.Tensor:
    return torch.rand(3, height, width, generator=torch.Generator().manual_seed(1))


def test_png_keeps_every_level_and_says_nothing_else():
    levels = torch.arange(256).view(1, 16, 16).expand(3, 16, 16) / 255
    png = Image.open(io.BytesIO(to_png(levels)))
    assert np.array_equal(np.asarray(png)[..., 0].ravel(), np.arange(256))
    assert png.info == {}


def test_the_same_picture_gives_the_same_bytes():
    assert to_png(speckled(40, 30)) == to_png(speckled(40, 30))
    assert to_preview(speckled(40, 30)) == to_preview(speckled(40, 30))


def test_png_refuses_what_is_no_picture():
    with pytest.raises(ValueError, match=r"\(3, H, W\)"):
        to_png(torch.zeros(1, 8, 8))


def test_a_preview_is_small_whatever_the_picture():
    preview = Image.open(io.BytesIO(to_preview(speckled(500, 1000))))
    assert preview.format == "WEBP"
    assert preview.size == (320, 160)
    assert Image.open(io.BytesIO(to_preview(speckled(64, 32)))).size == (32, 64)


def test_reading_what_was_written_gives_the_same_levels(tmp_path):
    (tmp_path / "a.png").write_bytes(to_png(speckled(32, 64)))
    back = read_picture(tmp_path / "a.png", 64)
    assert back.shape == (3, 32, 64)
    assert (back - speckled(32, 64)).abs().max() <= 0.5 / 255 + 1e-6


def test_a_picture_taken_sideways_is_read_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turn a quarter clockwise
    sideways = Image.new("RGB", (80, 40), "red")
    sideways.paste("blue", (0, 0, 40, 40))
    sideways.save(tmp_path / "a.jpg", exif=exif, quality=95)
    upright = read_picture(tmp_path / "a.jpg", 80)
    assert upright.shape == (3, 80, 40)
    assert upright[2, 10].mean() > 0.9  # blue, which was left, is now above
    assert upright[0, 70].mean() > 0.9


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "1", "I;16"])
def test_any_kind_of_pixel_becomes_colour_on_white(tmp_path, mode):
    grey = np.full((64, 64), 128 * 256 if mode == "I;16" else 128)
    picture = Image.fromarray(grey.astype(np.uint16 if mode == "I;16" else np.uint8))
    (picture if mode == "I;16" else picture.convert(mode)).save(tmp_path / "a.png")
    assert read_picture(tmp_path / "a.png", 64).mean().item() == pytest.approx(0.5, abs=0.01)


def test_transparency_is_laid_on_white(tmp_path):
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(tmp_path / "a.png")
    assert read_picture(tmp_path / "a.png", 64).min() == 1


def test_a_file_that_is_no_picture_is_refused(tmp_path):
    (tmp_path / "a.png").write_text("not a picture")
    with pytest.raises(Refused, match="use a whole JPEG, PNG or WebP picture"):
        read_picture(tmp_path / "a.png", 64)


def test_half_a_picture_is_refused(tmp_path):
    (tmp_path / "a.png").write_bytes(to_png(speckled(64, 64))[:4000])
    with pytest.raises(Refused, match="could not be read"):
        read_picture(tmp_path / "a.png", 64)


def test_another_format_is_refused(tmp_path):
    Image.new("RGB", (64, 64)).save(tmp_path / "a.bmp")
    with pytest.raises(Refused, match="use a whole JPEG, PNG or WebP picture"):
        read_picture(tmp_path / "a.bmp", 64)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_picture_of_too_many_pixels_is_refused_unopened(tmp_path):
    Image.new("1", (20000, 6000)).save(tmp_path / "a.png")
    with pytest.raises(Refused, match="at most 100 megapixels"):
        read_picture(tmp_path / "a.png", 64)


def test_a_thread_of_a_picture_is_refused(tmp_path):
    Image.new("RGB", (2000, 3)).save(tmp_path / "a.png")
    with pytest.raises(Refused, match="too narrow"):
        read_picture(tmp_path / "a.png", 512)


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's, about how files are broken
def test_hostile_files_are_read_or_refused(shared_data):
    for path in sorted((shared_data / "hostile").rglob("*")):
        if path.is_file() and path.stat().st_size < 300_000:
            try:
                picture = read_picture(path, 64)
            except Refused:
                continue
            assert picture.shape[0] == 3
            assert max(picture.shape) == 64
            assert 0 <= picture.min() <= picture.max() <= 1

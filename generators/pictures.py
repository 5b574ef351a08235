"""Pictures between tensors and files. The same tensor always gives the same bytes."""

import io
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor
from torch.nn import functional as F

from generators.refused import Refused

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PIXELS = 100_000_000  # of a file: more would take gigabytes before it could be made smaller
MIN_SIDE = 16  # pixels, after fitting: a thinner picture has nothing to work on
PREVIEW_SIDE = 320  # pixels
PREVIEW_TYPE = "image/webp"


def to_png(image: Tensor) -> bytes:
    """(3, H, W) in 0..1 as an 8-bit RGB PNG without metadata. ValueError for another shape."""
    return _saved(_picture(image), "PNG", compress_level=6)


def to_preview(image: Tensor) -> bytes:
    """(3, H, W) in 0..1 as a small WebP whose long side is at most PREVIEW_SIDE pixels."""
    picture = _picture(image)
    picture.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), Image.Resampling.BOX)
    return _saved(picture, "WEBP", quality=80, method=2)


def read_picture(path: Path, long_side: int) -> Tensor:
    """A JPEG, PNG or WebP file, upright, as float32 (3, H, W) in 0..1 with the given long side.

    Of an animation the first picture is read; transparency is laid on white. Raises Refused for a
    file that is missing, broken, too large or too narrow.
    """
    try:
        with Image.open(path, formats=FORMATS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise Refused(f"{path.name} is too large: use one of at most 100 megapixels.")
            opened.draft("RGB", (long_side, long_side))
            flat = _flattened(ImageOps.exif_transpose(opened))
    except Refused:
        raise
    except FileNotFoundError:
        raise Refused(f"There is no file {path}.") from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        message = f"{path.name} could not be read: use a whole JPEG, PNG or WebP picture."
        raise Refused(message) from None
    scale = long_side / max(flat.size)
    width, height = round(flat.width * scale), round(flat.height * scale)
    if min(width, height) < MIN_SIDE:
        raise Refused(f"{path.name} is too narrow: use a picture of an ordinary shape.")
    fitted = flat.resize((width, height), Image.Resampling.LANCZOS)
    levels = torch.from_numpy(np.array(fitted)).permute(2, 0, 1)
    return levels.contiguous().to(torch.float32) / 255


FLAT = 0.005  # a picture is one colour if no channel deviates by more than this, in 0..1


def usable(picture: Tensor | str | None, long_side: int) -> Tensor:
    """A work to start from, as float32 (3, H, W) in 0..1 with the given long side, on its device.

    Raises Refused for what is no colour picture, or is broken, flat or too narrow.
    """
    if picture is None or isinstance(picture, str) or picture.ndim != 3 or picture.shape[0] != 3:
        raise Refused("This works on a colour picture: give it one.")
    if not bool(picture.isfinite().all()):
        raise Refused("This picture holds values that are not numbers: save it again.")
    if float(picture.float().std(dim=(1, 2), correction=0).max()) < FLAT:
        raise Refused("This picture is one flat colour: choose one in which there is something.")
    scale = long_side / max(picture.shape[1:])
    height, width = (round(side * scale) for side in picture.shape[1:])
    if min(height, width) < max(MIN_SIDE, long_side // 8):
        raise Refused("This picture is too narrow: choose one of an ordinary shape.")
    fitted = picture.to(torch.float32)
    if picture.shape[1:] != (height, width):
        fitted = F.interpolate(fitted[None], (height, width), mode="bicubic", antialias=True)[0]
    return fitted.clamp(0, 1)


def _picture(image: Tensor) -> Image.Image:
    if image.ndim != 3 or image.shape[0] != 3:
        raise ValueError(f"A picture is (3, H, W), not {tuple(image.shape)}.")
    levels = (image.detach().cpu().clamp(0, 1) * 255).round().to(torch.uint8)
    return Image.fromarray(levels.permute(1, 2, 0).contiguous().numpy(), "RGB")


def _saved(picture: Image.Image, kind: str, **settings: int) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **settings)
    return file.getvalue()


def _flattened(picture: Image.Image) -> Image.Image:
    """Eight-bit RGB on white."""
    if picture.mode.startswith("I"):  # 16 bits of grey, which Pillow would clip instead of scale
        picture = Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8))
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    white = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(white, picture.convert("RGBA")).convert("RGB")

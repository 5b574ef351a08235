"""Entropy: the anchors of the scale for pictures.

* uniform noise: every colour of every pixel drawn alike from 0..255: the most entropy that an 8-bit
  picture can have.
* natural spectrum: white Gaussian noise filtered to amplitude 1/f^alpha, with the colours of
  paintings. What is left of a painting once all structure but the spectrum is gone.
* plain field: one colour, drawn from the colours of paintings: the least entropy.

The picture is made at once and shown from coarse to fine.
"""

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.nn import functional as F

from generators.frames import Frame
from generators.params import EntropyParams
from generators.spectrum import in_colour, natural_spectrum

BLOCKS = (64, 16, 4, 1)  # pixels to a side of what the frames show
SOFT = 0.35  # plain fields keep to this share of the paintings' colour spread: muted, never clipped


def paint(
    p: EntropyParams, /, *, seed: int, device: str = "cpu", content: object = None
) -> Iterator[Frame]:
    """Yield one frame for each of BLOCKS. `content` is not used."""
    width, height = p.shape
    rng = torch.Generator(device).manual_seed(seed)
    if p.variant == "uniform noise":
        picture = uniform_noise(height, width, rng)
    elif p.variant == "natural spectrum":
        picture = natural_spectrum(height, width, p.alpha, rng)
    else:
        picture = plain_field(height, width, rng)
    for step, block in enumerate(BLOCKS, start=1):
        yield Frame(step, len(BLOCKS), coarsened(picture, block).cpu())


def uniform_noise(height: int, width: int, rng: torch.Generator) -> Tensor:
    """(3, H, W) of independent levels k/255, each k in 0..255 equally likely."""
    levels = torch.randint(256, (3, height, width), generator=rng, device=rng.device)
    return levels.to(torch.float32) / 255


def plain_field(height: int, width: int, rng: torch.Generator) -> Tensor:
    """(3, H, W) of a single muted colour."""
    draw = torch.randn((3, 1, 1), generator=rng, device=rng.device).clamp(-2, 2)
    return in_colour(SOFT * draw).expand(3, height, width).clone()


def coarsened(picture: Tensor, block: int) -> Tensor:
    """A copy of (3, H, W), as large, in which each block of pixels is replaced by its mean."""
    if block == 1:
        return picture.clone()
    small = F.avg_pool2d(picture[None], block, ceil_mode=True)
    height, width = picture.shape[1:]
    return F.interpolate(small, scale_factor=block, mode="nearest")[0, :, :height, :width].clone()

"""Entropy: the anchors of the scale for pictures, and controls matched to one work.

* uniform noise: every colour of every pixel drawn alike from 0..255: the most entropy that an 8-bit
  picture can have.
* natural spectrum: white Gaussian noise filtered to amplitude 1/f^alpha, with the colours of
  paintings. What is left of a painting once all structure but the spectrum is gone.
* plain field: one colour, drawn from the colours of paintings: the least entropy.
* spectrum of the content: the content's amplitudes, and the phases of its channels relative to each
  other; the phases themselves are drawn. Clipped, so that the darkest and lightest parts lose some.
* colours of the content: its pixels shuffled.
* colours and spectrum of the content: exactly the content's levels in each channel, and as nearly
  its spectrum as ROUNDS of adjusting bring about.

Of what depends on a content, the record tells how far the spectrum is from what was wanted. The
picture is shown from coarse to fine, or as it is adjusted.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.nn import functional as F

from generators.anchors.params import COLOURS, ROUNDS, SPECTRUM, EntropyParams
from generators.anchors.surrogates import (
    amplitude_adjusted,
    matched_spectrum,
    random_phases,
    shuffled,
    spectrum_error,
)
from generators.frames import Frame
from generators.pictures import usable
from generators.refused import Refused
from generators.spectrum import in_colour, natural_spectrum

BLOCKS = (64, 16, 4, 1)  # pixels to a side of what the frames show
SOFT = 0.35  # plain fields keep to this share of the paintings' colour spread: muted, never clipped


def paint(
    p: EntropyParams, /, *, seed: int, device: str = "cpu", content: Tensor | str | None = None
) -> Iterator[Frame]:
    """Yield a frame for each of BLOCKS, or for each round. Raises Refused for a content that is
    missing, cannot be used, or has no part in what is asked for."""
    if p.content == "none" and content is not None:
        raise Refused(f"No content has a part in “{p.variant}”: leave it out, or ask for another.")
    rng = torch.Generator(device).manual_seed(seed)
    if p.content == "required":
        yield from matched(p.variant, usable(content, p.size).to(device), rng)
        return
    width, height = p.shape
    if p.variant == "uniform noise":
        picture = uniform_noise(height, width, rng)
    elif p.variant == "natural spectrum":
        picture = natural_spectrum(height, width, p.alpha, rng)
    else:
        picture = plain_field(height, width, rng)
    yield from coarse_to_fine(picture, {})


def matched(variant: str, content: Tensor, rng: torch.Generator) -> Iterator[Frame]:
    """Noise that shares with the content (3, H, W) what `variant` names."""
    if variant == COLOURS:
        yield from coarse_to_fine(shuffled(content, rng), {})
        return
    spectrum = matched_spectrum(content)
    if variant == SPECTRUM:
        picture = random_phases(spectrum, content.shape[2], rng).clamp(0, 1)
        yield from coarse_to_fine(picture, facts_of(picture, spectrum))
        return
    for step, adjusted in enumerate(amplitude_adjusted(content, spectrum, rng, ROUNDS), start=1):
        facts = facts_of(adjusted, spectrum) if step == ROUNDS else {}
        yield Frame(step, ROUNDS, adjusted.cpu().clone(), facts=facts)


def facts_of(picture: Tensor, spectrum: Tensor) -> dict[str, str]:
    return {"spectrum_error": f"{spectrum_error(picture, spectrum):.3f}"}


def coarse_to_fine(picture: Tensor, facts: dict[str, str]) -> Iterator[Frame]:
    for step, block in enumerate(BLOCKS, start=1):
        last = step == len(BLOCKS)
        yield Frame(step, len(BLOCKS), coarsened(picture, block).cpu(), facts=facts if last else {})


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

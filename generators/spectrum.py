"""How pictures of a kind spread their energy over spatial frequencies and colours.

Natural pictures have an amplitude spectrum near 1/f (Field 1987, "Relations between the statistics
of natural images and the response properties of cortical cells", J. Opt. Soc. Am. A 4, 2379-2394).
The statistics that ship are those of public-domain paintings; `statistics.py` measures others.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch
from torch import Tensor

RINGS = 15  # of frequencies, half an octave each, from 1 to 128 cycles along the long side
SHIPPED = Path(__file__).parent / "weights" / "paintings.json"


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the pictures of a collection have in common.

    `mean` colour (sRGB in 0..1); `colour`, the symmetric root of the colours' covariance over all
    pixels; `amplitude`, for each of three decorrelated colour planes, of a Fourier coefficient in
    each ring, as a share of that in the first ring.
    """

    pictures: int
    mean: tuple[float, ...]
    colour: tuple[tuple[float, ...], ...]
    amplitude: tuple[tuple[float, ...], ...]


@cache
def paintings() -> Statistics:
    """The statistics that ship."""
    return Statistics(**json.loads(SHIPPED.read_text(encoding="utf-8")))


def frequencies(height: int, width: int, device: torch.device | str = "cpu") -> Tensor:
    """Radial frequency of each `rfft2` coefficient in cycles per pixel, (H, W//2+1).

    The constant term gets the lowest non-zero frequency, so that a power of it is finite.
    """
    rows = torch.fft.fftfreq(height, device=device)[:, None]
    columns = torch.fft.rfftfreq(width, device=device)[None, :]
    return torch.hypot(rows, columns).clamp_min(1 / max(height, width))


def ring_of(height: int, width: int, device: torch.device | str = "cpu") -> Tensor:
    """(H, W//2+1): the ring of each coefficient, a real number from 0: half octaves above one cycle
    per long side, whatever the size in pixels."""
    return 2 * torch.log2(frequencies(height, width, device) * max(height, width))


def painted_amplitude(height: int, width: int, device: torch.device | str = "cpu") -> Tensor:
    """(3, H, W//2+1): the amplitude of paintings at each coefficient of each decorrelated plane.

    Planes of these amplitudes have mean 0 and variance 1. Beyond the finest measured ring the last
    slope goes on.
    """
    known = torch.tensor(paintings().amplitude, device=device).log()
    ring = ring_of(height, width, device).clamp_min(0)
    below = ring.floor().clamp(max=RINGS - 2).long()
    share = ring - below
    amplitude = (known[:, below] + share * (known[:, below + 1] - known[:, below])).exp()
    amplitude[:, 0, 0] = 0
    energy = _both_halves(amplitude.square(), width).sum((1, 2), keepdim=True)
    painted: Tensor = amplitude * (height * width) / energy.sqrt()
    return painted


def _both_halves(energy: Tensor, width: int) -> Tensor:
    """Count twice what `rfft2` leaves out because it is the mirror image of what it gives."""
    twice = energy.clone()
    twice[..., 1 : (width + 1) // 2] *= 2
    return twice


def in_colour(fields: Tensor) -> Tensor:
    """Mix three uncorrelated unit-variance fields (..., 3, H, W) into the paintings' colours.

    The result has the paintings' mean and covariance; it is not bounded to 0..1.
    """
    colour = fields.new_tensor(paintings().colour)
    mean = fields.new_tensor(paintings().mean)[:, None, None]
    mixed: Tensor = (colour @ fields.flatten(-2)).view(fields.shape) + mean
    return mixed


def uncoloured(pictures: Tensor) -> Tensor:
    """The inverse of `in_colour`: (..., 3, H, W) to planes that are uncorrelated in paintings."""
    unmix = torch.linalg.inv(torch.tensor(paintings().colour, device=pictures.device))
    mean = pictures.new_tensor(paintings().mean)[:, None, None]
    planes: Tensor = (unmix.to(pictures.dtype) @ (pictures - mean).flatten(-2)).view(pictures.shape)
    return planes


def unit_fields(count: int, height: int, width: int, slope: float, rng: torch.Generator) -> Tensor:
    """(count, H, W) independent Gaussian noises of amplitude 1/f^slope, mean 0 and deviation 1."""
    white = torch.randn((count, height, width), generator=rng, device=rng.device)
    spectrum = torch.fft.rfft2(white) * frequencies(height, width, rng.device) ** -slope
    spectrum[:, 0, 0] = 0
    fields: Tensor = torch.fft.irfft2(spectrum, s=(height, width))
    return fields / fields.std(dim=(1, 2), keepdim=True)


def painted_fields(height: int, width: int, rng: torch.Generator) -> Tensor:
    """(3, H, W) Gaussian noise planes with the spectrum of paintings; `in_colour` colours them."""
    white = torch.randn((3, height, width), generator=rng, device=rng.device)
    phases = torch.fft.rfft2(white)
    phases = phases / phases.abs().clamp_min(1e-12)
    amplitude = painted_amplitude(height, width, rng.device)
    fields: Tensor = torch.fft.irfft2(phases * amplitude, s=(height, width))
    return fields


def natural_spectrum(height: int, width: int, slope: float, rng: torch.Generator) -> Tensor:
    """(3, H, W) in 0..1: noise of amplitude 1/f^slope in the paintings' colours, clipped.

    Its mean is the paintings', whatever the seed.
    """
    return in_colour(unit_fields(3, height, width, slope, rng)).clamp(0, 1)

"""Surrogates: pictures that keep some statistics of another and leave the rest to chance.

Spectra are those of a picture's periodic component (L. Moisan: Periodic plus Smooth Image
Decomposition. J. Math. Imaging Vis. 39, 2011): a plain Fourier transform takes the jump from one
edge to the opposite one for a part of the picture, and its surrogates look woven. Others do the
same: B. Galerne, Y. Gousseau, J.-M. Morel: Random Phase Textures: Theory and Synthesis. IEEE Trans.
Image Process. 20, 2011.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

TINY = 1e-12  # below this a Fourier coefficient has no phase to speak of


def matched_spectrum(picture: Tensor) -> Tensor:
    """(3, H, W) to (3, H, W//2+1): the `rfft2` of its periodic component, as contrasty as it.

    The mean colour is the picture's, and so is the variance, summed over the channels.
    """
    height, width = picture.shape[1:]
    spectrum: Tensor = torch.fft.rfft2(picture) - _smooth_spectrum(picture)
    periodic = torch.fft.irfft2(spectrum, s=(height, width))
    whole, kept = (one.var(dim=(1, 2)).sum() for one in (picture, periodic))
    mean = spectrum[:, 0, 0].clone()
    spectrum *= (whole / kept.clamp_min(TINY)).sqrt()
    spectrum[:, 0, 0] = mean
    return spectrum


def _smooth_spectrum(picture: Tensor) -> Tensor:
    """The `rfft2` of the smooth component: what makes opposite edges differ, spread by Poisson's
    equation."""
    height, width = picture.shape[1:]
    jumps = torch.zeros_like(picture)
    rows, columns = picture[:, -1, :] - picture[:, 0, :], picture[:, :, -1] - picture[:, :, 0]
    jumps[:, 0, :] += rows
    jumps[:, -1, :] -= rows
    jumps[:, :, 0] += columns
    jumps[:, :, -1] -= columns
    turn = 2 * torch.pi
    down = (turn * torch.fft.fftfreq(height, device=picture.device)).cos()[:, None]
    across = (turn * torch.fft.rfftfreq(width, device=picture.device)).cos()[None, :]
    laplacian = 2 * down + 2 * across - 4
    laplacian[0, 0] = 1  # the jumps have mean 0, so this divides nothing
    smooth: Tensor = torch.fft.rfft2(jumps) / laplacian
    smooth[:, 0, 0] = 0
    return smooth


def random_phases(spectrum: Tensor, width: int, rng: torch.Generator) -> Tensor:
    """(3, H, W), not bounded: every frequency's phase is turned at random, alike in all channels.

    Amplitudes stay, and so do the phases of the channels relative to each other, hence how the
    colours go together (D. Prichard, J. Theiler: Generating Surrogate Data for Time Series with
    Several Simultaneously Measured Variables. Phys. Rev. Lett. 73, 1994).
    """
    height = spectrum.shape[1]
    noise = torch.randn((height, width), generator=rng, device=rng.device)
    turns = _unit(torch.fft.rfft2(noise))  # of a real noise, so the result is real as well
    turns[0, 0] = 1
    turned: Tensor = torch.fft.irfft2(spectrum * turns, s=(height, width))
    return turned


def shuffled(picture: Tensor, rng: torch.Generator) -> Tensor:
    """The pixels of (3, H, W) in an order drawn at random: each colour as often as it was."""
    order = torch.randperm(picture[0].numel(), generator=rng, device=rng.device)
    return picture.flatten(1)[:, order].view(picture.shape)


def amplitude_adjusted(
    picture: Tensor, spectrum: Tensor, rng: torch.Generator, rounds: int
) -> Iterator[Tensor]:
    """Yield (3, H, W) `rounds` times: surrogates with exactly the picture's levels in each channel,
    whose spectrum comes nearer to `spectrum` from one to the next.

    T. Schreiber, A. Schmitz: Improved Surrogate Data for Nonlinearity Tests. Phys. Rev. Lett. 77,
    1996; for channels that belong together after their Surrogate Time Series. Physica D 142, 2000:
    all channels' phases turn by the one angle that changes least.
    """
    height, width = picture.shape[1:]
    levels = picture.flatten(1).sort(dim=1).values
    candidate = random_phases(spectrum, width, rng)
    for _ in range(rounds):
        ranks = candidate.flatten(1).argsort(dim=1, stable=True)
        exact = torch.empty_like(levels).scatter_(1, ranks, levels).view(picture.shape)
        yield exact
        together = (spectrum.conj() * torch.fft.rfft2(exact)).sum(0)
        turned = spectrum * _unit(together)
        turned[:, 0, 0] = spectrum[:, 0, 0]
        candidate = torch.fft.irfft2(turned, s=(height, width))


def spectrum_error(picture: Tensor, spectrum: Tensor) -> float:
    """How far the amplitudes of (3, H, W) are from those of `spectrum`: the root of the squared
    differences over the squared amplitudes, summed over all frequencies but 0."""
    wanted, had = spectrum.abs().double(), torch.fft.rfft2(picture).abs().double()
    away, all_of_it = (had - wanted).square(), wanted.square()
    away[:, 0, 0] = all_of_it[:, 0, 0] = 0
    return float((away.sum() / all_of_it.sum()).sqrt())


def _unit(numbers: Tensor) -> Tensor:
    """Complex numbers of length 1 in the same directions; 1 for those that have none."""
    lengths = numbers.abs()
    return torch.where(lengths > TINY, numbers / lengths.clamp_min(TINY), 1)

"""A picture held as its colour-decorrelated spectrum, which is what gradient ascent then moves.

Ascent on pixels prefers the finest grain. Ascent on Fourier coefficients scaled by 1/f, in
decorrelated colours, prefers what natural pictures are made of (Olah, Mordvintsev, Schubert 2017,
"Feature visualization", Distill). Holding the energy at each frequency to that of a natural picture
(Fel et al. 2023, "Unlocking feature visualization for deeper networks with magnitude constrained
optimization", NeurIPS) keeps large forms, fine detail and restrained colour, however long the
ascent. Here it is held per half-octave band, not per coefficient: directions may change, the
balance not.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from generators.spectrum import frequencies, in_colour, uncoloured

GAIN = 4.0  # slope 1 at mid grey: what is within the colours' spread passes nearly unchanged
EDGE = 0.02  # content nearer to black or white than this is moved there, so that it can change


class Canvas:
    """Fourier coefficients (3, H, W//2+1, 2) to be optimised, and the way from them to a picture.

    It starts as `fields` (3, H, W), three uncorrelated colour planes before squashing. The energy
    of each band of each plane is held to that of `reference`, planes of any size.
    """

    def __init__(self, fields: Tensor, reference: Tensor) -> None:
        self.shape = fields.shape[1], fields.shape[2]
        self.reference = reference
        radius = frequencies(*self.shape, fields.device)
        self.bands = _bands(radius)
        held = torch.fft.rfft2(resize(reference, *self.shape))
        self.amplitude = self._energy(torch.view_as_real(held)).sqrt()
        self.scale = 1 / radius
        # White coefficients of size 1 then make planes of deviation 1, whatever their size in
        # pixels, so that one strength suits all.
        self.scale *= fields[0].numel() ** 0.5 / self.scale.square().mean().sqrt()
        coefficients = torch.fft.rfft2(fields) / self.scale
        self.coefficients = torch.view_as_real(coefficients).clone().requires_grad_()

    def fields(self) -> Tensor:
        """(3, H, W): the colour planes, differentiable."""
        spectrum = self.coefficients * self.scale[..., None]
        gains = self.amplitude * self._energy(spectrum).clamp_min(1e-12).rsqrt()
        spectrum = spectrum * (gains @ self.bands.T).view(3, *self.scale.shape, 1)
        planes: Tensor = torch.fft.irfft2(torch.view_as_complex(spectrum), s=self.shape)
        return planes

    def picture(self) -> Tensor:
        """(3, H, W) in 0..1, differentiable."""
        return squashed(self.fields())

    @torch.no_grad()
    def resized(self, height: int, width: int) -> Canvas:
        """The same picture on a canvas of another size."""
        with torch.enable_grad():  # for the new coefficients; the old ones are left behind
            return Canvas(resize(self.fields().detach(), height, width), self.reference)

    def _energy(self, spectrum: Tensor) -> Tensor:
        """(3, H, W//2+1, 2) to the sum of squares in each band, (3, B)."""
        return spectrum.square().sum(-1).flatten(1) @ self.bands


def _bands(radius: Tensor) -> Tensor:
    """(F, B) of 0 and 1: the half-octave that each coefficient falls in; the constant has its own.

    A matrix, because its products are the same from run to run where scattered sums are not.
    """
    band = -(2 * torch.log2(2 * radius).clamp_max(0)).round().long()
    band[0, 0] = band.max() + 1
    return F.one_hot(band.flatten()).to(radius.dtype)


def squashed(fields: Tensor) -> Tensor:
    """Colour planes (3, H, W) to a picture in 0..1."""
    return torch.sigmoid(GAIN * (in_colour(fields) - 0.5))


def unsquashed(picture: Tensor) -> Tensor:
    """The colour planes (3, H, W) of a picture in 0..1: the inverse of `squashed`, but for EDGE."""
    return uncoloured(torch.logit(picture.clamp(EDGE, 1 - EDGE)) / GAIN + 0.5)


def resize(planes: Tensor, height: int, width: int) -> Tensor:
    """(C, h, w) to (C, H, W), smoothed where it shrinks."""
    size = (height, width)
    return F.interpolate(planes[None], size=size, mode="bicubic", antialias=True)[0]

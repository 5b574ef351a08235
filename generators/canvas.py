"""What gradient ascent moves: a picture's spectrum, or its pixels.

Ascent on pixels prefers the finest grain. Ascent on Fourier coefficients scaled by what paintings
have at each frequency, in decorrelated colours, prefers what paintings are made of (Olah,
Mordvintsev, Schubert 2017, "Feature visualization", Distill). If the amplitudes are held and only
directions change, large forms, fine detail and restrained colour stay however long the ascent (Fel
et al. 2023, "Unlocking feature visualization for deeper networks with magnitude constrained
optimization", NeurIPS). Three canvases: "phase" holds the amplitude of every coefficient,
"spectrum" caps the energy of each half octave, "pixels" holds nothing, as in 2015.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Protocol

import torch
from torch import Tensor
from torch.nn import functional as F

from generators.spectrum import in_colour, painted_amplitude, ring_of, uncoloured

GAIN = 4.0  # slope 1 at mid grey: what is within the colours' spread passes nearly unchanged
EDGE = 0.02  # content nearer to black or white than this is moved there, so that it can change
RATE = {"phase": 0.12, "spectrum": 0.06}  # of Adam at strength 1, in deviations of a coefficient
STEP_2015 = 1.5 / 255  # of the mean gradient, at strength 1

Kind = Literal["phase", "spectrum", "pixels"]
Look = Callable[[Tensor], tuple[float, Tensor]]  # a picture to a value and its gradient


class Canvas(Protocol):
    """Three planes (3, H, W) to be climbed on."""

    def picture(self) -> Tensor:
        """(3, H, W) in 0..1."""

    def climb(self, look: Look) -> float:
        """One step up what `look` sees in the picture; returns that value before the step."""

    def resized(self, height: int, width: int) -> Canvas:
        """The same picture on a canvas of another size."""


class Fourier:
    """A canvas of Fourier coefficients, whitened: 1 is what a painting has at a frequency.

    `reference` (3, H, W) are planes whose amplitudes are held; without, those of paintings are.
    """

    def __init__(self, fields: Tensor, reference: Tensor | None, kind: Kind, rate: float) -> None:
        self.shape = fields.shape[1], fields.shape[2]
        self.reference, self.kind, self.rate = reference, kind, rate
        natural = painted_amplitude(*self.shape, fields.device)
        held = natural
        if reference is not None:
            held = torch.fft.rfft2(resize(reference, *self.shape)).abs()
        self.held = held
        self.scale = natural.clamp_min(float(natural.max()) * 1e-6)
        if kind == "spectrum":
            self.bands = _bands(ring_of(*self.shape, fields.device))
            self.energy = self._energy(held.square())
        coefficients = torch.fft.rfft2(fields) / self.scale
        self.coefficients = torch.view_as_real(coefficients).clone().requires_grad_()
        self.optimizer = torch.optim.Adam([self.coefficients], lr=rate, betas=(0.9, 0.99))

    def fields(self) -> Tensor:
        """(3, H, W): the colour planes, differentiable."""
        if self.kind == "phase":
            length = _power(self.coefficients)[..., None].clamp_min(1e-12)
            spectrum = self.coefficients * (self.held[..., None] * length.rsqrt())
        else:
            spectrum = self.coefficients * self.scale[..., None]
            found = self._energy(_power(spectrum)).clamp_min(1e-12)
            gains = (self.energy.sqrt() * found.rsqrt()).clamp(max=1) @ self.bands.T
            spectrum = spectrum * gains.view(3, *self.scale.shape[1:], 1)
        planes: Tensor = torch.fft.irfft2(torch.view_as_complex(spectrum), s=self.shape)
        return planes

    def picture(self) -> Tensor:
        return squashed(self.fields())

    def climb(self, look: Look) -> float:
        self.optimizer.zero_grad()
        with torch.enable_grad():
            picture = self.picture()
            value, gradient = look(picture.detach())
            picture.backward(-gradient)  # type: ignore[no-untyped-call]  # torch leaves it untyped
        self.optimizer.step()
        return value

    @torch.no_grad()
    def resized(self, height: int, width: int) -> Canvas:
        fields = resize(self.fields(), height, width)
        with torch.enable_grad():  # for the new coefficients; the old ones are left behind
            return Fourier(fields.detach(), self.reference, self.kind, self.rate)

    def _energy(self, energy: Tensor) -> Tensor:
        """(3, H, W//2+1) to the sum in each band, (3, B)."""
        return energy.flatten(1) @ self.bands


class Pixels:
    """The 2015 canvas: pixels, moved by the gradient divided by its mean size, and clipped."""

    def __init__(self, pixels: Tensor, base: Tensor, rate: float) -> None:
        self.shape = pixels.shape[1], pixels.shape[2]
        self.pixels, self.base, self.rate = pixels.clamp(0, 1).requires_grad_(), base, rate

    def picture(self) -> Tensor:
        return self.pixels

    def climb(self, look: Look) -> float:
        value, gradient = look(self.pixels.detach())
        with torch.no_grad():
            step = STEP_2015 * self.rate / gradient.abs().mean().clamp_min(1e-20)
            self.pixels += step * gradient
            self.pixels.clamp_(0, 1)
        return value

    @torch.no_grad()
    def resized(self, height: int, width: int) -> Canvas:
        """What was added grows with the picture; the picture's own detail comes anew."""
        detail = self.pixels - resize(self.base, *self.shape)
        grown = resize(self.base, height, width) + resize(detail, height, width)
        with torch.enable_grad():
            return Pixels(grown.detach(), self.base, self.rate)


def open_canvas(
    kind: Kind, fields: Tensor, shape: tuple[int, int], *, holds: bool, strength: float
) -> Canvas:
    """A canvas of `shape` that shows `fields` (3, H, W).

    With `holds` its amplitudes are those of `fields`, else those of paintings.
    """
    if kind == "pixels":
        base = squashed(fields)
        return Pixels(resize(base, *shape), base, strength)
    reference = fields if holds else None
    return Fourier(resize(fields, *shape), reference, kind, RATE[kind] * strength)


def _bands(ring: Tensor) -> Tensor:
    """(F, B) of 0 and 1: the half octave that each coefficient falls in; the constant has its own.

    A matrix, because its products are the same from run to run where scattered sums are not.
    """
    band = ring.round().long().clamp_min(0) + 1
    band[0, 0] = 0
    return F.one_hot(band.flatten()).to(ring.dtype)


def _power(pairs: Tensor) -> Tensor:
    """(..., 2) to (...): sums along two numbers take a CPU ten times as long."""
    return pairs[..., 0].square() + pairs[..., 1].square()


def squashed(fields: Tensor) -> Tensor:
    """Colour planes (3, H, W) to a picture in 0..1."""
    return torch.sigmoid(GAIN * (in_colour(fields) - 0.5))


def unsquashed(picture: Tensor) -> Tensor:
    """The colour planes (3, H, W) of a picture in 0..1: the inverse of `squashed`, but for EDGE."""
    return uncoloured(torch.logit(picture.clamp(EDGE, 1 - EDGE)) / GAIN + 0.5)


def resize(planes: Tensor, height: int, width: int) -> Tensor:
    """(C, h, w) to (C, H, W), smoothed where it shrinks."""
    size = (height, width)
    if planes.shape[1:] == size:
        return planes
    return F.interpolate(planes[None], size=size, mode="bicubic", antialias=True)[0]

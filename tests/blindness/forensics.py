"""What pixels tell of the files that they came from, whatever they show.

Three families: the 8 px grid that block coders leave; the comb that coding twice leaves in the
histograms of cosine coefficients; the spectrum of the noise that is left when the picture is taken
away. The first two are traces of encoding. The third is also a matter of what was painted, and how
finely, so it is reported by itself.
"""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.fft import dctn
from scipy.ndimage import median_filter

from tests.blindness.features import Row

FRAME = 85  # the grey around every picture
Floats = NDArray[np.float64]


def pixels_of(data: bytes) -> Floats:
    """Luminance without the grey frame, from the bytes that a rater's browser gets."""
    grey = np.asarray(Image.open(io.BytesIO(data)).convert("L"), dtype=float)
    inked = np.abs(grey - FRAME) >= 3
    inside = grey[inked.any(1)][:, inked.any(0)]
    return inside if min(inside.shape) >= 64 else grey


def grid(grey: Floats) -> Row:
    """How much rougher each of eight columns and rows is than their mean: blockiness by offset."""
    row: Row = {}
    for axis in (0, 1):
        rough = np.abs(np.diff(grey, 2, axis=axis)).mean(1 - axis)
        mean = rough.mean() + 1e-6
        for period in (8, 12.8, 10, 6.4):  # as coded; after the enlargements of the blind rendition
            wave = np.exp(2j * np.pi * np.arange(len(rough)) / period)
            row[f"grid {axis} {period}"] = float(np.log(abs((rough * wave).mean()) / mean + 1e-4))
        for offset in range(8):
            row[f"offset {axis} {offset}"] = float(rough[offset::8].mean() / mean)
    return row


def twice(grey: Floats) -> Row:
    """How regular the histograms of low cosine coefficients are: quantising twice leaves gaps."""
    height, width = (length // 8 * 8 for length in grey.shape)
    blocks = grey[:height, :width].reshape(height // 8, 8, width // 8, 8).swapaxes(1, 2)
    found = dctn(blocks - 128, axes=(2, 3), norm="ortho")
    row: Row = {}
    for u, v in ((0, 1), (1, 0), (1, 1), (0, 2), (2, 0)):
        counts, _ = np.histogram(found[:, :, u, v], bins=np.arange(-60.5, 61.5))
        comb = np.abs(np.fft.rfft(counts / max(1, counts.sum())))
        row[f"comb {u}{v}"] = float(comb[8:].max())
    return row


def residual(grey: Floats) -> Row:
    """Power of the noise residual by band, and how flat it is."""
    noise = grey - median_filter(grey, 3)
    power = np.abs(np.fft.fft2(noise)) ** 2
    rows, columns = (np.fft.fftfreq(length) for length in noise.shape)
    radius = np.hypot(rows[:, None], columns[None])
    row: Row = {"noise": float(np.log(noise.std() + 1e-3))}
    for low in np.arange(0.05, 0.5, 0.05):
        band = power[(radius >= low) & (radius < low + 0.05)].mean()
        row[f"band {low:.2f}"] = float(np.log(band / (power.mean() + 1e-9) + 1e-9))
    return row


def encoding(data: bytes) -> Row:
    """Traces of encoding: the first two families."""
    grey = pixels_of(data)
    return grid(grey) | twice(grey)


def everything(data: bytes) -> Row:
    """All three families."""
    grey = pixels_of(data)
    return grid(grey) | twice(grey) | residual(grey)

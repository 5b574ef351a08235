"""Measure what a folder of pictures has in common: colours, and energy at each frequency.

`python -m generators.statistics FOLDER -o FILE.json`. Generators start from such statistics instead
of guessing them (`spectrum.py`); those that ship were measured on public-domain paintings.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from generators.pictures import read_picture
from generators.refused import Refused
from generators.spectrum import RINGS, Statistics, ring_of

SIDE = 384  # pixels of the long side at which pictures are measured; smaller ones lack detail
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")


def measure(pictures: Iterable[Tensor]) -> Statistics:
    """Statistics of pictures (3, H, W) in 0..1, each counting alike.

    The energy of each ring of frequencies is a mean over its coefficients, in colours decorrelated
    by the collection's own covariance, of pictures faded out towards their edges (an edge is not
    part of the picture, but would count as energy). Raises Refused for no picture at all.
    """
    kept = [picture.double() for picture in pictures]
    if not kept:
        raise Refused("There is no picture to measure: name a folder with JPEG, PNG or WebP files.")
    means = torch.stack([picture.mean((1, 2)) for picture in kept])
    mean = means.mean(0)
    covariance = torch.stack([_second_moment(picture - mean[:, None, None]) for picture in kept])
    values, vectors = torch.linalg.eigh(covariance.mean(0))
    colour = vectors @ values.clamp_min(1e-8).sqrt().diag() @ vectors.T
    unmix = torch.linalg.inv(colour)
    energies = torch.stack([_energies(unmix, picture - mean[:, None, None]) for picture in kept])
    amplitude = energies.nanmean(0).sqrt()
    return Statistics(
        pictures=len(kept),
        mean=_rounded(mean),
        colour=tuple(_rounded(row) for row in colour),
        amplitude=tuple(_rounded(row) for row in amplitude / amplitude[:, :1]),
    )


def _rounded(row: Tensor) -> tuple[float, ...]:
    """Four digits: more than any collection determines."""
    return tuple(float(f"{number:.4g}") for number in row.tolist())


def _second_moment(centred: Tensor) -> Tensor:
    flat = centred.flatten(1)
    return flat @ flat.T / flat.shape[1]


def _energies(unmix: Tensor, centred: Tensor) -> Tensor:
    """(3, RINGS): mean energy of each plane's coefficients in a ring; NaN where there is none."""
    height, width = centred.shape[1:]
    window = torch.hann_window(height, dtype=centred.dtype)[:, None] * torch.hann_window(
        width, dtype=centred.dtype
    )
    planes = torch.einsum("ij,jhw->ihw", unmix, centred)
    energy = torch.fft.rfft2(planes * window).abs().square().flatten(1)
    ring = ring_of(height, width).flatten().round().long().clamp(0, RINGS)  # the last is dropped
    sums = torch.zeros(3, RINGS + 1, dtype=energy.dtype).index_add_(1, ring, energy)
    counts = torch.bincount(ring, minlength=RINGS + 1).to(energy.dtype)
    return (sums / counts.where(counts > 0, torch.nan))[:, :RINGS] / (height * width)


def main(arguments: list[str] | None = None) -> int:
    """Measure and write; a picture that cannot be read is named and left out."""
    parser = argparse.ArgumentParser(prog="python -m generators.statistics", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True, help="a .json file")
    asked = parser.parse_args(arguments)
    try:
        statistics = measure(_read(asked.folder))
    except Refused as refused:
        sys.stderr.write(f"{refused}\n")
        return 2
    asked.output.write_text(json.dumps(asdict(statistics), indent=1) + "\n", encoding="utf-8")
    return 0


def size_of(path: Path) -> int:
    """The long side of a picture file in pixels."""
    with Image.open(path) as opened:
        return max(opened.size)


def _read(folder: Path) -> Iterable[Tensor]:
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in SUFFIXES:
            try:
                picture = read_picture(path, SIDE)
                if size_of(path) >= SIDE:
                    yield picture
            except Refused as refused:
                sys.stderr.write(f"{refused}\n")


if __name__ == "__main__":
    sys.exit(main())

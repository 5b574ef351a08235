"""What a dream wants from a layer's units (N, C, h, w): a number to raise.

An objective sees one window of the picture at a time (`tiles.py`) and is told which, so that what
it wants at a place does not depend on how the picture is cut up.
"""

from __future__ import annotations

import math
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional as F

from generators.spectrum import unit_fields
from generators.tiles import WHOLE, Window

MAP_SIDE = 64  # cells to a side of the map of regions
MAP_SLOPE = 2.0  # steeper than nature's 1: few, large regions
SHARPNESS = 4.0  # how abruptly one region gives way to the next
ENOUGH = 6.0  # deviations from which a unit's answer counts less and less
SHRINKAGE = 0.1  # of the covariance towards a multiple of one, before it is inverted


class Objective(Protocol):
    """`facts` say, for the work's record, what was wanted and how many bits chance decided."""

    facts: dict[str, str]

    def __call__(self, units: Tensor, window: Window = WHOLE) -> Tensor: ...


def bounded(answers: Tensor) -> Tensor:
    """Answers grow as they are up to about ENOUGH and ever slower beyond, so that no single place
    runs away with the picture; unwanted ones keep their pull."""
    return torch.where(answers > 0, ENOUGH * torch.tanh(answers / ENOUGH), 0.5 * answers)


class WholeLayer:
    """All units at once, as in 2015: what is already there grows. Draws nothing by chance."""

    def __init__(self) -> None:
        self.facts = {"units": "whole layer", "bits_of_chance": "0"}

    def __call__(self, units: Tensor, window: Window = WHOLE) -> Tensor:
        energy = units.square().mean(dim=1)
        return (energy / (1 + energy / 4)).mean()


class UnitSet:
    """A few units chosen by `rng`, each in a region of its own where it is wanted.

    The regions are drawn too: smooth and large, so that a picture made from noise has parts.
    """

    def __init__(self, count: int, available: int, rng: torch.Generator) -> None:
        count = min(count, available)
        self.units = torch.randperm(available, generator=rng)[:count]
        fields = unit_fields(count, MAP_SIDE, MAP_SIDE, MAP_SLOPE, rng)
        self.regions = torch.softmax(SHARPNESS * fields, dim=0) * count
        bits = math.log2(math.comb(available, count))
        self.facts = {
            "units": " ".join(str(unit) for unit in self.units.tolist()),
            "bits_of_chance": f"{bits:.1f}",
        }

    def __call__(self, units: Tensor, window: Window = WHOLE) -> Tensor:
        regions = cut_out(self.regions.to(units.device), window, units.shape[2:])
        chosen = units[:, self.units.to(units.device)]
        return (bounded(chosen) * regions).mean()


class Direction:
    """One random direction in the layer's space, whitened: no unit counts for being loud, and no
    two for saying the same. `seen` (N, C, h, w) is what the covariance is measured on."""

    def __init__(self, seen: Tensor, rng: torch.Generator) -> None:
        flat = seen.permute(1, 0, 2, 3).flatten(1)
        flat = flat - flat.mean(1, keepdim=True)
        covariance = flat @ flat.T / flat.shape[1]
        spread = covariance.diagonal().mean()
        identity = torch.eye(len(covariance), device=seen.device)
        covariance = (1 - SHRINKAGE) * covariance + SHRINKAGE * spread * identity
        direction = torch.randn(len(covariance), generator=rng).to(seen.device)
        self.direction = torch.linalg.solve(covariance, direction)
        self.direction /= (self.direction @ covariance @ self.direction).sqrt()
        self.facts = {"units": "random whitened direction", "bits_of_chance": "not counted"}

    def __call__(self, units: Tensor, window: Window = WHOLE) -> Tensor:
        return bounded(torch.einsum("nchw,c->nhw", units, self.direction)).mean()


class Guide:
    """Each place wants to answer as that place of a guide picture which it resembles most.

    As in the guided dreams of the 2015 notebook: the match is the largest dot product. `guide`
    (1, C, h, w) are the guide's units.
    """

    def __init__(self, guide: Tensor, rng: torch.Generator) -> None:
        places = guide[0].flatten(1)  # (C, places)
        chosen = torch.randperm(places.shape[1], generator=rng)[:1024].to(guide.device)
        self.guide = F.normalize(places[:, chosen], dim=0)
        self.facts = {"units": "guide", "bits_of_chance": "0"}

    def __call__(self, units: Tensor, window: Window = WHOLE) -> Tensor:
        places = units[0].flatten(1)
        with torch.no_grad():
            best = (self.guide.T @ places).argmax(0)
        length = places.norm(dim=0).clamp_min(1e-6)
        likeness = (self.guide[:, best] * places).sum(0)
        # How alike, and how strongly: the first alone would be content with faint pictures.
        strength: Tensor = likeness / length + 0.2 * likeness / len(places) ** 0.5
        return strength.mean()


def cut_out(maps: Tensor, window: Window, shape: torch.Size | tuple[int, int]) -> Tensor:
    """(K, h, w) to (1, K, *shape): what lies in the window, smoothly enlarged."""
    top, left, height, width = window
    matrix = maps.new_tensor([[width, 0, 2 * left + width - 1], [0, height, 2 * top + height - 1]])
    grid = F.affine_grid(matrix[None], [1, len(maps), *shape], align_corners=False)
    return F.grid_sample(maps[None], grid, padding_mode="border", align_corners=False)

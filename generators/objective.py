"""What a dream wants from a layer's units (N, C, h, w): a number to raise."""

import torch
from torch import Tensor
from torch.nn import functional as F

from generators.spectrum import unit_fields

MAP_SIDE = 64  # cells to a side of the map of regions
MAP_SLOPE = 2.0  # steeper than nature's 1: few, large regions
SHARPNESS = 4.0  # how abruptly one region gives way to the next


class WholeLayer:
    """All units at once, as in 2015: what is already there grows. Draws nothing by chance.

    Each place's energy counts as energy / (1 + energy), so that no single place runs away with the
    picture.
    """

    def __call__(self, units: Tensor) -> Tensor:
        energy = units.square().mean(dim=1)
        return (energy / (1 + energy)).mean()

    def __str__(self) -> str:
        return "whole layer"


class ChosenUnits:
    """A few units chosen by `rng`, each wanted or unwanted by chance, each in a region of its own.

    The regions are drawn too: smooth and large, so that a picture made from noise has parts.
    """

    def __init__(self, count: int, available: int, rng: torch.Generator) -> None:
        self.units = torch.randperm(available, generator=rng)[:count]
        self.signs = torch.randint(2, (len(self.units), 1, 1), generator=rng) * 2 - 1
        fields = unit_fields(len(self.units), MAP_SIDE, MAP_SIDE, MAP_SLOPE, rng)
        self.regions = torch.softmax(SHARPNESS * fields, dim=0) * len(self.units)

    def __call__(self, units: Tensor) -> Tensor:
        regions = (self.regions * self.signs)[None].to(units.device)
        weights = F.interpolate(regions, size=units.shape[2:], mode="bilinear")
        return (units[:, self.units.to(units.device)] * weights).mean()

    def __str__(self) -> str:
        pairs = zip(self.signs.flatten().tolist(), self.units.tolist(), strict=True)
        return " ".join(f"{sign * (unit + 1):+d}" for sign, unit in pairs)

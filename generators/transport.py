"""Styles as distributions of a network's units, and how far a picture is from them.

The distance is sliced: units are projected on random directions, and along each the sorted values
are compared, which sees everything about a distribution and not only its covariance (Heitz et al.
2021, "A sliced Wasserstein loss for neural texture synthesis", CVPR). Several styles mix as their
barycentre: along a direction, the weighted mean of their sorted values (Bonneel et al. 2015,
"Sliced and Radon Wasserstein barycenters of measures").
"""

from __future__ import annotations

import hashlib
import math
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor

ALL = 2**31  # places: more than any picture has
SAMPLES = 2048  # places of a layer that are compared, at most
DIRECTIONS = 24  # at a layer and step
FEWEST = 16  # places within an area from which a distribution can be told
KEPT = 24  # styles whose units are remembered
GRAM_SHARE = 10.0  # weight of Gram matrices beside the content
DRIFT = 0.5  # weight of the difference of means and deviations beside the sliced distance


Style = dict[str, Tensor]  # units (C, n) of each layer, at places of one style


class Remembered:
    """Styles by the hash of their picture and network, so that the works of a run share them."""

    def __init__(self, most: int = KEPT) -> None:
        self.most = most
        self.styles: OrderedDict[str, Style] = OrderedDict()

    def get(self, key: str, look: Callable[[], Style]) -> Style:
        """The style remembered under `key`, or what `look` finds, remembered from now on."""
        if key not in self.styles:
            self.styles[key] = look()
            while len(self.styles) > self.most:
                self.styles.popitem(last=False)
        self.styles.move_to_end(key)
        return self.styles[key]


def key_of(picture: Tensor, facts: Mapping[str, str], extra: str) -> str:
    """What a remembered style depends on: every pixel, the network and its changes."""
    told = hashlib.sha256(picture.detach().cpu().contiguous().numpy().tobytes())
    told.update(repr((tuple(picture.shape), sorted(facts.items()), extra)).encode())
    return told.hexdigest()


def places(
    found: Tensor,
    rng: torch.Generator,
    allowed: Tensor | None = None,
    *,
    most: int = SAMPLES,
) -> Tensor:
    """(1, C, h, w) to (C, n): about `most` places, of those where `allowed` (h, w) is true.

    A lattice with a random corner: drawn places would be scattered by index on the way back, which
    takes a hundred times as long.
    """
    height, width = found.shape[2:]
    pace = max(1, math.ceil(math.sqrt(height * width / most)))
    top, left = torch.randint(pace, (2,), generator=rng).tolist()
    flat = found[0, :, top::pace, left::pace].flatten(1)
    if allowed is not None:
        inside = allowed[top::pace, left::pace].flatten().nonzero()[:, 0]
        if len(inside) >= FEWEST:
            flat = flat.index_select(1, inside)
    return flat


def sliced_distance(
    units: Tensor, styles: Sequence[Tensor], weights: Sequence[float], rng: torch.Generator
) -> Tensor:
    """How far units (C, n) are from the barycentre of styles (C, n_i); weights sum to 1."""
    directions = torch.randn((min(DIRECTIONS, len(units)), len(units)), generator=rng)
    directions = (directions / directions.norm(dim=1, keepdim=True)).to(units.device)
    count = units.shape[1]
    with torch.no_grad():
        wanted = sum(
            weight * quantiles((directions @ style).sort(dim=1).values, count)
            for style, weight in zip(styles, weights, strict=True)
        )
        mean = sum(w * style.mean(1) for style, w in zip(styles, weights, strict=True))
        deviation = sum(w * style.std(1) for style, w in zip(styles, weights, strict=True))
    moved = (directions @ units).sort(dim=1).values
    sliced = (moved - wanted).square().mean()
    drift = (units.mean(1) - mean).square().mean() + (units.std(1) - deviation).square().mean()
    distance: Tensor = sliced + DRIFT * drift
    return distance


def quantiles(values: Tensor, count: int) -> Tensor:
    """Sorted (K, n) resampled to (K, count) equally spaced quantiles."""
    if values.shape[1] == count:
        return values
    at = (torch.arange(count, device=values.device) + 0.5) / count * values.shape[1] - 0.5
    below = at.floor().clamp(0, values.shape[1] - 1).long()
    above = (below + 1).clamp(max=values.shape[1] - 1)
    return torch.lerp(values[:, below], values[:, above], (at - below).clamp(0, 1))


def gram_distance(
    units: Tensor, styles: Sequence[Tensor], weights: Sequence[float], rng: torch.Generator
) -> Tensor:
    """Gatys' distance: squared difference of Gram matrices, here per place so that sizes may
    differ, and as a share of the style's own, so that no layer drowns the others. `rng` is not
    used."""
    grams = [style @ style.T / style.shape[1] for style in styles]
    wanted = torch.stack([w * gram for gram, w in zip(grams, weights, strict=True)]).sum(0)
    apart = (units @ units.T / units.shape[1] - wanted).square().mean()
    return GRAM_SHARE * apart / wanted.square().mean().clamp_min(1e-12)


def recoloured(picture: Tensor, like: Tensor) -> Tensor:
    """`picture` (3, H, W) with the mean and covariance of the colours of `like` (3, h, w)."""
    here, there = picture.flatten(1).double(), like.flatten(1).double()
    centre, goal = here.mean(1, keepdim=True), there.mean(1, keepdim=True)
    whiten = _root(_covariance(here - centre), -0.5)
    colour = _root(_covariance(there - goal), 0.5)
    moved = colour @ (whiten @ (here - centre)) + goal
    return moved.view(picture.shape).to(picture.dtype).clamp(0, 1)


def _covariance(flat: Tensor) -> Tensor:
    return flat @ flat.T / flat.shape[1] + 1e-5 * torch.eye(3, dtype=flat.dtype, device=flat.device)


def _root(matrix: Tensor, power: float) -> Tensor:
    values, vectors = torch.linalg.eigh(matrix)
    root: Tensor = vectors @ values.pow(power).diag() @ vectors.T
    return root

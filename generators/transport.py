"""Styles as distributions of a network's units, and how far a picture is from them.

Two distances are added, each as a share of the style's own spread, so that no layer drowns the
others. The sliced one projects units on random directions and compares the sorted values along
each, which sees everything about a distribution, though a few directions at a time (Heitz et al.
2021, "A sliced Wasserstein loss for neural texture synthesis", CVPR). Gram matrices see only means
and covariances, but in all directions at once (Gatys et al. 2015). Several styles mix as their
barycentre: along a direction, the weighted mean of their sorted values (Bonneel et al. 2015,
"Sliced and Radon Wasserstein barycenters of measures").
"""

from __future__ import annotations

import hashlib
import math
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

PLACES = 16_384  # of a layer that Gram matrices are taken over, at most
SAMPLES = 2048  # places of these that are sorted, at most
DIRECTIONS = 24  # at a layer and step
FEWEST = 16  # places within an area from which a distribution can be told
KEPT = 24  # styles that are remembered
GRAM_SHARE = 10.0  # weight of Gram matrices beside the content
BOTH_SHARE = 1.0  # weight of Gram matrices beside the sliced distance


@dataclass(frozen=True)
class LayerStyle:
    """What is kept of one layer's units (C, n) on a style."""

    samples: Tensor  # (C, m), m <= SAMPLES
    gram: Tensor  # (C, C): the mean product of two units
    spread: Tensor  # the mean variance of a unit

    @classmethod
    def of(cls, units: Tensor) -> LayerStyle:
        return cls(sampled(units).clone(), gram(units), units.var(1).mean())


Style = dict[str, LayerStyle]


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


def thinned(found: Tensor, rng: torch.Generator) -> Tensor:
    """(1, C, h, w) to about PLACES of its places, still in rows and columns.

    A lattice with a random corner: drawn places would be scattered by index on the way back, which
    takes a hundred times as long.
    """
    height, width = found.shape[2:]
    pace = max(1, math.ceil(math.sqrt(height * width / PLACES)))
    top, left = torch.randint(pace, (2,), generator=rng).tolist()
    return found[:, :, top::pace, left::pace]


def places(found: Tensor, allowed: Tensor | None = None) -> Tensor:
    """(1, C, h, w) to (C, n): all places, or those where `allowed` (h, w) is true."""
    flat = found[0].flatten(1)
    if allowed is not None:
        inside = allowed.flatten().nonzero()[:, 0]
        if len(inside) >= FEWEST:
            flat = flat.index_select(1, inside)
    return flat


def sampled(units: Tensor, rng: torch.Generator | None = None) -> Tensor:
    """Every so many of (C, n), at most SAMPLES, from a place drawn by `rng` or the first."""
    pace = math.ceil(units.shape[1] / SAMPLES)
    start = int(torch.randint(pace, (1,), generator=rng)) if rng else 0
    return units[:, start::pace]


def gram(units: Tensor) -> Tensor:
    """(C, n) to (C, C): the mean product of two units, so that sizes may differ."""
    return units @ units.T / units.shape[1]


def transport_distance(
    units: Tensor, styles: Sequence[LayerStyle], weights: Sequence[float], rng: torch.Generator
) -> Tensor:
    """How far units (C, n) are from the barycentre of styles; weights sum to 1."""
    sliced = sliced_distance(sampled(units, rng), [style.samples for style in styles], weights, rng)
    spread = mixed([style.spread for style in styles], weights).clamp_min(1e-12)
    return sliced / spread + BOTH_SHARE * gram_distance(units, styles, weights)


def sliced_distance(
    units: Tensor, styles: Sequence[Tensor], weights: Sequence[float], rng: torch.Generator
) -> Tensor:
    """The mean squared transport of units (C, n) to the barycentre of styles (C, n_i), along
    DIRECTIONS drawn by `rng`."""
    directions = torch.randn((min(DIRECTIONS, len(units)), len(units)), generator=rng)
    directions = (directions / directions.norm(dim=1, keepdim=True)).to(units.device)
    projected = directions @ units
    with torch.no_grad():
        along = [directions @ style for style in styles]
        ranked = [quantiles(a.gather(1, ranks(a)), units.shape[1]) for a in along]
        # To each value what has its rank: sorting it would have to be undone on the way back.
        goal = torch.empty_like(projected)
        goal.scatter_(1, ranks(projected), mixed(ranked, weights))
    transport: Tensor = (projected - goal).square().mean()
    return transport


def ranks(values: Tensor) -> Tensor:
    """The order (K, n) that sorts each row: NumPy's on a CPU, ten times as fast as torch's."""
    if values.device.type != "cpu":
        return values.argsort(dim=1)
    return torch.from_numpy(np.argsort(values.detach().numpy(), axis=1))


def gram_distance(units: Tensor, styles: Sequence[LayerStyle], weights: Sequence[float]) -> Tensor:
    """Gatys' distance, as a share of the style's own: squared difference of Gram matrices."""
    wanted = mixed([style.gram for style in styles], weights)
    apart = (gram(units) - wanted).square().mean()
    return apart / wanted.square().mean().clamp_min(1e-12)


def mixed(of_styles: Sequence[Tensor], weights: Sequence[float]) -> Tensor:
    """Their weighted sum."""
    return torch.stack([w * each for each, w in zip(of_styles, weights, strict=True)]).sum(0)


def quantiles(values: Tensor, count: int) -> Tensor:
    """Sorted (K, n) resampled to (K, count) equally spaced quantiles."""
    if values.shape[1] == count:
        return values
    at = (torch.arange(count, device=values.device) + 0.5) / count * values.shape[1] - 0.5
    below = at.floor().clamp(0, values.shape[1] - 1).long()
    above = (below + 1).clamp(max=values.shape[1] - 1)
    return torch.lerp(values[:, below], values[:, above], (at - below).clamp(0, 1))


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

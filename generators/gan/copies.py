"""How near a small picture comes to those that a network learnt from, and what counts as a copy.

Pictures are compared by what the tiny network sees of them, whole and in five parts, in the few
directions in which what was learnt from differs most. Whether that is near is told by pictures that
were held out: they have the same makers and were copied from nobody, so where a new picture is
nearer to what was learnt than all but NEAREST of them are, it counts as a copy.

A checkpoint holds these numbers, a byte each, and no pictures. C. R. Meehan, K. Chaudhuri, S.
Dasgupta 2020, "A non-parametric test to detect data-copying in generative models", compares the
same distances; `generators.training.examined` does so for a whole checkpoint.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor
from torch.nn import functional as F

from generators.nets.features import FeatureNetwork, open_network
from generators.nets.gan import SIDE

NEAREST = 0.01  # of the held-out pictures are nearer than a picture that is called a copy
LAYERS = ("relu3_3", "relu4_3")
WHOLE, PART = 64, 24  # directions that are kept
# Corners of the parts, in eighths of a side; each is half as wide and high as the picture.
PARTS = ((0, 0), (0, 4), (4, 0), (4, 4), (2, 2))
BATCH = 250  # pictures of 64 pixels that are looked at together; of larger ones as many pixels


@dataclass(frozen=True)
class Space:
    """Directions in which some pictures differ most, and where those pictures lie, in bytes."""

    centre: Tensor  # (F,) float16
    basis: Tensor  # (F, D) float16
    scale: Tensor  # (1,) float32: distance of one step of the bytes
    places: Tensor  # (n, D) int8

    @classmethod
    def of(cls, seen: Tensor, directions: int) -> Space:
        """Of what was seen (n, F) of n pictures."""
        centre = seen.mean(0)
        apart = (seen - centre).double()
        if len(seen) < seen.shape[1]:
            kept = torch.linalg.svd(apart, full_matrices=False).Vh[:directions].T
        else:
            kept = torch.linalg.eigh(apart.T @ apart).eigenvectors.flip(1)[:, :directions]
        kept = kept * kept.sum(0).sign()  # a direction and its opposite are one: take always one
        space = cls(centre.half(), kept.half(), torch.ones(1), torch.zeros(0, 0))
        spread = space.places_of(seen)
        scale = spread.abs().max().clamp_min(1e-6) / 127
        places = (spread / scale).round().to(torch.int8)
        return cls(space.centre, space.basis, scale[None], places)

    def places_of(self, seen: Tensor) -> Tensor:
        """(m, D) of (m, F)."""
        return (seen - self.centre.float()) @ self.basis.float()

    def nearest(self, seen: Tensor) -> tuple[Tensor, Tensor]:
        """Distance to the nearest picture, and which that is, of what was seen (m, F)."""
        between = torch.cdist(self.places_of(seen), self.places.float() * self.scale)
        distance, which = between.min(1)
        return distance, which


@dataclass(frozen=True)
class Nearest:
    """Of one picture. Shares are those of held-out pictures that come nearer than it does."""

    name: str  # of the nearest work
    share: float
    part_name: str  # of the work with the nearest part
    part_share: float

    @property
    def copied(self) -> bool:
        return min(self.share, self.part_share) < NEAREST


@dataclass(frozen=True)
class Distances:
    """Of m pictures: where they lie (m, WHOLE), how far from the nearest work and which that is,
    and the same of each one's nearest part; (m,) each."""

    places: Tensor
    far: Tensor
    which: Tensor
    part_far: Tensor
    part_which: Tensor


@dataclass(frozen=True)
class Corpus:
    """What a network learnt from, as far as it must be known to tell a copy."""

    names: Sequence[str]
    wholes: Space
    parts: Space  # len(PARTS) rows to a picture, in order
    held_out: Tensor  # (m,) float32, ascending: distances of held-out pictures from `wholes`
    held_out_parts: Tensor  # (m,) float32, ascending: of each one's nearest part

    @classmethod
    def of(cls, names: Sequence[str], pictures: Tensor, held_out: Tensor) -> Corpus:
        """Of pictures uint8 (n, 3, side, side), and of those that were held out."""
        whole, parts = look(pictures)
        wholes = Space.of(whole, WHOLE)
        pieces = Space.of(parts.flatten(0, 1), PART)
        bare = cls(names, wholes, pieces, torch.zeros(0), torch.zeros(0))
        found = bare.distances(held_out)
        return cls(names, wholes, pieces, found.far.sort().values, found.part_far.sort().values)

    def distances(self, pictures: Tensor) -> Distances:
        """Of pictures uint8 (m, 3, side, side), mirrored if they come nearer then."""
        whole, parts = look(pictures)
        plain, mirrored = (
            self._distances(*seen) for seen in ((whole, parts), look(pictures.flip(3)))
        )
        nearer, part_nearer = mirrored.far < plain.far, mirrored.part_far < plain.part_far
        return Distances(
            plain.places,
            torch.where(nearer, mirrored.far, plain.far),
            torch.where(nearer, mirrored.which, plain.which),
            torch.where(part_nearer, mirrored.part_far, plain.part_far),
            torch.where(part_nearer, mirrored.part_which, plain.part_which),
        )

    def _distances(self, whole: Tensor, parts: Tensor) -> Distances:
        far, which = self.wholes.nearest(whole)
        every_far, every_which = self.parts.nearest(parts.flatten(0, 1))
        part_far, best = every_far.view(-1, len(PARTS)).min(1)
        part_which = every_which.view(-1, len(PARTS)).gather(1, best[:, None])[:, 0]
        places = self.wholes.places_of(whole)
        return Distances(places, far, which, part_far, part_which // len(PARTS))

    def nearest(self, pictures: Tensor) -> list[Nearest]:
        """What each picture, uint8 (m, 3, side, side), comes nearest to."""
        return self.told(self.distances(pictures))

    def told(self, found: Distances) -> list[Nearest]:
        """The same, of distances already found."""
        shares = _shares(found.far, self.held_out)
        part_shares = _shares(found.part_far, self.held_out_parts)
        return [
            Nearest(self.names[one], share, self.names[other], part_share)
            for one, share, other, part_share in zip(
                found.which.tolist(), shares, found.part_which.tolist(), part_shares, strict=True
            )
        ]

    def as_tensors(self) -> dict[str, Tensor]:
        """All but the names, for a file."""
        tensors = {"held_out": self.held_out, "held_out_parts": self.held_out_parts}
        for name, space in (("wholes", self.wholes), ("parts", self.parts)):
            tensors |= {f"{name}.{what}": tensor for what, tensor in vars(space).items()}
        return tensors

    @classmethod
    def from_tensors(cls, names: Sequence[str], tensors: Mapping[str, Tensor]) -> Corpus:
        """What `as_tensors` gave. Raises KeyError for what is missing."""
        wholes, parts = (
            Space(*(tensors[f"{name}.{what}"] for what in ("centre", "basis", "scale", "places")))
            for name in ("wholes", "parts")
        )
        return cls(names, wholes, parts, tensors["held_out"], tensors["held_out_parts"])


def _shares(distances: Tensor, held_out: Tensor) -> list[float]:
    """Of the held-out distances, ascending, that are smaller than each of these."""
    return [count / len(held_out) for count in torch.searchsorted(held_out, distances).tolist()]


@torch.no_grad()
def look(pictures: Tensor) -> tuple[Tensor, Tensor]:
    """What is seen of pictures uint8 (n, 3, side, side): whole (n, F), and of each part, cut out,
    (n, len(PARTS), F')."""
    wholes, parts = [], []
    half, eighth = pictures.shape[-1] // 2, pictures.shape[-1] // 8
    for some in torch.split(pictures, batch_of(pictures.shape[-1])):
        shown = some.float() / 255
        answers = _network(LAYERS)(shown)
        wholes.append(
            torch.cat([_pooled(answers["relu3_3"], 4), _pooled(answers["relu4_3"], 2)], 1)
        )
        for down, right in PARTS:
            cut = shown[:, :, down * eighth :, right * eighth :][:, :, :half, :half]
            parts.append(_pooled(_network(LAYERS[:1])(cut)["relu3_3"], 4))
    seen = [torch.stack(parts[at : at + len(PARTS)], 1) for at in range(0, len(parts), len(PARTS))]
    return torch.cat(wholes), torch.cat(seen)


def batch_of(side: int) -> int:
    """How many pictures of this side take the memory of BATCH small ones."""
    return max(1, BATCH * SIDE**2 // side**2)


def _pooled(units: Tensor, side: int) -> Tensor:
    """(n, C, h, w) averaged over side x side fields, flat, and of about one size for any C."""
    return F.adaptive_avg_pool2d(units, side).flatten(1) / math.sqrt(units.shape[1] * side * side)


@cache
def _network(layers: tuple[str, ...]) -> FeatureNetwork:
    network = open_network("tiny", layers)
    network.precise = True  # distances must not depend on the processor
    return network

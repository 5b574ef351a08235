"""What can be found out about a painter's pictures beside held-out ones: likeness and copying."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import torch
from scipy.stats import mannwhitneyu
from torch import Tensor

from generators.gan.artist import Artist
from generators.gan.copies import Corpus, Distances, batch_of
from generators.gan.paint import as_levels, pictures, wish_share
from generators.nets.features import FeatureNetwork, layers_of, open_network
from generators.nets.gan import LATENT
from generators.nets.style_judge import ambiguity, style_judge

LAYERS = ("relu2_2", "relu3_3", "relu4_3")
CELLS = 5  # regions of the space in which copying is looked for
FEWEST = 8  # held-out and new pictures in a region, or it says nothing


@dataclass(frozen=True)
class Examined:
    """Of one painter."""

    kernel_distance: float  # from held-out pictures
    floor: float  # the same, of what was learnt
    copying: float  # C_T: below zero where new pictures are nearer to what was learnt than held-out
    copies: float  # share of new pictures
    ambiguity: tuple[tuple[float, float], ...]  # (lambda, mean ambiguity of style)

    def as_facts(self) -> dict[str, str]:
        """For a checkpoint's record."""
        told = {f"ambiguity_at_{wish:g}": f"{value:.3f}" for wish, value in self.ambiguity}
        return told | {
            "kernel_distance": f"{self.kernel_distance:.4f}",
            "kernel_distance_of_learnt": f"{self.floor:.4f}",
            "c_t": f"{self.copying:.2f}",
            "copies": f"{self.copies:.4f}",
        }


def examine(artist: Artist, learnt: Tensor, held_out: Tensor, count: int, seed: int) -> Examined:
    """`count` new pictures of a painter beside those it learnt from and those held out, both uint8
    (n, 3, side, side)."""
    new = drawn(artist, count, seed)
    answers = features(held_out)
    rng = torch.Generator().manual_seed(seed)
    some = learnt[torch.randperm(len(learnt), generator=rng)[:count]]
    distances = artist.corpus.distances(new)
    copies = sum(nearest.copied for nearest in artist.corpus.told(distances))
    wishes = [artist.largest_wish * share for share in (0, 1 / 8, 1 / 4, 1 / 2, 1)]
    return Examined(
        kernel_distance(features(new), answers),
        kernel_distance(features(some), answers),
        copying(artist.corpus, distances, artist.corpus.distances(held_out)),
        copies / count,
        tuple((wish, _ambiguity(artist, wish, count, seed)) for wish in dict.fromkeys(wishes)),
    )


def drawn(artist: Artist, count: int, seed: int, share: float = 0.0) -> Tensor:
    """New pictures uint8 (count, 3, side, side), copies among them if there are any."""
    rng = torch.Generator().manual_seed(seed)
    chance = torch.randn((count, LATENT), generator=rng)
    return torch.cat(
        [
            as_levels(pictures(artist, some, share, 1.0))
            for some in torch.split(chance, batch_of(artist.side))
        ]
    )


def _ambiguity(artist: Artist, wish: float, count: int, seed: int) -> float:
    judge = style_judge()
    shown = torch.split(drawn(artist, count, seed, wish_share(wish, artist)), batch_of(artist.side))
    with torch.no_grad():
        found = [ambiguity(judge(some.float() / 255)) for some in shown]
    return float(torch.cat(found).mean())


def features(shown: Tensor, source: str = "tiny") -> Tensor:
    """(n, F): means of a network's units over pictures uint8 (n, 3, side, side)."""
    network = _network(source)
    with torch.no_grad():
        answers = (
            network(some.float() / 255) for some in torch.split(shown, batch_of(shown.shape[-1]))
        )
        return torch.cat(
            [torch.cat([units.mean((2, 3)) for units in one.values()], 1) for one in answers]
        )


def kernel_distance(new: Tensor, real: Tensor) -> float:
    """Squared maximum mean discrepancy of features (n, F) and (m, F), unbiased, with the cubic
    kernel of Binkowski et al. 2018, "Demystifying MMD GANs"; each feature as many deviations of
    the real ones from their mean. Less is nearer; about 0 for two halves of one collection."""
    deviation, mean = torch.std_mean(real.double(), dim=0)
    # A unit that no real picture excites would otherwise drown all others.
    floor = (0.1 * deviation.mean()).clamp_min(1e-6)
    one, other = ((seen.double() - mean) / deviation.clamp_min(floor) for seen in (new, real))

    def alike(left: Tensor, right: Tensor) -> Tensor:
        cubed: Tensor = (left @ right.T / left.shape[1] + 1) ** 3
        return cubed

    within = [
        (both.sum() - both.trace()) / (len(both) * (len(both) - 1))
        for both in (alike(one, one), alike(other, other))
    ]
    return float(within[0] + within[1] - 2 * alike(one, other).mean())


def copying(corpus: Corpus, new: Distances, held_out: Distances) -> float:
    """The statistic C_T of Meehan, Chaudhuri and Dasgupta 2020: in regions of the space, whether
    new pictures lie nearer to what was learnt than held-out ones do, by the normal approximation of
    Mann and Whitney's U; regions count by how many held-out pictures they have.

    About -3 and less means copying, 3 and more that the new pictures lie elsewhere. NaN where no
    region has enough of both.
    """
    centres = _centres(corpus.wholes.places.float())
    cells = [
        torch.cdist(found.places / corpus.wholes.scale, centres).argmin(1)
        for found in (new, held_out)
    ]
    total, weight = 0.0, 0
    for cell in range(len(centres)):
        near = new.far[cells[0] == cell].numpy()
        held = held_out.far[cells[1] == cell].numpy()
        if min(len(near), len(held)) >= FEWEST:
            u = float(mannwhitneyu(near, held).statistic)
            mean, among = len(near) * len(held) / 2, len(near) + len(held) + 1
            total += len(held) * (u - mean) / math.sqrt(mean * among / 6)
            weight += len(held)
    return total / weight if weight else math.nan


def _centres(places: Tensor) -> Tensor:
    """CELLS means of k-means (Lloyd), begun evenly along the direction of most difference."""
    order = places[:, 0].argsort()
    centres = places[order[torch.linspace(0, len(order) - 1, CELLS + 2).long()[1:-1]]]
    for _ in range(25):
        nearest = torch.cdist(places, centres).argmin(1)
        centres = torch.stack(
            [
                places[nearest == cell].mean(0) if bool((nearest == cell).any()) else centres[cell]
                for cell in range(CELLS)
            ]
        )
    return centres


@cache
def _network(source: str) -> FeatureNetwork:
    layers = LAYERS if source == "tiny" else layers_of(source)
    network = open_network(source, layers)
    network.precise = True
    return network

"""Judges of pictures: networks that no artist under test has looked through.

Random networks see texture and colour well (Ustyuzhaninov et al. 2016), belong to neither side, and
come in any number, so that no single one's blind spot decides.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from generators.nets.features import FeatureNetwork, open_network, style_layers_of

FIRST_SEED = 7_000  # far from any seed that an artist is given here


def random_judges(count: int) -> list[FeatureNetwork]:
    return [opened(f"random:{FIRST_SEED + index}") for index in range(count)]


def opened(source: str) -> FeatureNetwork:
    return open_network(source, style_layers_of(source))


class StyleJudges:
    """How far a picture is from a style and from a content, in shares.

    Of a style's distance 1 is what the untouched content has and 0 the style itself; of a content's
    1 is what the untouched style has. Two measures of style, because the peer minimises one of
    them: Gram matrices, and the Wasserstein distance between Gaussians (means and covariances).
    """

    def __init__(self, judges: Sequence[FeatureNetwork], content: Tensor, style: Tensor) -> None:
        self.judges = judges
        self.content, self.style = self._look(content), self._look(style)
        self.whole = self._distances(self.content, self.style)[:2]
        self.kept = self._distances(self.style, self.style)[2]

    def __call__(self, picture: Tensor) -> tuple[float, float, float]:
        """(Gram, Wasserstein, content) distances as shares, the mean over judges and layers."""
        grams, transports, contents = self._distances(self._look(picture), self.style)
        shares = (grams / self.whole[0], transports / self.whole[1], contents / self.kept)
        gram, transport, content = (float(share.mean()) for share in shares)
        return gram, transport, content

    @torch.no_grad()
    def _look(self, picture: Tensor) -> list[Tensor]:
        """(C, places) of every layer of every judge."""
        return [
            units[0].flatten(1).double()
            for judge in self.judges
            for units in judge(picture[None]).values()
        ]

    def _distances(self, picture: list[Tensor], style: list[Tensor]) -> tuple[Tensor, ...]:
        each = [
            (gram_distance(a, b), transport_distance(a, b), F.mse_loss(a, c))
            for a, b, c in zip(picture, style, self.content, strict=True)
        ]
        return tuple(torch.stack(column) for column in zip(*each, strict=True))


def gram_distance(a: Tensor, b: Tensor) -> Tensor:
    """Frobenius distance of the matrices of mean products."""
    return torch.linalg.matrix_norm(a @ a.T / a.shape[1] - b @ b.T / b.shape[1])


def transport_distance(a: Tensor, b: Tensor) -> Tensor:
    """Wasserstein-2 distance of two Gaussians (Dowson and Landau 1982, "The Frechet distance
    between multivariate normal distributions")."""
    between = (a.mean(1) - b.mean(1)).square().sum()
    first, second = torch.cov(a), torch.cov(b)
    root = _root(first)
    shared = _root(root @ second @ root).trace()
    return (between + first.trace() + second.trace() - 2 * shared).clamp_min(0).sqrt()


def _root(matrix: Tensor) -> Tensor:
    values, vectors = torch.linalg.eigh(matrix)
    return (vectors * values.clamp_min(0).sqrt()) @ vectors.T


@torch.no_grad()
def description(judges: Sequence[FeatureNetwork], picture: Tensor) -> Tensor:
    """One vector: the mean and deviation over the picture of every unit of every judge, each layer
    weighing the same."""
    parts = []
    for judge in judges:
        for units in judge(picture[None]).values():
            statistics = torch.stack(torch.std_mean(units[0].flatten(1), dim=1))
            parts.append(statistics.flatten() / statistics.numel() ** 0.5)
    return torch.cat(parts)


def variety(vectors: Sequence[Tensor]) -> float:
    """Mean distance between two of them."""
    return float(torch.pdist(torch.stack(list(vectors))).mean())

"""What judging finds out, as a table and in words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

CLEAR = 2.0  # standard errors of a mean difference from which it counts


@dataclass(frozen=True, slots=True)
class Judged:
    """What one network can do."""

    name: str
    found: tuple[float, ...]  # of each painting, the share of its halves that found the other
    errors: tuple[float, ...]  # of each inverted picture, the mean squared error in 0..1
    coarse: tuple[float, ...]  # the same at a quarter of the size, where grain does not count
    dead: dict[str, float]  # share of each layer's units

    @property
    def texture(self) -> float:
        """Share of halves that find their other half."""
        return fmean(self.found)

    @property
    def dead_share(self) -> float:
        """Of the units of the layer where most are dead."""
        return max(self.dead.values())


@dataclass(frozen=True, slots=True)
class Styles:
    """What the style head answers; `usual` is the share of the most frequent style."""

    right: float
    balanced: float  # mean over styles of the share answered right
    usual: float
    paintings: int
    styles: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Of a network and of what it is compared with."""

    network: Judged
    untrained: Judged  # the same architecture before training
    random: Judged
    pixels: tuple[float, ...]  # as `Judged.found`, by the statistics of colours
    mean_colour: tuple[float, ...]  # as `Judged.errors`, of a constant picture of the right colour
    mean_coarse: tuple[float, ...]  # the same at a quarter of the size
    styles: Styles | None

    def table(self) -> str:
        """A Markdown table, one line for each figure."""
        nets = self.network, self.untrained, self.random
        halves = [f"{share:.1%}" for share in (*(n.texture for n in nets), fmean(self.pixels))]
        full = [n.errors for n in nets] + [self.mean_colour]
        coarse = [n.coarse for n in nets] + [self.mean_coarse]
        lines: list[Sequence[str]] = [
            ("", "this network", "untrained", "random:0", "pixels, colour"),
            ("---", "---:", "---:", "---:", "---:"),
            ("halves that find each other", *halves),
            ("inversion, RMSE", *(f"{math.sqrt(fmean(e)):.3f}" for e in full)),
            ("inversion, PSNR in dB", *(f"{fmean(decibels(e)):.1f}" for e in full)),
            ("the same without grain, dB", *(f"{fmean(decibels(e)):.1f}" for e in coarse)),
            ("dead units, worst layer", *(f"{n.dead_share:.1%}" for n in nets), ""),
        ]
        table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        count = len(self.network.found)
        notes = (
            f"{count} held-out paintings, chance {1 / count:.1%} for halves; "
            f"{len(self.network.errors)} of them inverted; pixels alone are a constant picture "
            "of the right colour there. Grain is left out by comparing at a quarter of the size."
        )
        if self.styles:
            head = self.styles
            notes += (
                f"\n\nThe style head names {head.right:.1%} of {head.paintings} held-out paintings "
                f"whose style is known ({head.balanced:.1%} as the mean over {head.styles} styles; "
                f"always the most frequent style: {head.usual:.1%})."
            )
        return f"{table}\n\n{notes}"

    def verdict(self) -> str:
        """Where the network is better and where worse than what learnt nothing, in words."""
        own, rivals = (
            self.network,
            {"the untrained network": self.untrained, "random:0": self.random},
        )
        halves = {name: rival.found for name, rival in rivals.items()} | {"pixels": self.pixels}
        full = {name: decibels(rival.errors) for name, rival in rivals.items()}
        full["a constant picture"] = decibels(self.mean_colour)
        coarse = {name: decibels(rival.coarse) for name, rival in rivals.items()}
        coarse["a constant picture"] = decibels(self.mean_coarse)
        return (
            f"In finding halves it is {_beside(own.found, halves)}. "
            f"In inversion it is {_beside(decibels(own.errors), full)}; "
            f"without grain it is {_beside(decibels(own.coarse), coarse)}. "
            f"(Clear is a mean difference of more than {CLEAR:.0f} standard errors, over the same "
            "paintings.)"
        )


def decibels(errors: Sequence[float]) -> list[float]:
    """Peak signal-to-noise ratios of mean squared errors in 0..1."""
    return [-10 * math.log10(max(error, 1e-10)) for error in errors]


def _beside(own: Sequence[float], others: Mapping[str, Sequence[float]]) -> str:
    better: list[str] = []
    same: list[str] = []
    worse: list[str] = []
    for name, other in others.items():
        differences = [one - two for one, two in zip(own, other, strict=True)]
        spread = stdev(differences) if len(differences) > 1 else math.inf
        margin = CLEAR * spread / math.sqrt(len(differences))
        mean = fmean(differences)
        (better if mean > margin else worse if mean < -margin else same).append(name)
    parts = [
        f"clearly better than {_listed(better)}" if better else "",
        f"**not clearly different from {_listed(same)}**" if same else "",
        f"**clearly worse than {_listed(worse)}**" if worse else "",
    ]
    return ", ".join(part for part in parts if part)


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))

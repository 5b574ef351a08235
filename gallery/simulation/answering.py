"""How a simulated rater answers: the model that findings assume, with every figure known.

A mark is a cumulative logit: `eta = effect · s + rater + slope · s + work`, with s = +1/2 for a
work by a person and -1/2 for one by a machine, plus logistic noise, cut at equal steps. Pure: no
database and no clock; every draw follows from the seed, the rater's number and the work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, log
from random import Random
from typing import Literal

STEP = 0.9  # logits between two points of a scale
END = 3.0  # logits: how far the anchors lie from the middle
TIE = 0.5  # logits, within which two works show no difference
MEDIAN_MS, SPREAD_MS = 9000.0, 0.45  # of careful answers: lognormal
FAST_MS = 700.0

Care = Literal["careful", "random", "straight", "fast", "onset"]
CARELESS: tuple[Care, ...] = ("random", "straight", "fast", "onset")


@dataclass(frozen=True)
class Truth:
    """What is so: the effects by item in logits, the spreads, the ability to tell the sides."""

    effects: Mapping[str, float]
    sd_work: float = 0.9
    sd_rater: float = 1.1
    sd_slope: float = 0.3
    dprime: float = 0.5
    careless: float = 0.0  # share of raters
    seed: int = 0


@dataclass(frozen=True)
class Work:
    """A work as the truth knows it."""

    key: int
    side: float  # +0.5 by a person, -0.5 by a machine, 0 for what is on neither side
    role: str = "rated"  # or noise, plain, practice
    shifts: tuple[tuple[str, float], ...] = ()  # from its side's mean, in logits, by item


@dataclass
class Rater:
    """One simulated rater: a taste, a pace, and whether they care."""

    number: int
    truth: Truth
    care: Care = field(init=False)
    chance: Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = Random(f"{self.truth.seed} rater {self.number}")  # noqa: S311 - repeatable
        careless = self.chance.random() < self.truth.careless
        self.care = self.chance.choice(CARELESS) if careless else "careful"
        self.level = {item: self.chance.gauss(0, self.truth.sd_rater) for item in _ITEMS}
        self.slope = {item: self.chance.gauss(0, self.truth.sd_slope) for item in _ITEMS}

    def cares(self, progress: float) -> bool:
        """`progress` is the share of the sitting that is done."""
        return self.care == "careful" or (self.care == "onset" and progress < 0.5)

    def ms(self, progress: float) -> int:
        """How long this answer takes."""
        median = FAST_MS if self.care == "fast" else MEDIAN_MS
        if not self.cares(progress) and self.care != "fast":
            median = MEDIAN_MS / 2
        return round(median * exp(self.chance.gauss(0, SPREAD_MS)))

    def latent(self, item: str, work: Work) -> float:
        """What this rater sees in a work, in logits, without the noise of the moment."""
        ends = {("noise", "coherence"): -END, ("noise", "surprise"): END}
        ends |= {("plain", "coherence"): END, ("plain", "surprise"): -END}
        if (end := ends.get((work.role, item))) is not None:
            return end
        own = Random(f"{self.truth.seed} work {work.key} {item}").gauss(  # noqa: S311 - repeatable
            0, self.truth.sd_work
        )
        own += dict(work.shifts).get(item, 0.0)
        effect = self.truth.effects.get(item, 0.0) + self.slope.get(item, 0.0)
        return effect * work.side + self.level.get(item, 0.0) + own

    def mark(self, item: str, work: Work, points: int, progress: float) -> int:
        """A point from 1 to `points`."""
        if not self.cares(progress):
            return 4 if self.care == "straight" else self.chance.randint(1, points)
        seen = self.latent(item, work) + self._noise()
        thresholds = [(k - points / 2) * STEP for k in range(1, points)]
        return 1 + sum(seen > threshold for threshold in thresholds)

    def guess(self, work: Work, progress: float) -> int:
        """From 1, certainly a machine, to 6, certainly a person."""
        if not self.cares(progress):
            return self.chance.randint(1, 6)
        seen = self.chance.gauss(2 * work.side * self.truth.dprime / 2, 1)
        return 1 + sum(seen > threshold for threshold in (-1.2, -0.6, 0.0, 0.6, 1.2))

    def side(self, item: str, left: Work, right: Work, progress: float) -> str:
        """left, tie or right."""
        if not self.cares(progress):
            return self.chance.choice(["left", "tie", "right"])
        if item == "person":
            seen = self.truth.dprime * (left.side - right.side) + self._noise()
        else:
            seen = self.latent(item, left) - self.latent(item, right) + self._noise()
        if abs(seen) < TIE:
            return "tie"
        return "left" if seen > 0 else "right"

    def named(self, point: int, progress: float) -> int:
        """On the row that names its answer."""
        return point if self.cares(progress) else self.chance.randint(1, 7)

    def choice(self, values: Sequence[str]) -> str:
        """Where nothing depends on it."""
        return self.chance.choice(values)

    def happens(self, share: float) -> bool:
        return self.chance.random() < share

    def _noise(self) -> float:
        drawn = min(max(self.chance.random(), 1e-12), 1 - 1e-12)
        return log(drawn / (1 - drawn))


_ITEMS = ("coherence", "surprise", "quality", "liking")

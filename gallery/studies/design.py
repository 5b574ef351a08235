"""Draws what one rater sees, and in which order: pure, seeded, and decided before the first page.

Balanced, not adaptive: as many works from each arm, those with the fewest completed ratings first,
ties broken by the seed, so that estimates stay unbiased by design. The order is uniform over all
orders with no long streak of one arm: long streaks teach a rater what comes next, strict
alternation teaches it faster.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from random import Random

LONGEST_STREAK = 3


class NothingToShow(ValueError):
    """There is no work left for this rater in some arm."""


@dataclass(frozen=True)
class Candidate:
    """A work that may be shown: its row, its arm, how many completed ratings it has."""

    work: int
    arm: str
    completed: int


@dataclass(frozen=True)
class Drawn:
    """A work that will be shown, and the probability with which the draw took it."""

    work: int
    arm: str
    p: float


@dataclass(frozen=True)
class Plan:
    """What a sitting rates, decided beforehand."""

    drawn: list[Drawn]  # in order
    first: float  # uniform in [0, 1): which question is asked first, on every page of the sitting

    @property
    def works(self) -> list[int]:
        return [one.work for one in self.drawn]


def plan(
    candidates: Sequence[Candidate],
    *,
    trials: int,
    seed: int,
    most_in_a_row: int = LONGEST_STREAK,
) -> Plan:
    """Draw a sitting of `trials` works, or fewer where an arm runs short; equal shares always.

    The same candidates (in any order) and seed give the same plan. Raises NothingToShow.
    """
    rng = Random(seed)  # noqa: S311 - a design must be repeatable; no secret hangs on it
    works = sorted(candidates, key=lambda candidate: (candidate.arm, candidate.work))
    arms = [list(arm) for _, arm in groupby(works, key=lambda candidate: candidate.arm)]
    share = min(trials // len(arms), *map(len, arms)) if len(arms) > 1 else 0
    if share == 0:
        raise NothingToShow
    first = rng.random()
    drawn = [one for arm in arms for one in _fewest_first(arm, share, rng)]
    rng.shuffle(drawn)
    while longest_streak(drawn) > most_in_a_row:
        rng.shuffle(drawn)
    return Plan(drawn, first)


def _fewest_first(arm: Sequence[Candidate], share: int, rng: Random) -> list[Drawn]:
    """So many works, the least completed; among equals by lot, whose odds are told."""
    shuffled = sorted(rng.sample(arm, len(arm)), key=lambda candidate: candidate.completed)
    last = shuffled[share - 1].completed
    surely = sum(candidate.completed < last for candidate in arm)
    tied = sum(candidate.completed == last for candidate in arm)
    odds = (share - surely) / tied
    return [
        Drawn(candidate.work, candidate.arm, 1.0 if candidate.completed < last else odds)
        for candidate in shuffled[:share]
    ]


def longest_streak(order: Sequence[Drawn]) -> int:
    """The longest run of one arm."""
    return max(len(list(streak)) for _, streak in groupby(order, key=lambda one: one.arm))

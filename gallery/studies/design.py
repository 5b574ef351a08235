"""Draws what one rater sees, and in which order: pure, seeded, and decided before the first page.

Balanced, not adaptive: within each arm the works with the fewest completed ratings come first, ties
broken by the seed, so that estimates stay unbiased by design.

Which arm a place goes to is drawn like a fair coin. Exact halves with short streaks would teach a
rater what comes next: whoever bet on the arm that had come less often would win 68 times in a
hundred with eight and eight works and at most three in a row. As it is, no such bet wins more than
52 times. Each arm still gets a quarter of the places at least, and no streak is longer than six.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from random import Random

LONGEST_STREAK = 6


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
    """A work that will be shown, and the probability with which the draw took it, given how many
    of its arm were drawn."""

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
    equal: bool = False,
) -> Plan:
    """Draw a sitting of `trials` works, or fewer where an arm runs short.

    With `equal` each arm gets the same number, as pairs need it. The same candidates (in any
    order) and seed give the same plan. Raises NothingToShow.
    """
    rng = Random(seed)  # noqa: S311 - a design must be repeatable; no secret hangs on it
    works = sorted(candidates, key=lambda candidate: (candidate.arm, candidate.work))
    arms = [list(arm) for _, arm in groupby(works, key=lambda candidate: candidate.arm)]
    share = min(trials // len(arms), *map(len, arms)) if len(arms) > 1 else 0
    if share == 0:
        raise NothingToShow
    first = rng.random()
    sizes = [share] * len(arms) if equal else _by_coin(share, list(map(len, arms)), rng)
    drawn = [
        one for arm, size in zip(arms, sizes, strict=True) for one in _fewest_first(arm, size, rng)
    ]
    rng.shuffle(drawn)
    while longest_streak(drawn) > most_in_a_row:
        rng.shuffle(drawn)
    return Plan(drawn, first)


def _by_coin(share: int, room: Sequence[int], rng: Random) -> list[int]:
    """How many places each arm gets: as if each place were drawn for itself, but at least half of
    an equal share, and no more than there is room for."""
    least = max(1, share // 2)
    while True:
        places = rng.choices(range(len(room)), k=share * len(room))
        sizes = [places.count(arm) for arm in range(len(room))]
        if all(least <= size <= most for size, most in zip(sizes, room, strict=True)):
            return sizes


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

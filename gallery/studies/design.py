"""Draws what one rater sees, and in which order: pure, seeded, and decided before the first page.

Balanced, not adaptive: half the works from each arm, those with the fewest completed ratings
first, ties broken by the seed, so that estimates stay unbiased by design. The order is uniform
over all orders with at most three works of one arm in a row: long streaks teach a rater what
comes next, strict alternation teaches it faster.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from random import Random
from typing import Literal

LONGEST_STREAK = 3

Arm = Literal["a", "b"]


class NothingToShow(ValueError):
    """There is no pair of works left for this rater, one from each arm."""


@dataclass(frozen=True)
class Candidate:
    """A work that may be shown: its row, its arm, how many completed ratings it has."""

    work: int
    arm: str
    completed: int


@dataclass(frozen=True)
class Plan:
    """A sitting decided beforehand."""

    works: list[int]  # in order
    coherence_first: bool  # which question is asked first, on every page of the sitting


def plan(candidates: Sequence[Candidate], *, trials: int, seed: int) -> Plan:
    """Draw a sitting of `trials` works, or fewer where an arm runs short; always equal halves.

    The same candidates (in any order) and seed give the same plan. Raises NothingToShow.
    """
    rng = Random(seed)  # noqa: S311 - a design must be repeatable; no secret hangs on it
    arms = [
        [c for c in sorted(candidates, key=lambda c: c.work) if c.arm == arm] for arm in ("a", "b")
    ]
    half = min(trials // 2, *map(len, arms))
    if half == 0:
        raise NothingToShow
    coherence_first = rng.random() < 0.5
    drawn = [candidate for arm in arms for candidate in _fewest_first(arm, rng)[:half]]
    rng.shuffle(drawn)
    while longest_streak(drawn) > LONGEST_STREAK:
        rng.shuffle(drawn)
    return Plan([candidate.work for candidate in drawn], coherence_first)


def _fewest_first(arm: Sequence[Candidate], rng: Random) -> list[Candidate]:
    shuffled = rng.sample(arm, len(arm))
    return sorted(shuffled, key=lambda candidate: candidate.completed)


def longest_streak(order: Sequence[Candidate]) -> int:
    """The longest run of one arm."""
    return max(len(list(streak)) for _, streak in groupby(order, key=lambda c: c.arm))

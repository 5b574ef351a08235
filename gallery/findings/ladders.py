"""Ratings by rung, where works of a ladder are in a study: runs that tried one knob at several
values, equally often, with all else equal but chance.

Works of several runs make one ladder where they were asked for alike but for the knob, so that a
ladder made again adds to the first one.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from gallery.findings.bootstrap import Crossed, Interval, Ints, difference, mean
from gallery.findings.thresholds import interval_of
from gallery.findings.two_lines import TwoLines
from gallery.studies.models import StudyWork

LEAST_RUNGS = 2  # one alone shows no change
LOWEST, HIGHEST = 1, 7  # answers


@dataclass(frozen=True)
class Ladder:
    """Works of one study that stand on the rungs of one ladder: the value that each was made
    with, by the work's number among the answers."""

    maker: str
    knob: str
    rung_of: Mapping[int, float]


@dataclass(frozen=True)
class Rung:
    """What was answered about the works of one rung on one scale."""

    value: float
    works: int
    trials: int
    mean: float
    interval: Interval | None  # of the mean; None where too little is known of it


@dataclass(frozen=True)
class Climb:
    """One scale along a ladder, from its lowest rung to its highest."""

    item: str
    rungs: tuple[Rung, ...]
    rise: Interval | None  # the mean on the highest rung less that on the lowest


@dataclass(frozen=True)
class Climbed:
    """A ladder and what visitors answered."""

    maker: str
    knob: str
    climbs: tuple[Climb, ...]
    both: TwoLines | None = None  # of the share that is coherent and surprising at once


def ladders_among(study_works: Collection[int]) -> tuple[Ladder, ...]:
    """The ladders that these works stand on, given as primary keys of study works in the order of
    their numbers. One query."""
    numbers = {pk: number for number, pk in enumerate(study_works)}
    rows = (
        StudyWork.objects.filter(pk__in=numbers)
        .order_by("pk")
        .values_list(
            "pk",
            "artwork__maker__name",
            "artwork__output__knob",
            "artwork__output__rung",
            "artwork__recipe",
        )
    )
    found: defaultdict[tuple[str, str, str], dict[int, float]] = defaultdict(dict)
    for pk, maker, knob, rung, recipe in rows:
        if rung is not None:
            found[maker, knob, _asked(recipe or {}, knob)][numbers[pk]] = rung
    return tuple(
        Ladder(maker, knob, rung_of)
        for (maker, knob, _rest), rung_of in found.items()
        if len(set(rung_of.values())) >= LEAST_RUNGS
    )


def _asked(recipe: Mapping[str, Any], knob: str) -> str:
    """What is alike on all rungs: all that was asked for but the knob, and the proportions."""
    params = {k: v for k, v in recipe.get("params", {}).items() if k not in {knob, "aspect"}}
    rest = [recipe.get(name) for name in ("generator", "version", "inputs")]
    return json.dumps([params, *rest], sort_keys=True)


def climbed(ladder: Ladder, raters: Ints, works: Ints, answers: Mapping[str, Ints]) -> Climbed:
    """The answers by rung. The arrays have shape (trials,): who answered, about which work by its
    number, and what on each scale."""
    rated = set(works.tolist())
    rung_of = {number: rung for number, rung in ladder.rung_of.items() if number in rated}
    steps = sorted(set(rung_of.values()))
    climbs = []
    for item, values in answers.items() if len(steps) >= LEAST_RUNGS else ():
        scale = _Scale(rung_of, raters, works, values)
        rungs = tuple(map(scale.rung, steps))
        climbs.append(Climb(str(item), rungs, scale.rise(steps[0], steps[-1])))
    return Climbed(ladder.maker, ladder.knob, tuple(climbs))


@dataclass(frozen=True)
class _Scale:
    """The answers on one scale about all works, and the rung of each work that stands on one."""

    rung_of: Mapping[int, float]
    raters: Ints
    works: Ints
    values: Ints

    def rung(self, value: float) -> Rung:
        crossed, raters = self._about([value])
        interval, _missing = interval_of(mean, crossed, raters, (LOWEST, HIGHEST))
        answers = crossed.values
        return Rung(value, len(crossed.sides), len(answers), float(answers.mean()), interval)

    def rise(self, low: float, high: float) -> Interval | None:
        crossed, raters = self._about([high, low])
        reach = HIGHEST - LOWEST
        return interval_of(difference, crossed, raters, (-reach, reach))[0]

    def _about(self, rungs: list[float]) -> tuple[Crossed, int]:
        """The answers about the works of these rungs, each a side of its own, and how many people
        gave them. Numbers are given anew, so that they stay without gaps."""
        side_of = {n: rungs.index(rung) for n, rung in self.rung_of.items() if rung in rungs}
        here = np.isin(self.works, list(side_of))
        people, raters = np.unique(self.raters[here], return_inverse=True)
        shown, works = np.unique(self.works[here], return_inverse=True)
        sides = np.array([side_of[number] for number in shown.tolist()], dtype=np.int64)
        values = self.values[here].astype(float)
        return Crossed(values, raters, works, sides, n_sides=len(rungs)), len(people)

"""What may be said, computed: numbers only, so that they can be cached and told in any language.

Nothing by origin exists here below ten raters, and no difference or other interval below thirty; a
page cannot show what was never computed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gallery.findings.answers import SCALE_POINTS, SIDES, Answers
from gallery.findings.bootstrap import Crossed, Interval, Ints, difference, mean
from gallery.findings.ladders import Climbed, climbed
from gallery.findings.thresholds import ENOUGH_RATERS, LEAST_RATERS, Missing, interval_of
from gallery.studies.models import Item

GUESS_POINTS = 6

Counts = tuple[int, ...]


@dataclass(frozen=True)
class Side:
    """How many works of one origin were rated, by how many makers, and how often."""

    works: int
    makers: int
    trials: int


@dataclass(frozen=True)
class Scale:
    """Answers on one scale: per side, how many chose 1 to 7, and their mean."""

    item: str
    counts: tuple[Counts, Counts]
    means: tuple[float, float]
    difference: Interval | None  # people minus machines, in points of the scale
    missing: Missing | None  # why there is no difference


@dataclass(frozen=True)
class Guesses:
    """Guesses at who made a work: per side, how many chose 1 (machine) to 6 (person)."""

    counts: tuple[Counts, Counts]
    share: Interval | None  # of the guesses that were right, 0 to 1
    missing: Missing | None  # why there is no interval

    @property
    def said(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """The 2 x 2 table: per side, how many guesses said person and how many said machine."""
        half = GUESS_POINTS // 2
        human, machine = self.counts
        return (sum(human[half:]), sum(human[:half])), (sum(machine[half:]), sum(machine[:half]))

    @property
    def total(self) -> int:
        return sum(map(sum, self.counts))

    @property
    def right(self) -> int:
        return self.said[0][0] + self.said[1][1]


@dataclass(frozen=True)
class Findings:
    """A study's results. `missing` says why there are no sides, scales or guesses, or is None."""

    raters: int
    works: int
    makers: int
    trials: int
    skipped: int
    recognised: int
    made: int
    missing: Missing | None
    sides: tuple[Side, Side] | None = None
    scales: tuple[Scale, ...] = ()
    guesses: Guesses | None = None
    ladders: tuple[Climbed, ...] = ()

    @property
    def preliminary(self) -> bool:
        return self.missing is None and self.raters < ENOUGH_RATERS


def compute(answers: Answers) -> Findings:
    """All results of a study. Never fails: what cannot be computed is said to be missing."""
    raters = len(np.unique(answers.raters))
    missing = _missing(answers, raters)
    shown = missing is None
    return Findings(
        raters=raters,
        works=len(answers.sides),
        makers=len(np.unique(answers.makers)),
        trials=len(answers.works),
        skipped=answers.skipped,
        recognised=answers.recognised,
        made=answers.made,
        missing=missing,
        sides=(_side(answers, 0), _side(answers, 1)) if shown else None,
        scales=_scales(answers, raters) if shown else (),
        guesses=_guesses(answers) if shown else None,
        ladders=_ladders(answers) if shown and raters >= ENOUGH_RATERS else (),
    )


def _missing(answers: Answers, raters: int) -> Missing | None:
    if not answers.asked_both:
        return Missing.OTHER_QUESTIONS
    if not raters and answers.recognised:
        return Missing.ALL_RECOGNISED
    if not raters:
        return Missing.ALL_SKIPPED if answers.skipped else Missing.NOBODY
    if raters < LEAST_RATERS:
        return Missing.FEW_RATERS
    for side, missing in enumerate((Missing.NO_HUMAN, Missing.NO_MACHINE)):
        if side not in answers.sides:
            return missing
    return None


def _side(answers: Answers, side: int) -> Side:
    its = answers.sides == side
    return Side(
        works=int(its.sum()),
        makers=len(np.unique(answers.makers[its])),
        trials=int(its[answers.works].sum()),
    )


def _scales(answers: Answers, raters: int) -> tuple[Scale, ...]:
    return (
        _scale(Item.COHERENCE, answers.coherence, answers, raters),
        _scale(Item.SURPRISE, answers.surprise, answers, raters),
    )


def _scale(item: Item, values: Ints, answers: Answers, raters: int) -> Scale:
    counts = _counts(values, answers.sides[answers.works], SCALE_POINTS)
    crossed = Crossed(
        values.astype(float),
        answers.raters,
        answers.works,
        answers.sides,
        weights=answers.weights[answers.raters],
    )
    human, machine = _means(crossed)
    interval, missing = interval_of(
        difference, crossed, raters, (1 - SCALE_POINTS, SCALE_POINTS - 1)
    )
    return Scale(str(item), counts, (human, machine), interval, missing)


def _means(crossed: Crossed) -> tuple[float, float]:
    """Of each side, each answer as heavy as its rater's network allows."""
    sides = crossed.sides[crossed.works]
    totals = np.bincount(sides, crossed.weight * crossed.values, minlength=len(SIDES))
    human, machine = totals / np.bincount(sides, crossed.weight, minlength=len(SIDES))
    return float(human), float(machine)


def _guesses(answers: Answers) -> Guesses | None:
    """None below ten raters who guessed; those who left early rated works and guessed nothing."""
    guessed = answers.guesses > 0
    guessers, who = np.unique(answers.raters[guessed], return_inverse=True)
    if len(guessers) < LEAST_RATERS:
        return None
    values, works = answers.guesses[guessed], answers.works[guessed]
    truth = answers.sides[works]
    right = (values <= GUESS_POINTS // 2) == truth.astype(bool)
    # Works without a guess drop out, so that the numbers stay without gaps.
    shown, works = np.unique(works, return_inverse=True)
    weights = answers.weights[answers.raters[guessed]]
    crossed = Crossed(right.astype(float), who, works, answers.sides[shown], weights=weights)
    share, missing = interval_of(mean, crossed, len(guessers), (0, 1))
    return Guesses(_counts(values, truth, GUESS_POINTS), share, missing)


def _ladders(answers: Answers) -> tuple[Climbed, ...]:
    """Those on which two rungs at least were rated."""
    scales = {Item.COHERENCE: answers.coherence, Item.SURPRISE: answers.surprise}
    found = (climbed(ladder, answers.raters, answers.works, scales) for ladder in answers.ladders)
    return tuple(one for one in found if one.climbs)


def _counts(values: Ints, sides: Ints, points: int) -> tuple[Counts, Counts]:
    human, machine = (
        np.bincount(values[sides == side], minlength=points + 1)[1:].tolist()
        for side in range(len(SIDES))
    )
    return tuple(human), tuple(machine)

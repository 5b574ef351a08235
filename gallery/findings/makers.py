"""Whether the result hangs on one maker, and whether it would hold for others.

The primary model lets works differ by chance, but not makers: what it finds holds for works by
these makers. Where enough makers have several works each, a further model lets makers differ too,
and finds what would hold for other makers like these (Westfall, Kenny and Judd 2014).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gallery.findings.bootstrap import Interval
from gallery.findings.comparison import LEANING, SIDE, Compared, Judged, compared, fitted
from gallery.findings.inference import as_superiority, student, widened
from gallery.findings.ordinal import OrdinalFit
from gallery.findings.thresholds import Missing

SEVERAL = 2  # works of one maker
LEAST_LEFT = 5  # works by others, which a side must keep
LEAST_MAKERS = 5  # on each side, of several works: fewer do not tell how makers differ
MOST_LEFT_OUT = 12  # makers, those with most answers: each costs a third of a fit


@dataclass(frozen=True)
class Without:
    """The comparison without one maker, by primary key."""

    maker: int
    chance: Interval  # that a work by a person is rated higher


@dataclass(frozen=True)
class LeftOut:
    """The comparison without each of so many `makers` in turn, as the chance that a work by a
    person is rated higher: the `lowest` and the `highest`. `turning` are those without whom the
    verdict would be another, the one who moves the estimate most first; the verdict is which side
    is ahead, or that this is open. `unsettled` counts makers without whom there is no model."""

    makers: int = 0
    unsettled: int = 0
    lowest: Interval | None = None
    highest: Interval | None = None
    turning: tuple[Without, ...] = ()


@dataclass(frozen=True)
class OtherMakers:
    """The comparison as it would hold for other makers: the chance that a work by a person is rated
    higher, `sd`, by how much makers of a side differ, in logits, and how many makers on either side
    have several works. `missing` says why there is none."""

    makers: tuple[int, int]
    chance: Interval | None = None
    sd: float | None = None
    missing: Missing | None = None


def for_other_makers(judged: Judged, primary: OrdinalFit) -> OtherMakers:
    """Only makers of several works tell makers from works, so Student's t has as many degrees of
    freedom as there are of these, less the sides."""
    several = (_with_several(judged, 0), _with_several(judged, 1))
    if min(several) < LEAST_MAKERS:
        return OtherMakers(several, missing=Missing.THIN)
    # A maker on both sides would be two: what they do with a machine is another's work.
    codes = 2 * judged.makers + judged.sides
    model = fitted(judged, crossed={"maker": codes[judged.works]}, start=primary)
    if isinstance(model, Missing):
        return OtherMakers(several, missing=model)
    makers = sum(several)
    error = widened(model.standard_errors[SIDE], makers)
    difference = student(model.coefficients[SIDE], error, makers - 2)
    sds = model.sds
    spread = (2 * (sds["work"] ** 2 + sds["maker"] ** 2) + sds[LEANING] ** 2) ** 0.5
    return OtherMakers(several, as_superiority(difference, spread), sds["maker"])


def _with_several(judged: Judged, side: int) -> int:
    rated = np.unique(judged.works)
    _, works = np.unique(judged.makers[rated][judged.sides[rated] == side], return_counts=True)
    return int(np.sum(works >= SEVERAL))


def without_one(judged: Judged, primary: OrdinalFit) -> LeftOut:
    """`primary` is the model of all of the answers."""
    planned, unsettled = compared(judged, primary), 0
    found: list[tuple[int, Compared]] = []
    for maker in _to_leave_out(judged):
        fewer = judged.only(judged.makers[judged.works] != maker)
        model = fitted(fewer, start=primary)
        if isinstance(model, Missing):
            unsettled += 1
        else:
            found.append((maker, compared(fewer, model)))
    if not found:
        return LeftOut(unsettled=unsettled)
    chances = sorted((told.chance for _maker, told in found), key=lambda one: one.estimate)
    turning = [(maker, told) for maker, told in found if verdict(told) != verdict(planned)]
    turning.sort(key=lambda one: -abs(one[1].difference.estimate - planned.difference.estimate))
    return LeftOut(
        makers=len(found),
        unsettled=unsettled,
        lowest=chances[0],
        highest=chances[-1],
        turning=tuple(Without(maker, told.chance) for maker, told in turning),
    )


def verdict(told: Compared) -> int:
    """1 where people are ahead, -1 where machines are, 0 where that is open."""
    return int(told.difference.low > 0) - int(told.difference.high < 0)


def _to_leave_out(judged: Judged) -> list[int]:
    """Makers of several rated works, without whom either side keeps enough."""
    rated = np.unique(judged.works)
    sides, makers = judged.sides[rated], judged.makers[rated]
    answers = dict(zip(*np.unique(judged.makers[judged.works], return_counts=True), strict=True))
    found = []
    for maker in np.unique(makers).tolist():
        kept = np.bincount(sides[makers != maker], minlength=2)
        touched = np.unique(sides[makers == maker])
        if np.sum(makers == maker) >= SEVERAL and kept[touched].min() >= LEAST_LEFT:
            found.append(maker)
    return sorted(found, key=lambda maker: (-answers[maker], maker))[:MOST_LEFT_OUT]

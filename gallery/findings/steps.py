"""Whether the difference is the same at every step of a scale.

The primary model has one difference for all steps: proportional odds (McCullagh 1980). A second one
lets people and machines have thresholds of their own, so that each step has its own difference; a
likelihood-ratio test compares the two. It takes works and visitors to differ in how high they lie,
not in how widely they spread: where works of one side divide opinion more, that is told here too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gallery.findings.bootstrap import Interval
from gallery.findings.comparison import Ints, Judged, fitted
from gallery.findings.inference import student, widened
from gallery.findings.ordinal import OrdinalFit, likelihood_ratio
from gallery.findings.thresholds import Missing

LEAST_CHOSEN = 5  # answers on each side, for a point to stand by itself
LEAST_POINTS = 3  # two points have one step


@dataclass(frozen=True)
class Steps:
    """`p`, of the difference being one; `each`, by the point below the step, people less machines
    in logits. `missing` says why there is nothing."""

    p: float | None = None
    each: tuple[tuple[int, Interval], ...] = ()
    missing: Missing | None = None


def steps(judged: Judged, primary: OrdinalFit) -> Steps:
    """Points that one side hardly chose are joined to their neighbours."""
    tops, values = _joined(judged)
    if len(tops) < LEAST_POINTS:
        return Steps(missing=Missing.NO_SPREAD)
    coarse = replace(judged, values=values)
    one: OrdinalFit | Missing = primary
    if len(tops) <= len(primary.thresholds):
        one = fitted(coarse, start=primary)
    if isinstance(one, Missing):
        return Steps(missing=one)
    apart = fitted(coarse, apart=True, start=one)
    if isinstance(apart, Missing):
        return Steps(missing=apart)
    works = len(np.unique(judged.works))
    found = []
    for step, top in enumerate(tops[:-1], 1):
        label = f"{step}|{step + 1}"  # machines come first, their side being the lower number
        estimate, error = apart.contrast({f"0: {label}": 1.0, f"1: {label}": -1.0})
        found.append((top, student(estimate, widened(error, works), works - 2)))
    return Steps(p=likelihood_ratio(apart, one), each=tuple(found))


def _joined(judged: Judged) -> tuple[list[int], Ints]:
    """The highest point of each group of points, and the answers as groups from 1."""
    points, places = np.unique(judged.values, return_inverse=True)
    table = np.zeros((len(points), 2), dtype=np.int64)
    np.add.at(table, (places, judged.sides[judged.works]), 1)
    tops: list[int] = []
    waiting = np.zeros(2, dtype=np.int64)
    for point, row in zip(points.tolist(), table, strict=True):
        waiting += row
        if waiting.min() >= LEAST_CHOSEN:
            tops.append(point)
            waiting[:] = 0
    if not tops:
        return [], judged.values
    tops[-1] = int(points[-1])  # what is left over belongs to the last
    return tops, np.searchsorted(tops, judged.values) + 1

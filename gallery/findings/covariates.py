"""Whether what a program measures of a work goes with how visitors rate it.

The measure is a covariate of works in the mixed model, standardised within each side, so that its
slope is not a difference between the sides told again: logits a standard deviation. Raw ratings are
never correlated with it, for answers about one work are not independent. All of it is exploratory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gallery.findings.bootstrap import Interval
from gallery.findings.comparison import Judged, fitted
from gallery.findings.inference import student, widened
from gallery.findings.ordinal import OrdinalFit
from gallery.findings.thresholds import Missing

LEAST_MEASURED = 10  # works on each side


@dataclass(frozen=True)
class Beside:
    """One measure beside one scale. `values` are by the work's number."""

    measure: str
    item: str
    slope: Interval
    values: dict[int, float]


def beside(
    judged: Judged,
    measure: str,
    item: str,
    values: Mapping[int, float],
    *,
    start: OrdinalFit | None = None,
) -> Beside | None:
    """The slope of a scale on a measure, given by the work's number; None where too few works are
    measured, where the measure does not vary, or where the model does not settle. `start` is the
    model without the measure."""
    count = len(judged.sides)
    known = np.array([n in values and np.isfinite(values[n]) for n in range(count)], dtype=bool)
    given = np.array([values.get(n, 0.0) for n in range(count)])
    level = np.zeros(count)
    for side in (0, 1):
        its = known & (judged.sides == side)
        if its.sum() < LEAST_MEASURED or given[its].std() < 1e-9:
            return None
        level[its] = (given[its] - given[its].mean()) / given[its].std()
    measured = judged.only(known[judged.works])
    found = fitted(measured, also={measure: level[measured.works]}, start=start)
    if isinstance(found, Missing):
        return None
    slope = student(
        found.coefficients[measure],
        widened(found.standard_errors[measure], int(known.sum()), 3),
        int(known.sum()) - 3,
    )
    shown = {n: float(given[n]) for n in np.flatnonzero(known).tolist()}
    return Beside(measure, item, slope, shown)

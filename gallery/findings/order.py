"""Whether answers drift along a sitting or with the order of the questions.

Works come in an order drawn by lot and each visitor's scales in one drawn by lot, so neither can
make a difference between the sides; with both as covariates the difference should stay as it was.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gallery.findings.bootstrap import Interval
from gallery.findings.comparison import Bools, Floats, Judged, compared, fitted
from gallery.findings.inference import is_equivalent, student, widened
from gallery.findings.ordinal import OrdinalFit
from gallery.findings.thresholds import Missing

LATER, FIRST = "later", "first"


@dataclass(frozen=True)
class Ordered:
    """`chance`, that a work by a person is rated higher, with the order in the model. In logits:
    `later`, how much higher a work is rated on the last page of a sitting than on the first, which
    is `alike` where that is too little to matter; `first`, how much higher by whom the scale was
    asked first, None where everyone was asked alike. `missing` says why there is nothing."""

    chance: Interval | None = None
    later: Interval | None = None
    alike: bool = False
    first: Interval | None = None
    missing: Missing | None = None


def ordered(judged: Judged, primary: OrdinalFit, places: Floats, asked_first: Bools) -> Ordered:
    """`places` in the sitting, from 0 to 1, and `asked_first`, whether this scale was, are of shape
    (n,).

    A place varies within each visitor, so the degrees of freedom are the visitors less one; being
    asked first varies between them. Refused where all places are the same.
    """
    if np.ptp(places) <= 0:
        return Ordered(missing=Missing.NO_SPREAD)
    also = {LATER: places - places.mean()}
    if asked_first.any() and not asked_first.all():
        also[FIRST] = asked_first - asked_first.mean()
    model = fitted(judged, also=also, start=primary)
    if isinstance(model, Missing):
        return Ordered(missing=model)
    raters = len(np.unique(judged.raters))
    later = model.coefficients[LATER], model.standard_errors[LATER], raters - 1
    first = None
    if FIRST in also:
        error = widened(model.standard_errors[FIRST], raters)
        first = student(model.coefficients[FIRST], error, raters - 2)
    return Ordered(
        chance=compared(judged, model).chance,
        later=student(*later),
        alike=is_equivalent(*later),
        first=first,
    )

"""Whether guessing who made a work changes how it is rated.

A share of visitors, drawn by lot, guesses with each work while the others guess after all ratings:
the difference between the sides among the one less that among the others is what guessing does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gallery.findings.bootstrap import Interval
from gallery.findings.comparison import Bools, Judged, fitted
from gallery.findings.inference import student, widened
from gallery.findings.ordinal import OrdinalFit
from gallery.findings.thresholds import Missing

LEAST_EACH = 30  # visitors of each kind
BESIDE, MOVED = "beside", "beside:side"


@dataclass(frozen=True)
class Reacted:
    """`moved`: people less machines, in logits, among the `raters` who guessed with each work, less
    the same among the others. `missing` says why there is none."""

    raters: int
    moved: Interval | None = None
    missing: Missing | None = None


def reacted(judged: Judged, primary: OrdinalFit, beside: Bools) -> Reacted | None:
    """`beside`, of shape (raters,), tells who guessed with each work. None below LEAST_EACH raters
    of either kind: most studies ask nobody so."""
    raters = np.unique(judged.raters)
    asked = int(beside[raters].sum())
    if min(asked, len(raters) - asked) < LEAST_EACH:
        return None
    kind = beside[judged.raters] - 0.5
    also = {BESIDE: kind, MOVED: kind * (0.5 - judged.sides[judged.works])}
    model = fitted(judged, also=also, start=primary)
    if isinstance(model, Missing):
        return Reacted(asked, missing=model)
    error = widened(model.standard_errors[MOVED], len(raters))
    return Reacted(asked, student(model.coefficients[MOVED], error, len(raters) - 2))

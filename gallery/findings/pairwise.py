"""Works side by side: which of two was chosen, or neither.

Rao and Kupper's model of ties (1967) is a cumulative logit model of three ordered outcomes (the
right one, no difference, the left one) whose predictor is the left work's strength less the right
one's. Strengths are random effects about their side's mean, so that they stay finite where a work
always won; thresholds that lie unevenly about zero are a leaning to the left.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from gallery.findings.bootstrap import Interval
from gallery.findings.inference import NODES, WEIGHTS, always_valid, student, widened
from gallery.findings.ordinal import OrdinalRefused, fit
from gallery.findings.thresholds import Missing

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RIGHT, NEITHER, LEFT = 1, 2, 3


@dataclass(frozen=True)
class Pairs:
    """Answers to one question about two works. Shape (n,): `outcomes` as RIGHT, NEITHER or LEFT,
    `raters`, `left` and `right` as codes; `sides` per work, 0 for people and 1 for machines."""

    outcomes: Ints
    raters: Ints
    left: Ints
    right: Ints
    sides: Ints
    weights: Floats | None = None  # how much each answer counts; None where all count alike


@dataclass(frozen=True)
class Chosen:
    """What pairs tell. `preferred` is the chance that a work by a person is chosen over one by a
    machine, where one is; `strengths` are by work, in logits, with 95 % intervals."""

    difference: Interval
    always: Interval  # for any number of looks
    preferred: Interval
    preferred_always: Interval
    tied: float  # the share of answers without a difference
    leaning: float  # to the left, in logits
    strengths: dict[int, Interval]
    answers: int


def choose(pairs: Pairs) -> Chosen | Missing:
    """The model of one question's answers, or why there is none."""
    outcomes, places = np.unique(pairs.outcomes, return_inverse=True)
    works = np.unique([pairs.left, pairs.right])
    if len(outcomes) < 2:
        return Missing.NO_SPREAD
    if len(works) < 4 or len(np.unique(pairs.raters)) < 2:
        return Missing.THIN
    side = (pairs.sides[pairs.right] - pairs.sides[pairs.left]).astype(float)
    try:
        found = fit(
            places + 1,
            {"side": side},
            {"rater": pairs.raters, "work": np.column_stack([pairs.left, pairs.right])},
            weights=pairs.weights,
        )
    except OrdinalRefused:
        return Missing.UNSETTLED
    estimate, error = found.coefficients["side"], widened(found.standard_errors["side"], len(works))
    difference = student(estimate, error, len(works) - 2)
    always = always_valid(estimate, error)
    spread = float(np.sqrt(2)) * found.sds["work"]
    level = estimate * (0.5 - pairs.sides[works]) + found.modes["work"]
    reach = 1.96 * np.sqrt(found.variances["work"])
    return Chosen(
        difference=difference,
        always=always,
        preferred=_chances(difference, spread),
        preferred_always=_chances(always, spread),
        tied=float(np.mean(pairs.outcomes == NEITHER)),
        leaning=float(-found.thresholds.mean()),
        strengths={
            work: Interval(float(at), float(at - far), float(at + far))
            for work, at, far in zip(works.tolist(), level, reach, strict=True)
        },
        answers=len(pairs.outcomes),
    )


def _chances(shift: Interval, spread: float) -> Interval:
    ends = (shift.estimate, shift.low, shift.high)
    return Interval(
        *(float(scipy.special.expit(at + spread * NODES) @ WEIGHTS / WEIGHTS.sum()) for at in ends)
    )

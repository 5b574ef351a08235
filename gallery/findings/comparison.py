"""The primary analysis: people beside machines on one scale, by a cumulative logit model.

Raters and works are crossed random effects, and how far a rater leans to one side is a third, as
Westfall, Kenny and Judd (2014) ask of designs with two random factors. Student's t with as many
degrees of freedom as there are works less sides, and a standard error that is widened accordingly:
likelihood takes few works to differ too little.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gallery.findings.bootstrap import Interval
from gallery.findings.inference import (
    always_valid,
    as_superiority,
    is_equivalent,
    joint_quantile,
    p_value,
    student,
    widened,
)
from gallery.findings.links import Link
from gallery.findings.ordinal import OrdinalFit, OrdinalRefused, fit
from gallery.findings.thresholds import Missing

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

LEAST_WORKS = 2  # on each side
SIDE, LEANING = "side", "rater:side"


@dataclass(frozen=True)
class Judged:
    """Answers on one scale. Shape (n,): `values` are categories, `raters` and `works` are codes;
    shape (works,): `sides`, 0 for people and 1 for machines, and `makers`, codes. `weights`, of
    shape (n,), are how much each answer counts: see `influence`; None where all count alike."""

    values: Ints
    raters: Ints
    works: Ints
    sides: Ints
    makers: Ints
    weights: Floats | None = None

    def only(self, kept: Bools) -> Judged:
        """Some of the answers; works and raters keep their codes."""
        weights = None if self.weights is None else self.weights[kept]
        rows = self.values[kept], self.raters[kept], self.works[kept]
        return Judged(*rows, self.sides, self.makers, weights)


@dataclass(frozen=True)
class Compared:
    """People less machines on one scale, in logits, and what it means."""

    difference: Interval  # for a single look that was fixed beforehand
    always: Interval  # for any number of looks
    error: float  # of the difference: its standard error
    freedom: int
    p: float | None  # of no difference; None while a study is open
    equivalent: bool
    chance: Interval  # that a work by a person is rated higher than one by a machine
    chance_always: Interval
    sds: dict[str, float]  # of raters, of their leaning, of works
    spread: float  # between two works before one rater, beside the difference
    answers: int


def compared(judged: Judged, model: OrdinalFit) -> Compared:
    """The comparison that a model of these answers holds. A probit fit is told in logits, by the
    ratio of the links' spreads."""
    scale = np.pi / np.sqrt(3) if model.link == "probit" else 1.0
    estimate, error = scale * model.coefficients[SIDE], scale * model.standard_errors[SIDE]
    sds = {name: float(scale * sd) for name, sd in model.sds.items()}
    works = len(np.unique(judged.works))
    freedom, error = works - 2, widened(error, works)
    difference, always = student(estimate, error, freedom), always_valid(estimate, error)
    spread = float(np.sqrt(2 * sds["work"] ** 2 + sds.get(LEANING, 0.0) ** 2))
    return Compared(
        difference=difference,
        always=always,
        error=float(error),
        freedom=freedom,
        p=p_value(estimate, error, freedom),
        equivalent=is_equivalent(estimate, error, freedom),
        chance=as_superiority(difference, spread),
        chance_always=as_superiority(always, spread),
        sds=sds,
        spread=spread,
        answers=len(judged.values),
    )


def while_open(told: Compared) -> Compared:
    """The same without anything that holds for a single look only."""
    return replace(
        told, difference=told.always, chance=told.chance_always, p=None, equivalent=False
    )


def fitted(
    judged: Judged,
    *,
    link: Link = "logit",
    also: Mapping[str, Floats] | None = None,
    crossed: Mapping[str, Ints] | None = None,
    apart: bool = False,
    start: OrdinalFit | None = None,
) -> OrdinalFit | Missing:
    """The model behind the comparison, or why there is none. Points of the scale that nobody chose
    are left out: the model has no use for them.

    Counted otherwise, it has `also` covariates, and `crossed` factors, of shape (n,), or a
    difference that is `apart` for every threshold. `start` is a fit of nearly the same answers.
    """
    side = 0.5 - judged.sides[judged.works]
    seen = judged.sides[np.unique(judged.works)]
    if min(np.sum(seen == 0), np.sum(seen == 1)) < LEAST_WORKS:
        return Missing.THIN
    if len(np.unique(judged.raters)) < LEAST_WORKS:
        return Missing.THIN
    points, values = np.unique(judged.values, return_inverse=True)
    if len(points) < 2:
        return Missing.NO_SPREAD
    try:
        return fit(
            values + 1,
            {SIDE: side, **(also or {})},
            {"rater": judged.raters, "work": judged.works, **(crossed or {})},
            link=link,
            slopes={"rater": SIDE},
            weights=judged.weights,
            apart=SIDE if apart else None,
            start=start,
        )
    except OrdinalRefused:
        return Missing.UNSETTLED


def by_machine(judged: Judged, start: OrdinalFit | None = None) -> dict[int, Interval]:
    """For each machine of at least two works: people less this machine, in logits, by its code.

    The intervals hold at once for all of them. Empty where there are fewer than two machines or
    where the model does not settle.
    """
    made = judged.makers[judged.works]
    machines = [
        code
        for code in np.unique(judged.makers[judged.sides == 1]).tolist()
        if np.sum((judged.makers == code) & (judged.sides == 1)) >= LEAST_WORKS
    ]
    if len(machines) < 2:
        return {}
    side = judged.sides[judged.works]
    kept = (side == 0) | np.isin(made, machines)
    names = [f"machine {code}" for code in machines]
    others = {
        name: ((made == code) & (side == 1))[kept].astype(float)
        for name, code in list(zip(names, machines, strict=True))[1:]
    }
    found = fitted(judged.only(kept), also=others, start=start)
    if isinstance(found, Missing):
        return {}
    order = list(found.standard_errors)
    rows = np.zeros((len(machines), len(order)))
    rows[:, order.index(SIDE)] = 1.0
    for at, name in enumerate(names[1:], 1):
        rows[at, order.index(name)] = -1.0
    covariance = rows @ found.covariance @ rows.T
    known = np.concatenate([found.thresholds, list(found.coefficients.values())])
    works, cells = len(np.unique(judged.works[kept])), len(machines) + 1
    covariance, freedom = covariance * widened(1.0, works, cells) ** 2, works - cells
    reach = joint_quantile(covariance, max(freedom, 1)) * np.sqrt(np.diag(covariance))
    return {
        code: Interval(float(at), float(at - far), float(at + far))
        for code, at, far in zip(machines, rows @ known, reach, strict=True)
    }


def kinds(
    judged: Judged, filters: Ints, start: OrdinalFit | None = None
) -> tuple[Interval, Interval] | None:
    """In logits: people less machines that sample, and machines that filter less those that sample.
    `filters` are 1 for works of a filter, shape (works,). None without enough of each."""
    sampled, filtered = ((judged.sides == 1) & (filters == kind) for kind in (0, 1))
    seen = np.isin(np.arange(len(filters)), judged.works)
    if min((sampled & seen).sum(), (filtered & seen).sum()) < LEAST_WORKS:
        return None
    by_a_filter = filtered[judged.works].astype(float)
    found = fitted(judged, also={"filter": by_a_filter}, start=start)
    if isinstance(found, Missing):
        return None
    works = int(seen.sum())
    sampled_less, filter_less = (
        student(found.coefficients[name], widened(found.standard_errors[name], works, 3), works - 3)
        for name in (SIDE, "filter")
    )
    return sampled_less, filter_less

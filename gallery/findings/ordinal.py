"""Cumulative-link mixed models with any number of crossed random factors.

`P(Y <= k) = F(theta_k - eta)`, `eta = X beta + sum of random effects`, thresholds free but ordered,
random effects normal with one spread per term; slopes may be correlated with intercepts, and a
factor's level may enter with a minus sign, as the right one of a pair does. Fitted by the Laplace
approximation (Tierney and Kadane 1986), whose gradient is exact: it follows the mode as the
parameters move. Standard errors come from central differences of that gradient. Agrees with R's
`ordinal::clmm` (Christensen 2022); numpy and scipy only.

It refuses rather than err: an empty category, a fit that does not settle, answers that a covariate
separates completely.

One column's effect may also differ at every threshold, as where odds are not proportional; and a
fit may begin where another one of nearly the same answers ended, which takes a third of the time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from gallery.findings.crossed import Term
from gallery.findings.curvature import SMALLEST_SPREAD, covariance_of
from gallery.findings.laplace import Model
from gallery.findings.links import Link
from gallery.findings.spreads import Bounds
from gallery.findings.starting import Ended, afresh, after

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LARGEST_EFFECT = 15.0  # logits; only answers that are separated completely drive one so far
MOST_OUTER = 200
AFRESH = {"maxiter": MOST_OUTER, "ftol": 1e-13, "gtol": 1e-6}
AFTER = {"maxiter": MOST_OUTER, "ftol": 1e-9, "gtol": 1e-4}  # within 1e-4 standard errors or so


class OrdinalRefused(ValueError):
    """No honest fit exists; the message says why, in a sentence."""


@dataclass(frozen=True)
class OrdinalFit:
    """A fitted model. Thresholds, coefficients and spreads are in units of the link."""

    loglik: float
    thresholds: Floats  # (categories - 1,), or of two sets, one after the other
    coefficients: dict[str, float]
    # Of thresholds ("1|2", ...; with sets "0: 1|2", "1: 1|2", ...) and coefficients.
    standard_errors: dict[str, float]
    covariance: Floats  # of the same, in the same order
    sds: dict[str, float]  # by term; 0 at the boundary
    correlations: dict[str, float]  # of a slope with its intercept, by the slope's term
    modes: dict[str, Floats]  # by term, (levels,)
    variances: dict[str, Floats]  # conditional, of the modes
    converged: bool
    n: int
    levels: dict[str, int]  # by factor
    link: Link
    ended: Ended

    @property
    def parameters(self) -> int:
        effects = len(self.sds) + len(self.correlations)
        return len(self.thresholds) + len(self.coefficients) + effects

    @property
    def aic(self) -> float:
        return 2 * (self.parameters - self.loglik)

    def contrast(self, weights: Mapping[str, float]) -> tuple[float, float]:
        """A weighted sum of thresholds ("1|2") and coefficients, with its standard error."""
        names = list(self.standard_errors)
        known = dict(zip(names, self.thresholds, strict=False)) | self.coefficients
        row = np.array([weights.get(name, 0.0) for name in names])
        estimate = sum(weight * known[name] for name, weight in weights.items())
        return float(estimate), float(np.sqrt(row @ self.covariance @ row))


def fit(
    y: ArrayLike,
    fixed: Mapping[str, ArrayLike],
    random: Mapping[str, ArrayLike],
    *,
    link: Link = "logit",
    slopes: Mapping[str, str] | None = None,
    correlated: bool = False,
    weights: ArrayLike | None = None,
    apart: str | None = None,
    start: OrdinalFit | None = None,
) -> OrdinalFit:
    """Fit `y`, int of shape (n,) with categories 1..K, on `fixed` columns and `random` factors.

    `fixed` maps names to floats of shape (n,); `random` maps factors to integer codes of shape
    (n,), or (n, 2) where the first level's effect counts less the second's, as in a pair; `slopes`
    maps a factor to the name of the fixed column whose effect differs among its levels,
    `correlated` with the level's intercept or not; `weights`, of shape (n,), are how much each
    answer counts. At least one factor. `apart` names a column of few values: each of them, in
    ascending order, has thresholds of its own in place of one coefficient for all. `start` is a fit
    whose end is near. Raises OrdinalRefused.
    """
    answers = np.asarray(y, dtype=np.int64)
    names = list(fixed)
    columns = (
        np.column_stack([np.asarray(fixed[name], dtype=float) for name in names])
        if names
        else np.empty((len(answers), 0))
    )
    terms = _terms(random, fixed, slopes or {})
    _check(answers, columns, names, terms)
    sets = None
    if apart is not None:
        sets = np.unique(columns[:, names.index(apart)], return_inverse=True)[1]
        _check_sets(answers, sets)
        columns = np.delete(columns, names.index(apart), axis=1)
        names.remove(apart)
    weighed = None if weights is None else np.asarray(weights, dtype=float)
    model = Model(answers, columns, terms, link, correlated=correlated, weights=weighed, sets=sets)
    origin, unit = after(model, names, start.ended) if start else afresh(model)
    bounds: list[Bounds] = [(None, None)] * (model.cuts + len(names)) + model.spreads.bounds
    psi = _summit(model, origin, unit, bounds, AFTER if start else AFRESH)
    return _told(model, psi, names, settled=_settled(model, psi, bounds), quick=bool(start))


def _summit(
    model: Model,
    origin: Floats,
    unit: Floats,
    bounds: Sequence[Bounds],
    options: Mapping[str, float],
) -> Floats:
    """The parameters of the largest likelihood, looked for from `origin` in steps of `unit`."""

    def downhill(steps: Floats) -> tuple[float, Floats]:
        try:
            value, slope = model.value_and_slope(origin + unit * steps)
        except (FloatingPointError, ValueError):  # singular, or no numbers
            return 1e10, np.zeros_like(steps)
        return -value, -unit * slope

    found = scipy.optimize.minimize(
        downhill,
        np.zeros_like(origin),
        jac=True,
        method="L-BFGS-B",
        bounds=[
            tuple(None if end is None else (end - at) / scale for end in ends)
            for ends, at, scale in zip(bounds, origin, unit, strict=True)
        ],
        options=options,
    )
    return np.asarray(origin + unit * found.x)


def likelihood_ratio(larger: OrdinalFit, smaller: OrdinalFit, *, spreads: int = 0) -> float:
    """The p of a likelihood-ratio test of two nested fits to the same answers. Where the larger has
    `spreads` more spreads, which cannot be below zero, half of chi-squared with one degree of
    freedom less counts for one of them (Self and Liang 1987)."""
    extra = larger.parameters - smaller.parameters
    if larger.n != smaller.n or extra < 1:
        raise ValueError("The fits are not of the same answers, or not nested.")
    statistic = max(2 * (larger.loglik - smaller.loglik), 0.0)
    full = float(scipy.special.chdtrc(extra, statistic))
    if not spreads:
        return full
    fewer = (
        float(scipy.special.chdtrc(extra - 1, statistic)) if extra > 1 else float(statistic == 0)
    )
    return (full + fewer) / 2


def _terms(
    random: Mapping[str, ArrayLike], fixed: Mapping[str, ArrayLike], slopes: Mapping[str, str]
) -> list[Term]:
    terms = []
    for factor, given in random.items():
        levels, places = np.unique(np.asarray(given), return_inverse=True)
        codes = places.reshape(len(np.asarray(given)), -1 if len(levels) else 1)
        signs = np.ones(codes.shape) * np.array([1.0, -1.0])[: codes.shape[1]]
        terms.append(Term(factor, factor, codes, len(levels), signs))
        if column := slopes.get(factor):
            values = np.asarray(fixed[column], dtype=float)[:, None] * signs
            terms.append(Term(f"{factor}:{column}", factor, codes, len(levels), values))
    return terms


def _check(y: Ints, columns: Floats, names: Sequence[str], terms: Sequence[Term]) -> None:
    if not len(y):
        raise OrdinalRefused("There are no answers.")
    if not terms:
        raise OrdinalRefused("A mixed model needs a factor whose levels differ by chance.")
    counts = np.bincount(y, minlength=2)
    if y.min() < 1 or y.max() < 2:
        raise OrdinalRefused("All answers are the same, so nothing can be compared.")
    if not counts[1:].all():
        empty = ", ".join(str(k) for k in range(1, len(counts)) if not counts[k])
        raise OrdinalRefused(f"Nobody answered {empty}; join that category to its neighbour.")
    for name, column in zip(names, columns.T, strict=True):
        if not np.ptp(column):
            raise OrdinalRefused(f"“{name}” is the same for every answer, so it explains nothing.")
    for term in terms:
        if term.levels < 2:
            raise OrdinalRefused(f"There is only one level of “{term.factor}”.")


def _check_sets(y: Ints, sets: Ints) -> None:
    """A threshold at which one set has no answers on one side would be infinite."""
    table = np.zeros((int(sets.max()) + 1, int(y.max())), dtype=np.int64)
    np.add.at(table, (sets, y - 1), 1)
    if not table.all():
        raise OrdinalRefused("A category is empty for one side; join it to its neighbour.")


def _settled(model: Model, psi: Floats, bounds: Sequence[Bounds]) -> bool:
    """Whether the gradient vanishes, save where a spread or a correlation is at its bound."""
    try:
        _, slope = model.value_and_slope(psi)
    except (FloatingPointError, np.linalg.LinAlgError):
        return False
    free = np.array(
        [
            (low is None or at > low + 1e-6) and (high is None or at < high - 1e-6)
            for (low, high), at in zip(bounds, psi, strict=True)
        ]
    )
    return bool(np.abs(slope[free]).max(initial=0.0) < 1e-2 * (1 + len(model.y)) ** 0.5)


def _told(
    model: Model, psi: Floats, names: Sequence[str], *, settled: bool, quick: bool
) -> OrdinalFit:
    thresholds, coefficients, spread = model.unpack(psi)
    if not settled:
        raise OrdinalRefused("The fit did not settle; more answers are needed.")
    if (model.spreads.sds(spread) > LARGEST_EFFECT).any():
        raise OrdinalRefused("The answers of a level are nearly all at one end of the scale.")
    if (np.abs(coefficients) > LARGEST_EFFECT).any():
        raise OrdinalRefused("A covariate separates the answers completely.")
    value, _ = model.value_and_slope(psi)
    modes, variances = _effects(model, spread)
    covariance, curvature = covariance_of(model, psi, quick=quick)
    if not (np.diag(covariance) > 0).all():  # a ridge, or nothing finite, in place of a summit
        raise OrdinalRefused("The fit did not settle; more answers are needed.")
    errors = np.sqrt(np.diag(covariance))
    if (errors[model.cuts :] * model.fixed.std(axis=0) > LARGEST_EFFECT / 2).any():
        raise OrdinalRefused("A covariate separates the answers completely.")
    sds = model.spreads.sds(spread)
    kept = np.where(sds < SMALLEST_SPREAD, 0.0, sds)
    sets, each = thresholds.shape
    labels = [f"{k}|{k + 1}" for k in range(1, each + 1)]
    if sets > 1:
        labels = [f"{n}: {label}" for n in range(sets) for label in labels]
    terms = [term.name for term in model.terms]
    return OrdinalFit(
        loglik=value,
        thresholds=thresholds.ravel(),
        coefficients=dict(zip(names, map(float, coefficients), strict=True)),
        standard_errors=dict(zip([*labels, *names], map(float, errors), strict=True)),
        covariance=covariance,
        sds=dict(zip(terms, map(float, kept), strict=True)),
        correlations=model.spreads.correlations(spread),
        modes=dict(zip(terms, modes, strict=True)),
        variances=dict(zip(terms, variances, strict=True)),
        converged=settled,
        n=len(model.y),
        levels={term.factor: term.levels for term in model.terms},
        link=model.link,
        ended=Ended(psi, curvature, tuple(names), tuple(terms), model.cuts, model.link),
    )


def _effects(model: Model, spread: Floats) -> tuple[list[Floats], list[Floats]]:
    """The random effects' modes and conditional variances in units of the link, by term."""
    hessian = model.last
    if not hessian:
        raise ValueError("evaluate the likelihood first")
    terms = range(len(model.terms))
    # Each effect is a sum of effects of unit variance; with what weights, unit by unit:
    mixed = np.stack(
        [np.ravel(model.spreads.effects(spread, row)) for row in np.eye(len(terms))[:, :, None]],
        axis=1,
    )
    variances = [
        np.sum(
            [
                mixed[n, u] * mixed[n, v] * hessian.covariances(u, v)
                for u in terms
                for v in terms
                if mixed[n, u] and mixed[n, v]
            ],
            axis=0,
        )
        for n in terms
    ]
    return model.spreads.effects(spread, model.unit), variances

"""Cumulative-link mixed models with any number of crossed random factors.

`P(Y <= k) = F(theta_k - eta)`, `eta = X beta + sum of random effects`, thresholds free but ordered,
random effects normal with one spread per term, slopes uncorrelated with intercepts. Fitted by the
Laplace approximation (Tierney and Kadane 1986), whose gradient is exact: it follows the mode as the
parameters move. Standard errors come from central differences of that gradient. Agrees with R's
`ordinal::clmm` (Christensen 2022); numpy and scipy only.

It refuses rather than err: an empty category, a fit that does not settle, answers that a covariate
separates completely.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize

from gallery.findings.crossed import Hessian, Term
from gallery.findings.laplace import Model
from gallery.findings.links import Link, pieces

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SMALLEST_SPREAD = 1e-3  # below it a term is at its boundary: it explains nothing
LARGEST_EFFECT = 15.0  # logits; only answers that are separated completely drive one so far
MOST_OUTER = 200
STEP = 1e-4  # of the differences that give standard errors


class OrdinalRefused(ValueError):
    """No honest fit exists; the message says why, in a sentence."""


@dataclass(frozen=True)
class OrdinalFit:
    """A fitted model. Thresholds, coefficients and spreads are in units of the link."""

    loglik: float
    thresholds: Floats  # (categories - 1,)
    coefficients: dict[str, float]
    standard_errors: dict[str, float]  # of thresholds ("1|2", ...) and coefficients
    sds: dict[str, float]  # by term; 0 at the boundary
    modes: dict[str, Floats]  # by term, (levels,)
    variances: dict[str, Floats]  # conditional, of the modes
    converged: bool
    n: int
    levels: dict[str, int]  # by factor
    link: Link

    @property
    def parameters(self) -> int:
        return len(self.thresholds) + len(self.coefficients) + len(self.sds)

    @property
    def aic(self) -> float:
        return 2 * (self.parameters - self.loglik)


def fit(
    y: ArrayLike,
    fixed: Mapping[str, ArrayLike],
    random: Mapping[str, ArrayLike],
    *,
    link: Link = "logit",
    slopes: Mapping[str, str] | None = None,
) -> OrdinalFit:
    """Fit `y`, int of shape (n,) with categories 1..K, on `fixed` columns and `random` factors.

    `fixed` maps names to floats of shape (n,); `random` maps factors to integer codes of shape
    (n,); `slopes` maps a factor to the name of the fixed column whose effect differs among its
    levels. At least one factor. Raises OrdinalRefused.
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
    model = Model(answers, columns, terms, link)
    start = _start(answers, columns.shape[1], len(terms), link)
    bounds = [(None, None)] * (model.cuts + len(names)) + [(np.log(1e-4), 4.0)] * len(terms)

    def downhill(psi: Floats) -> tuple[float, Floats]:
        try:
            value, slope = model.value_and_slope(psi)
        except (FloatingPointError, np.linalg.LinAlgError):
            return 1e10, np.zeros_like(psi)
        return -value, -slope

    options = {"maxiter": MOST_OUTER, "ftol": 1e-13, "gtol": 1e-6}
    found = minimize(downhill, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    return _told(model, found.x, names, settled=_settled(model, found.x, bounds))


def _terms(
    random: Mapping[str, ArrayLike], fixed: Mapping[str, ArrayLike], slopes: Mapping[str, str]
) -> list[Term]:
    terms = []
    for factor, given in random.items():
        levels, codes = np.unique(np.asarray(given), return_inverse=True)
        ones = np.ones(len(codes))
        terms.append(Term(factor, factor, codes, len(levels), ones))
        if column := slopes.get(factor):
            values = np.asarray(fixed[column], dtype=float)
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


def _start(y: Ints, columns: int, terms: int, link: Link) -> Floats:
    """Thresholds that give the observed shares, no effects, spreads of one half."""
    shares = np.cumsum(np.bincount(y)[1:])[:-1] / len(y)
    thresholds = np.log(shares / (1 - shares)) * (1.0 if link == "logit" else 0.6)
    gaps = np.log(np.maximum(np.diff(thresholds), 1e-3))
    return np.concatenate([thresholds[:1], gaps, np.zeros(columns), np.full(terms, np.log(0.5))])


def _settled(
    model: Model, psi: Floats, bounds: Sequence[tuple[float | None, float | None]]
) -> bool:
    """Whether the gradient vanishes, save where a spread is at its lower bound."""
    try:
        _, slope = model.value_and_slope(psi)
    except (FloatingPointError, np.linalg.LinAlgError):
        return False
    free = np.array(
        [low is None or at > low + 1e-6 for (low, _), at in zip(bounds, psi, strict=True)]
    )
    return bool(np.abs(slope[free]).max(initial=0.0) < 1e-2 * (1 + len(model.y)) ** 0.5)


def _told(model: Model, psi: Floats, names: Sequence[str], *, settled: bool) -> OrdinalFit:
    thresholds, coefficients, spreads = model.unpack(psi)
    if not settled:
        raise OrdinalRefused("The fit did not settle; more answers are needed.")
    if (np.abs(coefficients) > LARGEST_EFFECT).any():
        raise OrdinalRefused("A covariate separates the answers completely.")
    value, _ = model.value_and_slope(psi)
    errors = _standard_errors(model, psi)
    scaled = [s * term.values for s, term in zip(spreads, model.terms, strict=True)]
    level = model.fixed @ coefficients
    effects = model.mode(thresholds, level, scaled)
    eta = level + np.sum(model.random(effects, scaled), axis=0)
    hessian = Hessian(model.layout, pieces(*model.edges(thresholds, eta), model.link).w, scaled)
    kept = np.where(spreads < SMALLEST_SPREAD, 0.0, spreads)
    by_term = list(zip(model.terms, kept, strict=True))
    labels = [f"{k}|{k + 1}" for k in range(1, len(thresholds) + 1)]
    return OrdinalFit(
        loglik=value,
        thresholds=thresholds,
        coefficients=dict(zip(names, map(float, coefficients), strict=True)),
        standard_errors=dict(zip([*labels, *names], map(float, errors), strict=True)),
        sds={term.name: float(spread) for term, spread in by_term},
        modes={
            term.name: spread * effect
            for (term, spread), effect in zip(by_term, effects, strict=True)
        },
        variances={
            term.name: spread**2 * variance
            for (term, spread), variance in zip(by_term, hessian.variances(), strict=True)
        },
        converged=settled,
        n=len(model.y),
        levels={term.factor: term.levels for term in model.terms},
        link=model.link,
    )


def _standard_errors(model: Model, psi: Floats) -> Floats:
    """Of thresholds and coefficients, from the curvature in thresholds, coefficients and logs of
    those spreads that are not at their boundary."""
    spreads = model.unpack(psi)[2]
    k = model.cuts
    free = np.concatenate([np.ones(len(psi) - len(spreads), bool), spreads >= SMALLEST_SPREAD])
    indices = np.flatnonzero(free)
    curvature = np.empty((len(indices), len(indices)))
    for row, at in enumerate(indices):
        moved = [psi.copy(), psi.copy()]
        moved[0][at] += STEP
        moved[1][at] -= STEP
        up, down = (model.value_and_slope(one)[1][indices] for one in moved)
        curvature[row] = -(up - down) / (2 * STEP)
    covariance = np.linalg.inv((curvature + curvature.T) / 2)
    # From the first threshold and logs of gaps to the thresholds themselves.
    jacobian = np.eye(len(indices))
    jacobian[:k, :k] = 0.0
    jacobian[:k, 0] = 1.0
    for gap in range(1, k):
        jacobian[gap:k, gap] = np.exp(psi[gap])
    spread_out = jacobian @ covariance @ jacobian.T
    count = k + model.fixed.shape[1]
    found: Floats = np.sqrt(np.diag(spread_out))[:count]
    return found

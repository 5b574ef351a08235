"""From an estimate and its standard error to what may be said of it.

Intervals for one look and for many, equivalence, several tests at once, and the probability that a
shift in logits stands for. Plain numbers; sources beside each.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import scipy
from numpy.typing import NDArray

from gallery.findings.bootstrap import Interval

Floats = NDArray[np.float64]

LEVEL = 0.95
MIXTURE = 0.5  # logits: the effect for which the always-valid interval is tightest
EQUIVALENT = 0.30  # logits: a chance of .45 to .55 to get the higher rating
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(40)
DRAWS, SEED = 20_000, 2013


def widened(error: float, works: int, cells: int = 2) -> float:
    """A standard error of maximum likelihood, made as wide as restricted likelihood would have it:
    from so many works less one mean a cell, likelihood takes works to differ by too little."""
    return float(error * math.sqrt(works / (works - cells))) if works > cells else math.inf


def student(estimate: float, error: float, freedom: float, level: float = LEVEL) -> Interval:
    """The interval of a single look that was fixed beforehand."""
    reach = float(scipy.special.stdtrit(freedom, (1 + level) / 2)) * error
    return Interval(estimate, estimate - reach, estimate + reach)


def p_value(estimate: float, error: float, freedom: float) -> float:
    """Two-sided, of no difference."""
    return float(2 * scipy.special.stdtr(freedom, -abs(estimate) / error))


def always_valid(estimate: float, error: float, scale: float = MIXTURE) -> Interval:
    """An interval that may be looked at as often as one likes, and still errs in 5 % of studies.

    The normal-mixture confidence sequence (Robbins 1970), with `scale` the standard deviation of
    the mixture, in the unit of the estimate; for large samples. It is wider than Student's.
    """
    variance, mixture = error**2, scale**2
    both = variance + mixture
    reach = math.sqrt(
        variance * both / mixture * (math.log(both / variance) + 2 * math.log(1 / (1 - LEVEL)))
    )
    return Interval(estimate, estimate - reach, estimate + reach)


def is_equivalent(estimate: float, error: float, freedom: float) -> bool:
    """Whether two one-sided tests at 5 % find the difference within ±EQUIVALENT (Schuirmann 1987):
    its 90 % interval lies inside."""
    inner = student(estimate, error, freedom, level=0.90)
    return inner.low > -EQUIVALENT and inner.high < EQUIVALENT


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjusted for there being several (Holm 1979), in the order given."""
    order = np.argsort(p_values)
    found, highest = [0.0] * len(p_values), 0.0
    for place, at in enumerate(order.tolist()):
        highest = max(highest, min(1.0, (len(p_values) - place) * p_values[at]))
        found[at] = highest
    return found


def joint_quantile(covariance: Floats, freedom: float) -> float:
    """How many standard errors several estimates, of this covariance, may be off at once in 95 % of
    studies: the quantile of max |t|, drawn with a fixed seed."""
    rng = np.random.default_rng(SEED)
    spread = np.sqrt(np.diag(covariance))
    drawn = rng.multivariate_normal(np.zeros(len(spread)), covariance, DRAWS, check_valid="ignore")
    chi = np.sqrt(rng.chisquare(freedom, DRAWS) / freedom)
    return float(np.quantile(np.abs(drawn / spread).max(axis=1) / chi, LEVEL))


def superiority(shift: float, spread: float = 0.0) -> float:
    """The chance that the one gets the higher rating, for a shift in logits.

    `spread` is the standard deviation, in logits, of what differs between two works and between
    raters' leanings, over which the chance is averaged; 0 compares works that differ in their side
    alone. For two logistic errors: OR / (OR - 1)² (OR - 1 - ln OR).
    """
    shifts = shift + spread * NODES
    odds = np.exp(np.clip(shifts, -30, 30))
    near = np.abs(shifts) < 1e-3
    safe = np.where(near, 2.0, odds)
    chances = np.where(near, 0.5 + shifts / 6, safe / (safe - 1) ** 2 * (safe - 1 - np.log(safe)))
    return float(chances @ WEIGHTS / WEIGHTS.sum())


def as_superiority(shift: Interval, spread: float) -> Interval:
    """An interval in logits as one of chances."""
    return Interval(*(superiority(x, spread) for x in (shift.estimate, shift.low, shift.high)))

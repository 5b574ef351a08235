"""Whether something rises and then falls: two lines, not a parabola.

A quadratic finds a peak in many curves that only level off. Two straight lines, one up to a break
and one after it, must both be sloped, in opposite directions, each at 5 % (Simonsohn 2018, Advances
in Methods and Practices in Psychological Science 1, 538-555). The break is the inner value with the
highest mean; it belongs once to the one line and once to the other. Errors allow for unequal
variances (HC3) and are taken over works, not over answers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEAST_VALUES = 4  # of the knob: two lines have four ends
ALPHA = 0.05


@dataclass(frozen=True)
class TwoLines:
    """The slopes before and after the break, with their two-sided p."""

    peak: float  # the value of x at the break
    before: float
    p_before: float
    after: float
    p_after: float

    @property
    def rises_and_falls(self) -> bool:
        return self.before > 0 > self.after and max(self.p_before, self.p_after) < ALPHA


def two_lines(x: Floats, y: Floats) -> TwoLines | None:
    """Of works, shape (works,): `x` their place on a ladder, `y` what is measured. None with fewer
    than four values of x or too few works for four parameters."""
    values = np.unique(x)
    if len(values) < LEAST_VALUES or len(x) < 8:
        return None
    peak = max(values[1:-1].tolist(), key=lambda value: float(y[x == value].mean()))
    before, p_before = _slope(x, y, peak, with_break=True, side=0)
    after, p_after = _slope(x, y, peak, with_break=False, side=1)
    return TwoLines(float(peak), before, p_before, after, p_after)


def _slope(
    x: Floats, y: Floats, peak: float, *, with_break: bool, side: int
) -> tuple[float, float]:
    """Of the one line; the value at the break belongs to the first line `with_break`."""
    late = (x > peak if with_break else x >= peak).astype(float)
    design = np.column_stack([np.ones(len(x)), (x - peak) * (1 - late), (x - peak) * late, late])
    inverse = np.linalg.pinv(design.T @ design)
    beta = inverse @ design.T @ y
    hat = np.einsum("ij,jk,ik->i", design, inverse, design)
    residual = (y - design @ beta) / np.maximum(1 - hat, 1e-6)
    covariance = inverse @ (design.T * residual**2) @ design @ inverse
    slope, error = float(beta[1 + side]), float(np.sqrt(covariance[1 + side, 1 + side]))
    freedom = len(y) - int(np.linalg.matrix_rank(design))
    if error <= 0 or freedom < 1:
        return slope, 1.0
    return slope, float(2 * scipy.special.stdtr(freedom, -abs(slope) / error))

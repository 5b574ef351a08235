"""How sure a fit is of its parameters: the curvature of the log-likelihood at its summit.

The gradient is exact, so its differences give the curvature with half of the digits of a number. On
both sides of the summit they err by the square of the step; on one side only, which is quick enough
to be done for many fits, by the step.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gallery.findings.laplace import Model

Floats = NDArray[np.float64]

SMALLEST_SPREAD = 1e-3  # below it a term is at its boundary: it explains nothing
STEP = 1e-4  # of the differences


def covariance_of(model: Model, psi: Floats, *, quick: bool) -> tuple[Floats, Floats]:
    """Of thresholds and coefficients, from the curvature in thresholds, coefficients and those
    parameters of spreads that are not at their boundary; and the curvature in each parameter by
    itself, 0 at a boundary."""
    spread = model.unpack(psi)[2]
    count = model.cuts + model.fixed.shape[1]
    free = np.ones(len(psi), bool)
    free[count : count + len(model.terms)] = model.spreads.sds(spread) >= SMALLEST_SPREAD
    for at, (intercept, slope) in enumerate(model.spreads.pairs):
        free[count + len(model.terms) + at] = free[count + intercept] and free[count + slope]
    indices = np.flatnonzero(free)
    curvature = np.empty((len(indices), len(indices)))
    here = model.value_and_slope(psi)[1][indices] if quick else None
    for row, at in enumerate(indices.tolist()):
        up = _slope(model, psi, at, STEP)[indices]
        down = _slope(model, psi, at, -STEP)[indices] if here is None else here
        curvature[row] = -(up - down) / (2 * STEP if here is None else STEP)
    curvature = (curvature + curvature.T) / 2
    alone = np.zeros(len(psi))
    alone[indices] = np.diag(curvature)
    jacobian = _jacobian(model, psi, len(indices))
    found: Floats = (jacobian @ np.linalg.inv(curvature) @ jacobian.T)[:count, :count]
    return found, alone


def _slope(model: Model, psi: Floats, at: int, step: float) -> Floats:
    moved = psi.copy()
    moved[at] += step
    return model.value_and_slope(moved)[1]


def _jacobian(model: Model, psi: Floats, size: int) -> Floats:
    """From the first threshold and logs of gaps, set by set, to the thresholds themselves."""
    jacobian = np.eye(size)
    sets, each = model.shape
    for first in range(0, sets * each, each):
        jacobian[first : first + each, first : first + each] = 0.0
        jacobian[first : first + each, first] = 1.0
        for gap in range(first + 1, first + each):
            jacobian[gap : first + each, gap] = np.exp(psi[gap])
    return jacobian

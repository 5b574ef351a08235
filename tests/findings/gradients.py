"""Whether a model's gradient is that of its likelihood."""

import numpy as np
import pytest

from gallery.findings.laplace import Model

STEP = 1e-5


def assert_gradient_follows(model: Model, psi: np.ndarray) -> None:
    """In each parameter by itself, beside the difference of two values."""
    _, slope = model.value_and_slope(psi)
    for at in range(len(psi)):
        step = np.zeros(len(psi))
        step[at] = STEP
        up, down = (model.value_and_slope(psi + sign * step)[0] for sign in (1, -1))
        assert slope[at] == pytest.approx((up - down) / (2 * STEP), abs=2e-5)

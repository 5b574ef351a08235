"""From when on something may be said at all, and why it cannot be said before."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum, auto

from gallery.findings.bootstrap import Crossed, Interval, TooThin

LEAST_RATERS = 10  # for anything by origin
ENOUGH_RATERS = 30  # for a difference
NO_WIDTH = 1e-9  # answers that do not vary would look certain; they are only few or alike
SEED = 2007  # of the resamples: the same answers always give the same interval


class Missing(StrEnum):
    """Why something cannot be shown."""

    NOBODY = auto()
    ALL_SKIPPED = auto()
    ALL_RECOGNISED = auto()
    FEW_RATERS = auto()
    NO_HUMAN = auto()
    NO_MACHINE = auto()
    PRELIMINARY = auto()
    NO_SPREAD = auto()
    THIN = auto()
    UNSETTLED = auto()


def interval_of(
    estimate: Callable[..., Interval], crossed: Crossed, raters: int, possible: tuple[float, float]
) -> tuple[Interval | None, Missing | None]:
    """The interval, cut to what is possible at all, or why there is none."""
    if raters < ENOUGH_RATERS:
        return None, Missing.PRELIMINARY
    try:
        interval = estimate(crossed, seed=SEED)
    except TooThin:
        return None, Missing.THIN
    if interval.high - interval.low < NO_WIDTH:
        return None, Missing.NO_SPREAD
    low, high = max(possible[0], interval.low), min(possible[1], interval.high)
    return Interval(interval.estimate, low, high), None

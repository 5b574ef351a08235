"""Intervals for ratings that share raters *and* works: the pigeonhole bootstrap.

Two answers by one visitor resemble each other, and so do two answers about one work. Resampling
answers, or visitors alone, takes the works for the only works there could have been, and then
calls chance a finding more often the more visitors come. Here raters and works are resampled
independently, and each answer weighs the product of how often its rater and its work were drawn.

Owen, A. B. (2007). The pigeonhole bootstrap. Annals of Applied Statistics 1(2), 386-411,
doi:10.1214/07-AOAS122. Its variance is not too small under crossed random effects, and mildly too
large where most of the variation is neither the rater's nor the work's. Works are drawn within
their side, because a study fixes how many works each side has.

The interval is Student's, around the estimate, with the bootstrap's standard error and as many
degrees of freedom as there are works less sides: the works are few and the raters many, and with
few works the plain percentiles are too narrow. Under a null with large differences between works
(1000 simulations each, 7-point scale) percentiles err in 21, 12 and 8 % of studies with 3, 5 and 8
works a side, this interval in 5, 4 and 4 %.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

RESAMPLES = 2000  # the standard error is then known to 1.6 %
LEVEL = 0.95
LEAST_WORKS = 2  # on a side; one work says nothing about how much works differ
MOST_EMPTY = 0.01  # of the resamples; more would bend the interval
CELLS_AT_ONCE = 4_000_000  # of 8 bytes: the largest table of draws held at one time

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class TooThin(ValueError):
    """So few works or answers that no honest interval exists."""


@dataclass(frozen=True)
class Interval:
    """An estimate between the ends of its 95 % interval, all in the unit of the answers."""

    estimate: float
    low: float
    high: float

    @property
    def holds_zero(self) -> bool:
        return self.low <= 0 <= self.high


@dataclass(frozen=True)
class Crossed:
    """Answers by raters about works of two sides.

    `values`, `raters` and `works` have shape (answers,): the answer, and whose and about what it
    is, as numbers from 0 without gaps. `sides` has shape (works,) and holds 0 or 1, or 0 alone
    where `n_sides` is 1. A pair of rater and work may be missing, or be there more than once.
    `weights`, of the same shape as `values`, say what each answer counts; 1 where there are none.
    """

    values: Floats
    raters: Ints
    works: Ints
    sides: Ints
    n_sides: int = 2
    weights: Floats | None = None

    @property
    def weight(self) -> Floats:
        return np.ones(len(self.values)) if self.weights is None else self.weights


def difference(crossed: Crossed, *, seed: int, resamples: int = RESAMPLES) -> Interval:
    """The mean of side 0 minus the mean of side 1, in the unit of the answers.

    Raises TooThin where a side has fewer than two works, or so few answers that more than one
    resample in a hundred has none of that side. Same answers, seed and resamples: same interval.
    """
    total, weight = _whole(crossed)
    totals, weights = _drawn(crossed, seed, resamples)
    here, drawn = _ratio(total, weight), _ratio(totals, weights)
    return _interval(crossed, float(here[0] - here[1]), drawn[0] - drawn[1])


def mean(crossed: Crossed, *, seed: int, resamples: int = RESAMPLES) -> Interval:
    """The mean over all sides; of answers that are 0 or 1, a share. Raises as `difference`."""
    total, weight = _whole(crossed)
    totals, weights = _drawn(crossed, seed, resamples)
    here = total.sum() / weight.sum()
    return _interval(crossed, float(here), _ratio(totals.sum(axis=0), weights.sum(axis=0)))


def _whole(crossed: Crossed) -> tuple[Floats, Floats]:
    """Sum and number of the answers on each side, shape (sides,) both."""
    sides = crossed.n_sides
    if np.bincount(crossed.sides, minlength=sides).min() < LEAST_WORKS:
        raise TooThin(f"An interval needs {LEAST_WORKS} works on each side.")
    side = crossed.sides[crossed.works]
    weight = np.bincount(side, crossed.weight, minlength=sides).astype(float)
    if not weight.all():
        raise TooThin("One side has no answers.")
    values = crossed.weight * crossed.values
    return np.bincount(side, values, minlength=sides).astype(float), weight


def _drawn(crossed: Crossed, seed: int, resamples: int) -> tuple[Floats, Floats]:
    """The same two for each resample: weighted sums and weights, shape (sides, resamples)."""
    rng = np.random.default_rng(seed)
    totals, weights = _by_rater_and_work(crossed)
    n_raters, n_works = totals.shape
    columns = [np.flatnonzero(crossed.sides == side) for side in range(crossed.n_sides)]
    parts = []
    for size in _chunks(resamples, max(n_raters, n_works)):
        raters = _draw(rng, n_raters, size)
        sums, counts = raters @ totals, raters @ weights
        part = np.empty((2, crossed.n_sides, size))
        for side, its_works in enumerate(columns):
            works = _draw(rng, len(its_works), size)
            part[0, side] = (sums[:, its_works] * works).sum(axis=1)
            part[1, side] = (counts[:, its_works] * works).sum(axis=1)
        parts.append(part)
    drawn = np.concatenate(parts, axis=2)
    return drawn[0], drawn[1]


def _by_rater_and_work(crossed: Crossed) -> tuple[Floats, Floats]:
    """Sums and numbers of answers as tables of shape (raters, works)."""
    shape = (int(crossed.raters.max()) + 1, len(crossed.sides))
    cell = crossed.raters * shape[1] + crossed.works
    cells = shape[0] * shape[1]
    values = crossed.weight * crossed.values
    totals = np.bincount(cell, values, minlength=cells).astype(float)
    weights = np.bincount(cell, crossed.weight, minlength=cells).astype(float)
    return totals.reshape(shape), weights.reshape(shape)


def _draw(rng: np.random.Generator, n: int, size: int) -> Floats:
    """How often each of `n` is drawn in `n` draws with replacement, `size` times: (size, n)."""
    drawn = rng.integers(n, size=(size, n)) + n * np.arange(size)[:, None]
    return np.bincount(drawn.ravel(), minlength=size * n).reshape(size, n).astype(float)


def _chunks(resamples: int, width: int) -> Iterator[int]:
    most = max(1, CELLS_AT_ONCE // width)
    while resamples > 0:
        yield min(most, resamples)
        resamples -= most


def _ratio(totals: Floats, weights: Floats) -> Floats:
    """`totals / weights`, NaN where a resample drew no answer; `_interval` counts those."""
    ratio: Floats = np.full(totals.shape, np.nan)
    np.divide(totals, weights, out=ratio, where=weights > 0)
    return ratio


def _interval(crossed: Crossed, estimate: float, drawn: Floats) -> Interval:
    filled = drawn[np.isfinite(drawn)]
    if len(filled) < (1 - MOST_EMPTY) * len(drawn):
        raise TooThin("Too many resamples have no answer on one side.")
    works = np.bincount(crossed.sides, minlength=crossed.n_sides)
    fewest = int(works.min())
    # Draws from n works spread by (n - 1) / n of the variance between works.
    error = float(filled.std()) * (fewest / (fewest - 1)) ** 0.5
    reach = float(scipy.special.stdtrit(int(works.sum()) - len(works), (1 + LEVEL) / 2)) * error
    return Interval(estimate, estimate - reach, estimate + reach)

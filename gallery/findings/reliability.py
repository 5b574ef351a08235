"""How far ratings of one work agree, and how many raters would be enough."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from krippendorff import alpha
from numpy.typing import NDArray

Ints = NDArray[np.int64]

ERROR = math.pi**2 / 3  # the variance of a logistic error
WANTED = 0.8


@dataclass(frozen=True)
class Reliable:
    """Of one scale. `single` is the intraclass correlation of one rating on the scale of the model
    (absolute agreement), `mean` that of the mean of as many ratings as a work has in the median;
    `needed` are the ratings a work needs for WANTED; `alpha` is Krippendorff's, ordinal."""

    single: float
    mean: float
    each: float
    needed: int | None
    alpha: float | None


def reliable(sds: Mapping[str, float], values: Ints, works: Ints) -> Reliable:
    """From the spreads of the model and from the answers, shape (n,)."""
    work = sds["work"] ** 2
    single = work / (work + sds["rater"] ** 2 + sds.get("rater:side", 0.0) ** 2 / 4 + ERROR)
    counts = np.bincount(works)
    each = float(np.median(counts[counts > 0]))
    return Reliable(
        single=single,
        mean=spearman_brown(single, each),
        each=each,
        needed=ratings_needed(single),
        alpha=agreement(values, works),
    )


def spearman_brown(single: float, count: float) -> float:
    """The reliability of the mean of so many ratings."""
    return count * single / (1 + (count - 1) * single)


def ratings_needed(single: float, wanted: float = WANTED) -> int | None:
    """How many ratings of a work bring their mean so far; None where none ever would."""
    if single <= 0:
        return None
    return math.ceil(wanted * (1 - single) / (single * (1 - wanted)) - 1e-9)


def agreement(values: Ints, works: Ints) -> float | None:
    """Krippendorff's alpha for ordinal answers, whoever is missing; None without any spread or
    without a work that two have rated."""
    points, places = np.unique(values, return_inverse=True)
    table = np.zeros((int(works.max(initial=-1)) + 1, len(points)), dtype=int)
    np.add.at(table, (works, places), 1)
    table = table[table.sum(axis=1) > 1]
    if len(points) < 2 or not len(table) or np.count_nonzero(table.sum(axis=0)) < 2:
        return None
    return float(alpha(value_counts=table, value_domain=points, level_of_measurement="ordinal"))

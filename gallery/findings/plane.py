"""Where each work stands on a scale, once chance is taken off.

A work that few have rated is drawn towards its side's mean, as far as its answers are few: the
conditional mode of the mixed model, told as the mean rating that it would get from all raters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from gallery.findings.bootstrap import Interval
from gallery.findings.comparison import SIDE, Judged
from gallery.findings.inference import NODES, WEIGHTS
from gallery.findings.ordinal import OrdinalFit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WIDE = 1.96  # standard errors on either side


def placed(judged: Judged, model: OrdinalFit) -> dict[int, Interval]:
    """By the work's code, its mean rating in points of the scale, with a 95 % interval."""
    codes, points = np.unique(judged.works), np.unique(judged.values)
    level = model.coefficients[SIDE] * (0.5 - judged.sides[codes]) + model.modes["work"]
    reach = WIDE * np.sqrt(model.variances["work"])
    ends = [mean_rating(at, model, points) for at in (level, level - reach, level + reach)]
    return {
        code: Interval(*(float(end[n]) for end in ends)) for n, code in enumerate(codes.tolist())
    }


def mean_rating(level: Floats, model: OrdinalFit, points: Ints) -> Floats:
    """The mean answer at these levels (logits), over raters as they differ; `points` are those
    that were chosen at all."""
    raters = model.sds.get("rater", 0.0) * NODES
    at = np.asarray(level)[:, None, None] + raters[:, None]
    # (levels, raters, thresholds): the chance to be above
    above = scipy.special.expit(at - model.thresholds)
    steps = np.diff(points)
    found: Floats = points[0] + (above * steps).sum(axis=2) @ (WEIGHTS / WEIGHTS.sum())
    return found


@dataclass(frozen=True)
class Place:
    """One work on the plane of coherence and surprise."""

    work: int  # its code among the answers
    side: int
    coherence: Interval
    surprise: Interval


def plane(
    sides: Ints, coherence: dict[int, Interval], surprise: dict[int, Interval]
) -> list[Place]:
    """All works that have a place on both scales."""
    return [
        Place(work, int(sides[work]), coherence[work], surprise[work])
        for work in sorted(coherence.keys() & surprise.keys())
    ]

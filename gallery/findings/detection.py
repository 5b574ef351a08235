"""Guesses at who made a work, as signal detection has them.

`P(says a person at least so surely) = Phi(d' truth - threshold + rater + leaning + work)`, truth
+1/2 for people and -1/2 for machines: the slope is d', how well visitors tell the two apart, and
the middle threshold c, how readily they say machine (DeCarlo 1998; Macmillan and Creelman 2005).
All six degrees of sureness are used. Pooled, d' would hide works that deceive nearly everyone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gallery.findings.bootstrap import Interval
from gallery.findings.comparison import SIDE, Judged, fitted
from gallery.findings.inference import always_valid, student, widened
from gallery.findings.thresholds import Missing

Ints = NDArray[np.int64]

HALF = 3  # the surest "machine" is 1, and up to here a guess says machine
MIXTURE = 0.3  # probits: see `always_valid`


@dataclass(frozen=True)
class Detected:
    """How well visitors tell people from machines. d' is 0 for guessing; c is 0 without bias, and
    above it where they say machine more readily."""

    d_prime: Interval
    d_prime_always: Interval
    bias: Interval | None  # None where all guesses fell on one half


@dataclass(frozen=True)
class Taken:
    """One work: how many guessed, and how many of them said a person."""

    work: int
    side: int
    guesses: int
    said_person: int

    @property
    def share(self) -> float:
        return self.said_person / self.guesses


def detect(judged: Judged) -> Detected | Missing:
    """`judged.values` are the guesses, 1 to 6."""
    model = fitted(judged, link="probit")
    if isinstance(model, Missing):
        return model
    works = len(np.unique(judged.works))
    freedom, estimate = works - 2, model.coefficients[SIDE]
    error = widened(model.standard_errors[SIDE], works)
    below = int(np.sum(np.unique(judged.values) <= HALF))
    bias = None
    if 0 < below <= len(model.thresholds):
        at, wide = model.contrast({f"{below}|{below + 1}": 1.0})
        bias = student(at, widened(wide, works), freedom)
    return Detected(
        d_prime=student(estimate, error, freedom),
        d_prime_always=always_valid(estimate, error, MIXTURE),
        bias=bias,
    )


def taken_for(judged: Judged) -> list[Taken]:
    """Work by work, those most often taken for a person's first."""
    count = np.bincount(judged.works, minlength=len(judged.sides))
    said = np.bincount(judged.works, judged.values > HALF, minlength=len(judged.sides))
    found = [
        Taken(work, int(judged.sides[work]), int(count[work]), int(said[work]))
        for work in np.flatnonzero(count).tolist()
    ]
    return sorted(found, key=lambda one: (-one.share, one.work))


def by_belief(judged: Judged, ratings: Ints) -> tuple[tuple[float | None, ...], ...]:
    """Mean ratings: rows by who made the work, people first, columns by who was guessed to have.
    None where nobody guessed so. `ratings` have the shape of the guesses."""
    side, machine = judged.sides[judged.works], judged.values <= HALF
    return tuple(
        tuple(
            float(ratings[chosen].mean())
            if (chosen := (side == row) & (machine == column)).any()
            else None
            for column in (False, True)
        )
        for row in (0, 1)
    )

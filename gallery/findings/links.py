"""Cumulative links: what one answer says about where its category's edges lie.

For an answer in category y with edges `a = theta_y - eta` above and `c = theta_{y-1} - eta` below,
`l = log(F(a) - F(c))`. All derivatives are made from f/P, f'/P and f''/P at both ends, taken in
logarithms, so that answers far out in a tail cost no accuracy. Ends may be infinite.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
import scipy
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Link = Literal["logit", "probit"]
HALF_LOG_2PI = 0.5 * np.log(2 * np.pi)


@dataclass(frozen=True)
class Pieces:
    """Per answer, shape (n,): the log-likelihood and what the Laplace gradient needs of it.

    `g` and `w` are its first and its negative second derivative by eta; names that end in `_a` and
    `_c` are derivatives by the upper and the lower edge.
    """

    loglik: Floats
    l_a: Floats
    l_c: Floats
    g: Floats
    g_a: Floats
    g_c: Floats
    w: Floats
    w_a: Floats
    w_c: Floats

    def times(self, weights: Floats) -> Pieces:
        """As if each answer had been given so many times."""
        return Pieces(**{field.name: getattr(self, field.name) * weights for field in fields(self)})

    @property
    def w_eta(self) -> Floats:
        return -(self.w_a + self.w_c)


def log_cdf(x: Floats, link: Link) -> Floats:
    special = scipy.special
    found: Floats = special.log_expit(x) if link == "logit" else special.log_ndtr(x)
    return found


def log_probability(a: Floats, c: Floats, link: Link) -> Floats:
    """log(F(a) - F(c)) for a > c; taken in the tail where both are small."""
    flip = a + c > 0  # the same by symmetry, in the lower tail
    upper, lower = np.where(flip, -c, a), np.where(flip, -a, c)
    big, small = log_cdf(upper, link), log_cdf(lower, link)
    with np.errstate(invalid="ignore"):
        gap = np.where(np.isneginf(small), -np.inf, small - big)
    found: Floats = big + np.log1p(-np.exp(gap))
    return found


def _densities(x: Floats, log_p: Floats, link: Link) -> tuple[Floats, Floats, Floats]:
    """f/P, f'/P and f''/P; 0 at an infinite end."""
    there = np.isfinite(x)
    at = np.where(there, x, 0.0)
    if link == "logit":
        below = scipy.special.log_expit(at)
        log_f = below + scipy.special.log_expit(-at)
        cdf = np.exp(below)
        first, second = 1 - 2 * cdf, 1 - 6 * cdf + 6 * cdf**2
    else:
        log_f = -0.5 * at**2 - HALF_LOG_2PI
        first, second = -at, at**2 - 1
    density = np.where(there, np.exp(log_f - log_p), 0.0)
    return density, density * first, density * second


def pieces(a: Floats, c: Floats, link: Link) -> Pieces:
    """Raises FloatingPointError where an answer is impossible under these edges."""
    log_p = log_probability(a, c, link)
    if not np.isfinite(log_p).all():
        raise FloatingPointError("an answer has no probability under these thresholds")
    a1, a2, a3 = _densities(a, log_p, link)
    c1, c2, c3 = _densities(c, log_p, link)
    steep = a1 - c1
    by_a, by_c = a2 - a1**2 + a1 * c1, a1 * c1 - c2 - c1**2  # of `steep`
    return Pieces(
        loglik=log_p,
        l_a=a1,
        l_c=-c1,
        g=-steep,
        g_a=-by_a,
        g_c=-by_c,
        w=steep**2 - (a2 - c2),
        w_a=2 * steep * by_a - (a3 - a2 * a1 + c2 * a1),
        w_c=2 * steep * by_c - (a2 * c1 - c3 - c2 * c1),
    )

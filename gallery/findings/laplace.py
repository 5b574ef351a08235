"""The Laplace log-likelihood of a cumulative-link mixed model, with its exact gradient.

The random effects are integrated out by Laplace's method (Tierney and Kadane 1986, Journal of the
American Statistical Association 81). The mode moves with the parameters, and the gradient follows
it by implicit differentiation.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gallery.findings.crossed import Hessian, Layout, Term
from gallery.findings.links import Link, Pieces, pieces
from gallery.findings.spreads import Spreads

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_NEWTON = 60
SETTLED = 1e-11  # of the mode: what a Newton step would still gain, of the whole log-likelihood
SLOW = 0.02  # a step with an old Hessian leaves less than this of the last gain, or it is renewed


class Model:
    """Answers, covariates and random terms. Parameters: the first threshold, the logs of the
    gaps between thresholds, the coefficients, those of the spreads. `sets` are codes of shape
    (n,): the answers of each have thresholds of their own, told one set after another."""

    def __init__(
        self,
        y: Ints,
        fixed: Floats,
        terms: Sequence[Term],
        link: Link,
        *,
        correlated: bool = False,
        weights: Floats | None = None,
        sets: Ints | None = None,
    ) -> None:
        self.y, self.fixed, self.terms, self.link = y, fixed, list(terms), link
        self.weights = weights
        count = 1 if sets is None else int(sets.max()) + 1
        self.shape = count, int(y.max()) - 1  # sets, thresholds of each
        self.cuts = count * self.shape[1]
        self.cells = y if sets is None else sets * (self.shape[1] + 2) + y
        self.layout = Layout(terms)
        self.spreads = Spreads(terms, correlated=correlated)
        self.unit: list[Floats] = [np.zeros(term.levels) for term in terms]
        self.last: Hessian | None = None

    def unpack(self, psi: Floats) -> tuple[Floats, Floats, Floats]:
        """Thresholds, by set; coefficients; parameters of the spreads."""
        k, p = self.cuts, self.fixed.shape[1]
        steps = psi[:k].reshape(self.shape)
        steps = np.concatenate([steps[:, :1], np.exp(steps[:, 1:])], axis=1)
        return steps.cumsum(axis=1), psi[k : k + p], psi[k + p :]

    def pieces(self, thresholds: Floats, eta: Floats) -> Pieces:
        """What each answer says, times its weight. Raises FloatingPointError."""
        ends = np.full((len(thresholds), 1), np.inf)
        padded = np.concatenate([-ends, thresholds, ends], axis=1).ravel()
        found = pieces(padded[self.cells] - eta, padded[self.cells - 1] - eta, self.link)
        return found if self.weights is None else found.times(self.weights)

    def added(self, effects: Sequence[Floats], scaled: Sequence[Floats]) -> Floats:
        """What the random terms add to each row."""
        found = np.zeros(len(self.y))
        for term, effect, scale in zip(self.terms, effects, scaled, strict=True):
            found += (scale * effect[term.codes]).sum(axis=1)
        return found

    def gathered(self, rows: Floats, scaled: Sequence[Floats]) -> list[Floats]:
        """A' times a value per row."""
        return [
            np.bincount(
                term.codes.ravel(), (scale * rows[:, None]).ravel(), minlength=term.levels
            ).astype(float)
            for term, scale in zip(self.terms, scaled, strict=True)
        ]

    def mode(self, thresholds: Floats, level: Floats, scaled: Sequence[Floats]) -> list[Floats]:
        """Where the random effects are likeliest: Newton with halved steps, from the last mode and
        with the last Hessian for as long as that serves. The penalised log-likelihood is concave,
        so there is one."""

        def height(effects: Sequence[Floats]) -> float:
            eta = level + self.added(effects, scaled)
            try:
                found = self.pieces(thresholds, eta).loglik.sum()
            except FloatingPointError:
                return -np.inf
            return float(found - 0.5 * sum(float(e @ e) for e in effects))

        effects = self.unit
        if not np.isfinite(here := height(effects)):
            effects = [np.zeros_like(e) for e in effects]
            here = height(effects)
        hessian, before = self.last, np.inf
        for _ in range(MOST_NEWTON):
            eta = level + self.added(effects, scaled)
            found = self.pieces(thresholds, eta)
            slope = [s - e for s, e in zip(self.gathered(found.g, scaled), effects, strict=True)]
            step = hessian.solve(slope) if hessian else []
            gain = sum(float(s @ t) for s, t in zip(slope, step, strict=False))
            if hessian is None or gain > SLOW * before:
                hessian = Hessian(self.layout, found.w, scaled)
                step = hessian.solve(slope)
                gain = sum(float(s @ t) for s, t in zip(slope, step, strict=True))
            if gain < SETTLED * (1 + abs(here)):
                effects = [e + s for e, s in zip(effects, step, strict=True)]
                break
            before, share = gain, 1.0
            while share > 1e-6:
                there = [e + share * s for e, s in zip(effects, step, strict=True)]
                if (height_there := height(there)) >= here:
                    effects, here = there, height_there
                    break
                share, before = share / 2, 0.0
            else:
                break
        self.unit = effects
        return effects

    def value_and_slope(self, psi: Floats) -> tuple[float, Floats]:
        """The Laplace log-likelihood and its exact gradient. Raises FloatingPointError."""
        thresholds, coefficients, spread = self.unpack(psi)
        level = self.fixed @ coefficients
        scaled = self.spreads.scaled(spread)
        unit = self.mode(thresholds, level, scaled)
        found = self.pieces(thresholds, level + self.added(unit, scaled))
        hessian = self.last = Hessian(self.layout, found.w, scaled)
        value = found.loglik.sum() - 0.5 * sum(float(e @ e) for e in unit)
        value -= 0.5 * hessian.log_det
        own = hessian.leverages()
        leverage = sum((o * s).sum(axis=1) for o, s in zip(own, scaled, strict=True))
        moved = hessian.solve(self.gathered(-0.5 * leverage * found.w_eta, scaled))
        e = self.added(moved, scaled)
        by_eta = found.g - 0.5 * leverage * found.w_eta - found.w * e
        by_a = found.l_a - 0.5 * leverage * found.w_a + e * found.g_a
        by_c = found.l_c - 0.5 * leverage * found.w_c + e * found.g_c
        by_design = [
            z[term.codes] * by_eta[:, None]
            - found.w[:, None] * o
            + found.g[:, None] * m[term.codes]
            for term, z, o, m in zip(self.terms, unit, own, moved, strict=True)
        ]
        by_spread = [
            sum(float((change * by_design[n]).sum()) for n, change in changes.items())
            for changes in self.spreads.slopes(spread)
        ]
        sets, each = self.shape
        by_theta = np.bincount(self.cells, by_a, minlength=sets * (each + 2))
        by_theta = by_theta + np.bincount(self.cells - 1, by_c, minlength=sets * (each + 2))
        by_theta = by_theta.reshape(sets, each + 2)[:, 1 : each + 1]
        tail = by_theta[:, ::-1].cumsum(axis=1)[:, ::-1]  # a gap moves every threshold above it
        steps = psi[: self.cuts].reshape(self.shape)
        by_psi = np.concatenate([tail[:, :1], tail[:, 1:] * np.exp(steps[:, 1:])], axis=1).ravel()
        return float(value), np.concatenate([by_psi, self.fixed.T @ by_eta, by_spread])

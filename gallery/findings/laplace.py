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
from gallery.findings.links import Link, pieces

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_NEWTON = 60
SETTLED = 1e-9  # of the mode, in the penalised log-likelihood


class Model:
    """Answers, covariates and random terms. Parameters: the first threshold, the logs of the
    gaps between thresholds, the coefficients, the logs of the spreads."""

    def __init__(self, y: Ints, fixed: Floats, terms: Sequence[Term], link: Link) -> None:
        self.y, self.fixed, self.terms, self.link = y, fixed, list(terms), link
        self.cuts = int(y.max()) - 1
        self.layout = Layout(terms)
        self.effects: list[Floats] = [np.zeros(term.levels) for term in terms]

    def unpack(self, psi: Floats) -> tuple[Floats, Floats, Floats]:
        """Thresholds, coefficients, spreads."""
        k, p = self.cuts, self.fixed.shape[1]
        gaps = np.exp(psi[1:k])
        thresholds = psi[0] + np.concatenate([[0.0], np.cumsum(gaps)])
        return thresholds, psi[k : k + p], np.exp(psi[k + p :])

    def edges(self, thresholds: Floats, eta: Floats) -> tuple[Floats, Floats]:
        padded = np.concatenate([[-np.inf], thresholds, [np.inf]])
        return padded[self.y] - eta, padded[self.y - 1] - eta

    def random(self, effects: Sequence[Floats], scaled: Sequence[Floats]) -> list[Floats]:
        """What each term adds to each row."""
        pairs = zip(self.terms, effects, scaled, strict=True)
        return [scale * effect[term.codes] for term, effect, scale in pairs]

    def _gathered(self, rows: Floats, scaled: Sequence[Floats]) -> list[Floats]:
        """A' times a value per row."""
        pairs = zip(self.terms, scaled, strict=True)
        return [np.bincount(t.codes, s * rows, minlength=t.levels).astype(float) for t, s in pairs]

    def mode(self, thresholds: Floats, level: Floats, scaled: Sequence[Floats]) -> list[Floats]:
        """Where the random effects are likeliest: Newton with halved steps, from the last mode.
        The penalised log-likelihood is concave, so there is one."""

        def height(effects: Sequence[Floats]) -> float:
            eta = level + np.sum(self.random(effects, scaled), axis=0)
            try:
                found = pieces(*self.edges(thresholds, eta), self.link).loglik.sum()
            except FloatingPointError:
                return -np.inf
            return float(found - 0.5 * sum(float(e @ e) for e in effects))

        effects = self.effects
        here = height(effects)
        if not np.isfinite(here):
            effects = [np.zeros_like(e) for e in effects]
            here = height(effects)
        for _ in range(MOST_NEWTON):
            eta = level + np.sum(self.random(effects, scaled), axis=0)
            found = pieces(*self.edges(thresholds, eta), self.link)
            slope = [s - e for s, e in zip(self._gathered(found.g, scaled), effects, strict=True)]
            step = Hessian(self.layout, found.w, scaled).solve(slope)
            share = 1.0
            while share > 1e-6:
                there = [e + share * s for e, s in zip(effects, step, strict=True)]
                height_there = height(there)
                if height_there >= here:
                    break
                share /= 2
            gain, effects, here = height_there - here, there, max(here, height_there)
            if gain < SETTLED * (1 + abs(here)):
                break
        self.effects = effects
        return effects

    def value_and_slope(self, psi: Floats) -> tuple[float, Floats]:
        """The Laplace log-likelihood and its exact gradient. Raises FloatingPointError."""
        thresholds, coefficients, spreads = self.unpack(psi)
        level = self.fixed @ coefficients
        scaled = [spread * term.values for spread, term in zip(spreads, self.terms, strict=True)]
        effects = self.mode(thresholds, level, scaled)
        shares = self.random(effects, scaled)
        found = pieces(*self.edges(thresholds, level + np.sum(shares, axis=0)), self.link)
        hessian = Hessian(self.layout, found.w, scaled)
        value = found.loglik.sum() - 0.5 * sum(float(e @ e) for e in effects)
        value -= 0.5 * hessian.log_det
        own = hessian.leverages()
        leverage = own.sum(axis=1)
        moved = hessian.solve(self._gathered(-0.5 * leverage * found.w_eta, scaled))
        moves = self.random(moved, scaled)
        e = np.sum(moves, axis=0)
        by_eta = found.g - 0.5 * leverage * found.w_eta - found.w * e
        by_a = found.l_a - 0.5 * leverage * found.w_a + e * found.g_a
        by_c = found.l_c - 0.5 * leverage * found.w_c + e * found.g_c
        by_spread = [
            float(share @ by_eta - found.w @ own[:, n] + found.g @ move)
            for n, (share, move) in enumerate(zip(shares, moves, strict=True))
        ]
        by_theta = np.bincount(self.y, by_a, minlength=self.cuts + 2)[1 : self.cuts + 1]
        by_theta = (
            by_theta + np.bincount(self.y - 1, by_c, minlength=self.cuts + 2)[1 : self.cuts + 1]
        )
        tail = np.cumsum(by_theta[::-1])[::-1]  # each gap moves every threshold above it
        by_psi = np.concatenate([[tail[0]], tail[1:] * np.exp(psi[1 : self.cuts])])
        return float(value), np.concatenate([by_psi, self.fixed.T @ by_eta, by_spread])

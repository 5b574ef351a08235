"""How far the levels of random terms spread, and how a slope goes with its intercept.

Random effects are `b = L z` with z of unit variance. Without correlation L is diagonal: one spread
per term. With it, an intercept and a slope of one factor share the lower triangle
`[[s, 0], [t r, t sqrt(1 - r²)]]` of spreads s and t and correlation r. Parameters are the logs of
the spreads, by term, then the inverse hyperbolic tangents of the correlations.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gallery.findings.crossed import Term

Floats = NDArray[np.float64]
Bounds = tuple[float | None, float | None]

LOG_SPREAD: Bounds = (float(np.log(1e-4)), 4.0)
CORRELATION: Bounds = (-4.0, 4.0)  # of the inverse tangent: 0.9993


class Spreads:
    """The spreads of terms, and which pairs of them are correlated."""

    def __init__(self, terms: Sequence[Term], *, correlated: bool = False) -> None:
        self.terms = list(terms)
        of = {term.factor: n for n, term in reversed(list(enumerate(terms)))}
        slopes = [(of[term.factor], n) for n, term in enumerate(terms) if of[term.factor] != n]
        self.pairs = slopes if correlated else []
        self.count = len(terms) + len(self.pairs)
        self.bounds = [LOG_SPREAD] * len(terms) + [CORRELATION] * len(self.pairs)
        self.start = np.concatenate([np.full(len(terms), np.log(0.5)), np.zeros(len(self.pairs))])

    def sds(self, parameters: Floats) -> Floats:
        return np.asarray(np.exp(parameters[: len(self.terms)]))

    def correlations(self, parameters: Floats) -> dict[str, float]:
        """By slope's term."""
        told = np.tanh(parameters[len(self.terms) :])
        pairs = zip(self.pairs, told, strict=True)
        return {self.terms[slope].name: float(r) for (_, slope), r in pairs}

    def scaled(self, parameters: Floats) -> list[Floats]:
        """The terms' values times L, so that z has unit variance."""
        sds = self.sds(parameters)
        found = [s * term.values for s, term in zip(sds, self.terms, strict=True)]
        for (intercept, slope), at in self._angles(parameters):
            plain = found[slope]
            found[intercept] = found[intercept] + np.tanh(at) * plain
            found[slope] = plain / np.cosh(at)
        return found

    def slopes(self, parameters: Floats) -> list[dict[int, Floats]]:
        """For each parameter, what it changes in the scaled values of which terms."""
        sds = self.sds(parameters)
        plain = [s * term.values for s, term in zip(sds, self.terms, strict=True)]
        found = [{n: values} for n, values in enumerate(plain)]
        for (intercept, slope), at in self._angles(parameters):
            tilted = plain[slope]
            found[slope] = {intercept: np.tanh(at) * tilted, slope: tilted / np.cosh(at)}
            found.append(
                {
                    intercept: tilted / np.cosh(at) ** 2,
                    slope: -np.tanh(at) / np.cosh(at) * tilted,
                }
            )
        return found

    def effects(self, parameters: Floats, unit: Sequence[Floats]) -> list[Floats]:
        """From effects of unit variance to effects in units of the link, by term."""
        sds = self.sds(parameters)
        found = [s * z for s, z in zip(sds, unit, strict=True)]
        for (intercept, slope), at in self._angles(parameters):
            found[slope] = sds[slope] * (np.tanh(at) * unit[intercept] + unit[slope] / np.cosh(at))
        return found

    def _angles(self, parameters: Floats) -> list[tuple[tuple[int, int], float]]:
        return list(zip(self.pairs, parameters[len(self.terms) :].tolist(), strict=True))

"""Crossed random effects by block elimination: solve, determinant and leverages of one Hessian.

With W the answers' weights and A their random design (each row has one entry per term),
`H = I + A' W A`. Within the factor of most levels it is block-diagonal, so that factor is
eliminated first and only a matrix as wide as all other levels is factored. With L levels eliminated
and m left this takes time nnz + L m² + m³/3 and memory L m: some thousands of m are the limit.
Beyond it a sparse factorisation or conjugate gradients would be needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Term:
    """One random term: a factor's levels, and what each row multiplies them with.

    `codes` and `values` have shape (n,); an intercept has values of 1, a slope its column.
    """

    name: str
    factor: str
    codes: Ints
    levels: int
    values: Floats


class Layout:
    """Which terms are eliminated, and where the levels of the others stand."""

    def __init__(self, terms: Sequence[Term]) -> None:
        most = max(terms, key=lambda term: term.levels).factor
        self.terms = list(terms)
        self.first = [n for n, term in enumerate(terms) if term.factor == most]
        self.rest = [n for n, term in enumerate(terms) if term.factor != most]
        self.codes = terms[self.first[0]].codes
        self.levels = terms[self.first[0]].levels
        starts = np.cumsum([0, *(terms[n].levels for n in self.rest)])
        self.width = int(starts[-1])
        rows = len(self.codes)
        self.columns = np.empty((rows, len(self.rest)), dtype=np.int64)
        for k, n in enumerate(self.rest):
            self.columns[:, k] = terms[n].codes + starts[k]

    def split(self, effects: Sequence[Floats]) -> tuple[Floats, Floats]:
        """Effects by term as (levels, terms) of the first factor and (width,) of the others."""
        first = np.stack([effects[n] for n in self.first], axis=1)
        rest = np.concatenate([effects[n] for n in self.rest]) if self.rest else np.empty(0)
        return first, rest

    def join(self, first: Floats, rest: Floats) -> list[Floats]:
        """The way back."""
        found: list[Floats] = [np.empty(0)] * len(self.terms)
        for k, n in enumerate(self.first):
            found[n] = first[:, k]
        at = 0
        for n in self.rest:
            found[n] = rest[at : at + self.terms[n].levels]
            at += self.terms[n].levels
        return found


class Hessian:
    """H for given weights and spreads. `scaled` are the terms' values times their spreads."""

    def __init__(self, layout: Layout, weights: Floats, scaled: Sequence[Floats]) -> None:
        self.layout = layout
        self.a = np.stack([scaled[n] for n in layout.first], axis=1)
        self.b = (
            np.stack([scaled[n] for n in layout.rest], axis=1)
            if layout.rest
            else np.empty((len(weights), 0))
        )
        q, m, size = self.a.shape[1], layout.width, layout.levels
        blocks = np.zeros((size, q, q))
        for i in range(q):
            for j in range(q):
                products = weights * self.a[:, i] * self.a[:, j]
                blocks[:, i, j] = np.bincount(layout.codes, products, minlength=size)
        blocks += np.eye(q)
        cross = np.zeros((size, q, m))
        for i in range(q):
            for k in range(self.b.shape[1]):
                cell = layout.codes * m + layout.columns[:, k]
                products = weights * self.a[:, i] * self.b[:, k]
                cross[:, i] += np.bincount(cell, products, minlength=size * m).reshape(size, m)
        self.inverse = np.linalg.inv(blocks)
        self.cross, self.reduced = cross, self.inverse @ cross
        below = np.eye(m)
        for k in range(self.b.shape[1]):
            for j in range(self.b.shape[1]):
                cell = layout.columns[:, k] * m + layout.columns[:, j]
                products = weights * self.b[:, k] * self.b[:, j]
                below += np.bincount(cell, products, minlength=m * m).reshape(m, m)
        flat = self.cross.reshape(size * q, m)
        self.factor = cho_factor(below - flat.T @ self.reduced.reshape(size * q, m), lower=True)
        _, log_blocks = np.linalg.slogdet(blocks)
        self.log_det = float(log_blocks.sum() + 2 * np.log(np.diag(self.factor[0])).sum())

    def solve(self, effects: Sequence[Floats]) -> list[Floats]:
        """H⁻¹ times effects that are given by term."""
        first, rest = self.layout.split(effects)
        inner = np.einsum("lqr,lr->lq", self.inverse, first)
        outer = cho_solve(self.factor, rest - np.einsum("lqm,lq->m", self.cross, inner))
        return self.layout.join(inner - self.reduced @ outer, outer)

    def leverages(self) -> Floats:
        """Per row and term, shape (n, terms): the part of the row's own term in a' H⁻¹ a. Their sum
        over the terms is the row's leverage."""
        small = cho_solve(self.factor, np.eye(self.layout.width))
        spread = self.reduced @ small
        within = self.inverse + spread @ self.reduced.transpose(0, 2, 1)
        own = np.einsum("nqr,nr->nq", within[self.layout.codes], self.a) * self.a
        columns = self.layout.columns
        far = np.zeros_like(self.b)
        for k in range(self.b.shape[1]):
            mixed = -spread[self.layout.codes, :, columns[:, k]] * self.a * self.b[:, [k]]
            own += mixed
            far[:, k] += mixed.sum(axis=1)
            for j in range(self.b.shape[1]):
                far[:, k] += self.b[:, k] * small[columns[:, k], columns[:, j]] * self.b[:, j]
        found = np.empty((len(own), len(self.layout.terms)))
        found[:, self.layout.first] = own
        found[:, self.layout.rest] = far
        return found

    def variances(self) -> list[Floats]:
        """The diagonal of H⁻¹, by term."""
        small = cho_solve(self.factor, np.eye(self.layout.width))
        within = self.inverse + (self.reduced @ small) @ self.reduced.transpose(0, 2, 1)
        return self.layout.join(np.diagonal(within, axis1=1, axis2=2), np.diag(small))

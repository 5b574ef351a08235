"""Crossed random effects by block elimination: solve, determinant and leverages of one Hessian.

With W the answers' weights and A their random design, `H = I + A' W A`. Within the factor of most
levels H is block-diagonal, so that factor is eliminated first and only a matrix as wide as all
other levels is factored; what joins the two is kept sparse. With n answers and m other levels one
pass takes time n m + m³ and memory m² + L m, for the L levels eliminated. Some thousands of m are
the limit: beyond, a sparse factorisation or conjugate gradients would be needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Term:
    """One random term: a factor's levels, and what each row multiplies them with.

    `codes` and `values` have shape (n, entries); an intercept has one entry of 1, a slope one of
    its column, a comparison of two works +1 for the one and -1 for the other.
    """

    name: str
    factor: str
    codes: Ints
    levels: int
    values: Floats


class Layout:
    """Which terms are eliminated, where the levels of the others stand, and which of them meet."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self.terms = list(terms)
        single = [term for term in terms if term.codes.shape[1] == 1]
        most = max(single, key=lambda term: term.levels).factor if single else None
        self.first = [n for n, term in enumerate(terms) if term.factor == most]
        self.rest = [n for n, term in enumerate(terms) if term.factor != most]
        rows = len(terms[0].codes)
        head = terms[self.first[0]] if self.first else None
        self.codes = head.codes[:, 0] if head else np.zeros(rows, dtype=np.int64)
        self.levels = head.levels if head else 1
        stops = np.cumsum([0, *(terms[n].levels for n in self.rest)])
        self.starts, self.width = dict(zip(self.rest, stops.tolist(), strict=False)), int(stops[-1])
        self.entries = [n for n in self.rest for _ in range(terms[n].codes.shape[1])]
        self.columns = (
            np.concatenate([terms[n].codes + self.starts[n] for n in self.rest], axis=1)
            if self.rest
            else np.empty((rows, 0), dtype=np.int64)
        )
        # Pairs of an eliminated level and another that share an answer, in the order of a CSR.
        cells, at = np.unique(self.codes[:, None] * self.width + self.columns, return_inverse=True)
        self.at = at.reshape(self.columns.shape)
        self.cell_level, self.cell_column = np.divmod(cells, max(self.width, 1))
        self.rows = np.searchsorted(self.cell_level, np.arange(self.levels + 1))

    def joined(self, values: Floats) -> scipy.sparse.csr_array:
        """Values of the cells as a matrix of shape (levels, width)."""
        shape = (self.levels, self.width)
        return scipy.sparse.csr_array((values, self.cell_column, self.rows), shape=shape)

    def split(self, effects: Sequence[Floats]) -> tuple[Floats, Floats]:
        """Effects by term as (levels, terms) of the first factor and (width,) of the others."""
        first = (
            np.stack([effects[n] for n in self.first], axis=1)
            if self.first
            else np.empty((self.levels, 0))
        )
        rest = np.concatenate([effects[n] for n in self.rest]) if self.rest else np.empty(0)
        return first, rest

    def join(self, first: Floats, rest: Floats) -> list[Floats]:
        """The way back."""
        found: list[Floats] = [np.empty(0)] * len(self.terms)
        for k, n in enumerate(self.first):
            found[n] = first[:, k]
        for n, start in self.starts.items():
            found[n] = rest[start : start + self.terms[n].levels]
        return found


class Hessian:
    """H for given weights and designs; `scaled` are the terms' values times their spreads."""

    def __init__(self, layout: Layout, weights: Floats, scaled: Sequence[Floats]) -> None:
        self.layout = layout
        rows = len(weights)
        self.a = np.concatenate([np.empty((rows, 0)), *(scaled[n] for n in layout.first)], axis=1)
        self.b = np.concatenate([np.empty((rows, 0)), *(scaled[n] for n in layout.rest)], axis=1)
        weighted = weights[:, None] * self.a
        q, size = self.a.shape[1], layout.levels
        blocks = np.empty((size, q, q))
        for i in range(q):
            for j in range(i + 1):
                blocks[:, i, j] = blocks[:, j, i] = np.bincount(
                    layout.codes, weighted[:, i] * self.a[:, j], minlength=size
                )
        blocks += np.eye(q)
        self.cross = np.empty((len(layout.cell_level), q))
        for i in range(q):
            products = (weighted[:, [i]] * self.b).ravel()
            self.cross[:, i] = np.bincount(
                layout.at.ravel(), products, minlength=len(layout.cell_level)
            )
        self.inverse = np.linalg.inv(blocks)
        self.reduced = np.einsum("cij,cj->ci", self.inverse[layout.cell_level], self.cross)
        self.factor = scipy.linalg.cho_factor(self._below(weights) - self._eliminated(), lower=True)
        _, log_blocks = np.linalg.slogdet(blocks)
        self.log_det = float(log_blocks.sum() + 2 * np.log(np.diag(self.factor[0])).sum())

    def _below(self, weights: Floats) -> Floats:
        m, columns = self.layout.width, self.layout.columns
        below = np.eye(m)
        for k in range(self.b.shape[1]):
            for j in range(self.b.shape[1]):
                cell = columns[:, k] * m + columns[:, j]
                products = weights * self.b[:, k] * self.b[:, j]
                below += np.bincount(cell, products, minlength=m * m).reshape(m, m)
        return below

    def _eliminated(self) -> Floats:
        """What the first factor takes from the others: cross' H⁻¹ cross, shape (width, width)."""
        m, found = self.layout.width, np.zeros((self.layout.width, self.layout.width))
        crowded = len(self.cross) > 0.1 * self.layout.levels * m
        for i in range(self.cross.shape[1]):
            left, right = (self.layout.joined(part[:, i]) for part in (self.cross, self.reduced))
            found += left.toarray().T @ right.toarray() if crowded else (left.T @ right).toarray()
        return found

    def solve(self, effects: Sequence[Floats]) -> list[Floats]:
        """H⁻¹ times effects that are given by term."""
        layout = self.layout
        first, rest = layout.split(effects)
        inner = np.einsum("lqr,lr->lq", self.inverse, first)
        products = (self.cross * inner[layout.cell_level]).sum(axis=1)
        rest = rest - np.bincount(layout.cell_column, products, minlength=layout.width)
        outer = scipy.linalg.cho_solve(self.factor, rest)
        for i in range(inner.shape[1]):
            products = self.reduced[:, i] * outer[layout.cell_column]
            inner[:, i] -= np.bincount(layout.cell_level, products, minlength=layout.levels)
        return layout.join(inner, outer)

    @cached_property
    def inverted(self) -> tuple[Floats, Floats, Floats]:
        """The parts of H⁻¹ that answers meet: (levels, q, q) within the first factor, (cells, q)
        between it and the others (with the sign turned), (width, width) among the others."""
        layout, q = self.layout, self.a.shape[1]
        small: Floats = np.asarray(scipy.linalg.cho_solve(self.factor, np.eye(layout.width)))
        spread: Floats = np.empty(self.reduced.shape)
        for i in range(q):
            far: Floats = layout.joined(self.reduced[:, i]) @ small
            spread[:, i] = far[layout.cell_level, layout.cell_column]
        within = np.array(self.inverse, dtype=np.float64)
        for i in range(q):
            for j in range(q):
                products = spread[:, i] * self.reduced[:, j]
                within[:, i, j] += np.bincount(layout.cell_level, products, minlength=layout.levels)
        return within, spread, small

    def leverages(self) -> list[Floats]:
        """By term, shape (n, entries): each row's own entries of H⁻¹ a, for its design a. Times a
        and summed over terms and entries they are the row's leverage."""
        layout = self.layout
        within, spread, small = self.inverted
        own = np.einsum("nqr,nr->nq", within[layout.codes], self.a)
        own -= np.einsum("nkq,nk->nq", spread[layout.at], self.b)
        far = -np.einsum("nkq,nq->nk", spread[layout.at], self.a)
        for k in range(self.b.shape[1]):
            for j in range(self.b.shape[1]):
                far[:, k] += small[layout.columns[:, k], layout.columns[:, j]] * self.b[:, j]
        found: list[Floats] = [np.empty((len(own), 0))] * len(layout.terms)
        for k, n in enumerate(layout.first):
            found[n] = own[:, [k]]
        for n in layout.rest:
            found[n] = far[:, [k for k, term in enumerate(layout.entries) if term == n]]
        return found

    def covariances(self, one: int, other: int) -> Floats:
        """Of two terms of one factor, level by level: entries of H⁻¹, shape (levels,)."""
        within, _, small = self.inverted
        layout = self.layout
        if one in layout.first:
            picked: Floats = within[:, layout.first.index(one), layout.first.index(other)]
            return picked
        levels = np.arange(layout.terms[one].levels)
        return np.asarray(small[levels + layout.starts[one], levels + layout.starts[other]])

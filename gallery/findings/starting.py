"""Where a fit begins: at the shares of the answers, or where a fit of similar answers ended.

The second is much nearer, and knows besides in which units its parameters move alike; together that
saves four of five evaluations of the likelihood.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gallery.findings.laplace import Model
from gallery.findings.links import Link

Floats = NDArray[np.float64]

PROBIT = 0.6  # of a logit, roughly
FLAT = 1.0  # curvature, below which a parameter tells no unit: steps of it could go anywhere


@dataclass(frozen=True)
class Ended:
    """Where a fit ended: its parameters, how curved its likelihood was in each, whose they are."""

    psi: Floats
    curvature: Floats  # (parameters,), 0 at a boundary
    names: tuple[str, ...]  # of coefficients
    terms: tuple[str, ...]
    cuts: int
    link: Link


def afresh(model: Model) -> tuple[Floats, Floats]:
    """Thresholds that give the observed shares, and no effects; and the unit of each parameter."""
    psi = np.concatenate([_shares(model), np.zeros(model.fixed.shape[1]), model.spreads.start])
    return psi, np.ones(len(psi))


def after(model: Model, names: Sequence[str], ended: Ended) -> tuple[Floats, Floats]:
    """Where the other fit ended; what it did not have begins afresh."""
    psi, _ = afresh(model)
    free = len(psi) - model.cuts - model.fixed.shape[1]
    wide = np.maximum(model.fixed.std(axis=0), 1e-9) * len(model.y) ** 0.5 / 2
    units = np.concatenate([np.full(model.cuts, 0.1), 1 / wide, np.full(free, 0.2)])
    ratio = {"logit": 1.0, "probit": PROBIT}
    shrunk = ratio[model.link] / ratio[ended.link]
    sets, each = model.shape
    if ended.cuts == each:
        for at in range(model.cuts):
            first = at % each == 0
            there = ended.psi[at % each]
            psi[at] = there * shrunk if first else there + np.log(shrunk)
            units[at] = _unit(ended.curvature[at % each], units[at]) * sets**0.5
    theirs = {name: ended.cuts + n for n, name in enumerate(ended.names)}
    for at, name in enumerate(names, model.cuts):
        if name in theirs:
            psi[at] = ended.psi[theirs[name]] * shrunk
            units[at] = _unit(ended.curvature[theirs[name]], units[at])
    spreads = {name: ended.cuts + len(ended.names) + n for n, name in enumerate(ended.terms)}
    for at, term in enumerate(model.terms, model.cuts + len(names)):
        known = spreads.get(term.name)
        if known is not None and ended.curvature[known] > FLAT:
            psi[at] = ended.psi[known] + np.log(shrunk)
            units[at] = _unit(ended.curvature[known], units[at])
    return psi, units


def _unit(curvature: float, otherwise: float) -> float:
    return float(curvature**-0.5) if curvature > FLAT else otherwise


def _shares(model: Model) -> Floats:
    counts = np.bincount(model.y)[1:]
    shares = np.cumsum(counts)[:-1] / len(model.y)
    thresholds = np.log(shares / (1 - shares)) * (1.0 if model.link == "logit" else PROBIT)
    gaps = np.log(np.maximum(np.diff(thresholds), 1e-3))
    return np.tile(np.concatenate([thresholds[:1], gaps]), model.shape[0])

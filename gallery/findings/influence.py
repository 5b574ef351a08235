"""How much one network may move a published mean.

Anybody can sit a study many times under many names, but hardly from many networks. So the answers
that come from one network carry at most a stated share of all weight, or that of one rater if that
is more. The share is part of a study's protocol; 0 switches the bound off, for a kiosk or a class.
Networks are known by a hash that lasts a day (`gallery.studies.limits`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def weights_of(answers: Ints, networks: Sequence[str], most: float) -> Floats:
    """What each rater's answers weigh, shape (raters,), 1 where nothing is bounded.

    `answers` are how many each rater gave, shape (raters,); `networks` name each one's network,
    "" for one that is not known, which is taken for a network of its own. `most` is the largest
    share of all weight that one network may carry.
    """
    if most <= 0 or not len(answers):
        return np.ones(len(answers))
    named = [name or f"alone {rater}" for rater, name in enumerate(networks)]
    _, network = np.unique(named, return_inverse=True)
    whole = np.bincount(network, answers).astype(float)
    one_rater = float(answers.max())
    capped = whole.copy()
    for _ in range(100):  # each round lowers the cap; it settles within a few
        cap = max(one_rater, most * capped.sum())
        lowered = np.minimum(whole, cap)
        if np.allclose(lowered, capped):
            break
        capped = lowered
    share = np.divide(capped, whole, out=np.ones_like(whole), where=whole > 0)
    weights: Floats = share[network]
    return weights

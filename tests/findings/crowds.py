"""Answers whose truth is known, as the models take them."""

import numpy as np

from gallery.findings.comparison import Judged, fitted
from gallery.findings.ordinal import OrdinalFit


def crowd(
    effect: float = 0.8,
    *,
    raters: int = 80,
    makers: int = 6,
    each: int = 4,
    planted: dict[int, float] | None = None,
    sd_maker: float = 0.0,
    seed: int = 1,
) -> Judged:
    """Each rater rates half of the works of `makers` a side, who have `each` works; makers are
    numbered from 10, people first. `planted` are shifts of makers, in logits."""
    rng = np.random.default_rng(seed)
    works = 2 * makers * each
    made = 10 + np.arange(works) // each
    sides = (made >= 10 + makers).astype(int)
    own = rng.normal(0, 0.5, works) + rng.normal(0, sd_maker, 2 * makers)[made - 10]
    own += np.array([(planted or {}).get(maker, 0.0) for maker in made.tolist()])
    rater = np.repeat(np.arange(raters), works // 2)
    work = np.concatenate([rng.permutation(works)[: works // 2] for _ in range(raters)])
    eta = effect * (0.5 - sides[work]) + rng.normal(0, 0.8, raters)[rater] + own[work]
    values = 1 + np.searchsorted(np.linspace(-2.5, 2.5, 6), eta + rng.logistic(size=len(rater)))
    return Judged(values, rater, work, sides, made)


def settled(answers: Judged, **kw) -> OrdinalFit:
    model = fitted(answers, **kw)
    assert isinstance(model, OrdinalFit)
    return model

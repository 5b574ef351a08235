"""How often the findings err, by simulation: intervals, the primary test, ten looks.

    OMP_NUM_THREADS=1 python -m bench.coverage [--studies 1000] [--looks 300]

Studies of 200 raters and 20 works a side, 16 works each, seven points, with the spreads that
`simulate_raters` has (works 0.9, raters 1.1, leanings 0.3). Beside the primary test stands the one
that takes answers for independent: a t-test of all ratings.
"""

from __future__ import annotations

import argparse
import os
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np
from scipy.stats import binomtest, ttest_ind

from gallery.findings.comparison import Judged, compared, fitted
from gallery.findings.thresholds import Missing

RATERS, WORKS, EACH, LOOKS = 200, 20, 16, 10
SD_WORK, SD_RATER, SD_LEANING = 0.9, 1.1, 0.3
CUTS = np.array([-2.25, -1.35, -0.45, 0.45, 1.35, 2.25])


def study(seed: int, effect: float) -> Judged:
    """Answers of one study, rater by rater; half of each rater's works from either side."""
    rng = np.random.default_rng(seed)
    sides = np.repeat([0, 1], WORKS)
    works = np.concatenate(
        [
            first + rng.choice(WORKS, EACH // 2, replace=False)
            for _ in range(RATERS)
            for first in (0, WORKS)
        ]
    )
    raters = np.repeat(np.arange(RATERS), EACH)
    leaning = effect + rng.normal(0, SD_LEANING, RATERS)
    eta = leaning[raters] * (0.5 - sides[works]) + rng.normal(0, SD_RATER, RATERS)[raters]
    eta += rng.normal(0, SD_WORK, 2 * WORKS)[works] + rng.logistic(size=len(works))
    return Judged(1 + np.searchsorted(CUTS, eta), raters, works, sides, np.arange(2 * WORKS))


def once(seed: int, effect: float) -> tuple[bool, bool, bool]:
    """Whether the interval holds the effect, the primary test rejects none, and the pooled one."""
    judged = study(seed, effect)
    model = fitted(judged)
    if isinstance(model, Missing):
        raise TypeError(model)
    told = compared(judged, model)
    side = judged.sides[judged.works]
    pooled = ttest_ind(judged.values[side == 0], judged.values[side == 1]).pvalue
    held = told.difference.low <= effect <= told.difference.high
    return held, told.p < 0.05, bool(pooled < 0.05)


def looked(seed: int) -> tuple[bool, bool]:
    """Ten looks as raters come, nothing to find: whether any always-valid interval, or any for a
    single look, leaves zero."""
    whole, wide, narrow = study(seed, 0.0), False, False
    for raters in np.linspace(RATERS / LOOKS, RATERS, LOOKS).astype(int):
        kept = whole.raters < raters
        part = Judged(
            whole.values[kept], whole.raters[kept], whole.works[kept], whole.sides, whole.makers
        )
        model = fitted(part)
        if not isinstance(model, Missing):
            told = compared(part, model)
            wide |= not told.always.holds_zero
            narrow |= not told.difference.holds_zero
    return wide, narrow


def share(name: str, hits: list[bool]) -> None:
    found = binomtest(sum(hits), len(hits)).proportion_ci()
    mean = 100 * sum(hits) / len(hits)
    reach = f"{100 * found.low:.1f} to {100 * found.high:.1f}"
    print(f"{name}: {mean:.1f} % ({reach}), {len(hits)} studies", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--studies", type=int, default=1000)
    parser.add_argument("--looks", type=int, default=300)
    asked = parser.parse_args()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for effect in (0.0, 0.5):
            found = list(pool.map(partial(once, effect=effect), range(asked.studies), chunksize=8))
            share(f"effect {effect}: interval of 95 % holds it", [one[0] for one in found])
            if not effect:
                share("    primary test at 5 % finds one", [one[1] for one in found])
                share("    t-test of all answers finds one", [one[2] for one in found])
        seen = list(pool.map(looked, range(asked.looks), chunksize=4))
        share(f"{LOOKS} looks: an always-valid interval leaves zero", [one[0] for one in seen])
        share("    an interval for one look does", [one[1] for one in seen])


if __name__ == "__main__":
    main()

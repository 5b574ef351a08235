"""Two classifiers that try to tell people's works from machines', and how well they do.

Folds never part one work's observations; the interval resamples works, not observations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import mannwhitneyu
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

FOLDS = 5
RESAMPLED = 1000
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Verdict:
    """The area under the curve of one classifier, 0.5 for guessing, with its 95 % interval."""

    auc: float
    low: float
    high: float
    classifier: str
    p: float  # one-sided, of scores as high by chance: Mann and Whitney 1947

    def __str__(self) -> str:
        return f"{self.auc:.3f} ({self.low:.3f} to {self.high:.3f}, {self.classifier})"

    @property
    def caught(self) -> bool:
        """Whether a leak is beyond doubt. The interval of a few works excludes 0.5 by chance in one
        clean walk of nine; this does in one of a thousand."""
        return self.p < 0.001

    @property
    def blind(self) -> bool:
        """What the gallery must reach without the picture: guessing is inside, 0.6 is outside."""
        return self.low <= 0.5 and self.high < 0.6


def attack(
    rows: Sequence[Mapping[str, float | str]],
    truth: Sequence[bool],
    works: Sequence[str],
    *,
    resampled: int = RESAMPLED,
) -> list[Verdict]:
    """A linear and a boosted attacker. `works` name the work of each row."""
    table = np.asarray(DictVectorizer(sparse=False).fit_transform(rows), dtype=float)
    labels, groups = np.asarray(truth, dtype=int), np.unique(works, return_inverse=True)[1]
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
    attackers: dict[str, Any] = {
        "logistic": make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500)),
        "boosted": HistGradientBoostingClassifier(
            max_iter=60, max_leaf_nodes=7, min_samples_leaf=8, random_state=0
        ),
    }
    found = []
    for name, model in attackers.items():
        scores = cross_val_predict(
            model, table, labels, groups=groups, cv=folds, method="predict_proba"
        )[:, 1]
        found.append(
            Verdict(*_interval(scores, labels, groups, resampled), name, _p(scores, labels, groups))
        )
    return found


def _p(scores: Floats, labels: NDArray[Any], groups: NDArray[Any]) -> float:
    """Of works, not of observations: two of one work are not independent. A painting that has two
    histories counts once on each side."""
    sides, at = np.unique(2 * groups + labels, return_inverse=True)
    mean, by_machine = np.bincount(at, scores) / np.bincount(at), sides % 2 == 1
    return float(mannwhitneyu(mean[by_machine], mean[~by_machine], alternative="greater").pvalue)


def _interval(
    scores: Floats, labels: NDArray[Any], groups: NDArray[Any], resampled: int
) -> tuple[float, float, float]:
    rng = np.random.default_rng(0)
    count = groups.max() + 1
    rows = [np.flatnonzero(groups == group) for group in range(count)]
    drawn = []
    for _ in range(resampled):
        taken = np.concatenate([rows[group] for group in rng.integers(count, size=count)])
        if 0 < labels[taken].sum() < len(taken):
            drawn.append(roc_auc_score(labels[taken], scores[taken]))
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(roc_auc_score(labels, scores)), float(low), float(high)

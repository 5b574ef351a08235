"""Signs of careless answers: pure arithmetic on one rater's answers, or on all raters' at once.

Three rules exclude, fixed before a study opens: answers too fast to have looked, both anchors
judged the wrong way round, the wrong answer on the row that names it. Every other index only flags,
since dissent is data. Indices after Meade and Craig (2012), Psychological Methods 17, and Curran
(2016), Journal of Experimental Social Psychology 66. An index that cannot be had is None.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import groupby

import numpy as np
import scipy
from numpy.typing import NDArray

from gallery.studies.protocol import Exclusions

LEAST_TRIALS = 5  # rated works, below which a rater is neither fast nor monotonous nor odd
LONG_STRING = 10  # of the same pair of answers in a row, of some 18
LEAST_SPREAD = 0.3  # points, standard deviation over works
LEAST_RETEST = 3.0  # points, mean absolute difference on repeats, from which on it is flagged
LEAST_FIT = -0.2  # correlation with the others' means
LEAST_RATERS = 20  # for a distance from all of them
ODD = 0.001  # probability of a distance as large


@dataclass(frozen=True)
class Answered:
    """One answered trial. Marks are points by item; items that were not asked are missing."""

    kind: str  # rated, repeat, noise, plain
    work: int
    marks: Mapping[str, int]
    ms: int | None = None  # as the browser measured it
    least_ms: float = 2000.0  # below which nobody can have looked
    named: int | None = None  # the point that a row asked for


@dataclass(frozen=True)
class Indices:
    """What was computed of one rater; None where there was too little to compute it from."""

    fast_share: float | None = None  # of trials
    anchors_failed: bool | None = None
    instructed_failed: bool | None = None
    long_string: int | None = None  # trials
    spread: float | None = None  # points: the larger of the items' standard deviations
    retest: float | None = None  # points
    fit: float | None = None  # correlation
    mean: float | None = None  # points
    log_ms: float | None = None

    def as_json(self) -> dict[str, float | bool | None]:
        return asdict(self)


@dataclass(frozen=True)
class Verdict:
    """Why a rater is left out, or nothing; and what about them is remarkable."""

    indices: Indices
    excluded_by: str = ""
    flags: list[str] = field(default_factory=list)


def indices(
    trials: Sequence[Answered], means: Mapping[tuple[int, str], tuple[int, int]]
) -> Indices:
    """Of one rater. `means` hold, by work and item, the sum and the number of everyone's marks,
    this rater's among them, so that their own can be taken out."""
    rated = [trial for trial in trials if trial.kind == "rated"]
    timed = [trial for trial in trials if trial.ms is not None]
    enough = len(rated) >= LEAST_TRIALS
    marks = [value for trial in rated for value in trial.marks.values()]
    return Indices(
        fast_share=(
            sum((trial.ms or 0) < trial.least_ms for trial in timed) / len(timed)
            if len(timed) >= LEAST_TRIALS
            else None
        ),
        anchors_failed=_anchors_failed(trials),
        instructed_failed=_instructed_failed(trials),
        long_string=_long_string(rated) if enough else None,
        spread=_spread(rated) if enough else None,
        retest=_retest(trials),
        fit=_fit(rated, means) if enough else None,
        mean=float(np.mean(marks)) if marks else None,
        log_ms=float(np.mean([np.log(max(1, t.ms or 1)) for t in timed])) if timed else None,
    )


def _anchors_failed(trials: Sequence[Answered]) -> bool | None:
    """Noise no less coherent than a plain field, and the plain field more surprising: both."""
    noise = next((t.marks for t in trials if t.kind == "noise" and t.marks), None)
    plain = next((t.marks for t in trials if t.kind == "plain" and t.marks), None)
    if noise is None or plain is None or "coherence" not in noise or "surprise" not in noise:
        return None
    if "coherence" not in plain or "surprise" not in plain:
        return None
    return noise["coherence"] >= plain["coherence"] and plain["surprise"] > noise["surprise"]


def _instructed_failed(trials: Sequence[Answered]) -> bool | None:
    asked = [t for t in trials if t.named is not None and "instructed" in t.marks]
    return any(t.marks["instructed"] != t.named for t in asked) if asked else None


def _long_string(rated: Sequence[Answered]) -> int:
    answers = [tuple(sorted(_scales(trial).items())) for trial in rated]
    return max(len(list(same)) for _, same in groupby(answers))


def _spread(rated: Sequence[Answered]) -> float | None:
    items = {item for trial in rated for item in _scales(trial)}
    spreads = [float(np.std([t.marks[i] for t in rated if i in t.marks])) for i in items]
    return max(spreads, default=None)


def _retest(trials: Sequence[Answered]) -> float | None:
    first = {(t.work, i): v for t in trials if t.kind == "rated" for i, v in _scales(t).items()}
    again = [
        abs(value - first[trial.work, item])
        for trial in trials
        if trial.kind == "repeat"
        for item, value in _scales(trial).items()
        if (trial.work, item) in first
    ]
    return float(np.mean(again)) if again else None


def _fit(
    rated: Sequence[Answered], means: Mapping[tuple[int, str], tuple[int, int]]
) -> float | None:
    """Correlation of the marks with everyone else's mean of the same work and item, each item
    taken from its own mean first, so that liking one scale more is no fit."""
    own: dict[str, list[float]] = {}
    others: dict[str, list[float]] = {}
    for trial in rated:
        for item, value in _scales(trial).items():
            total, count = means.get((trial.work, item), (value, 1))
            if count > 1:
                own.setdefault(item, []).append(value)
                others.setdefault(item, []).append((total - value) / (count - 1))
    x = np.array([v - np.mean(values) for values in own.values() for v in values])
    y = np.array([v - np.mean(values) for values in others.values() for v in values])
    if len(x) < LEAST_TRIALS or not x.any() or not y.any():
        return None
    return float(x @ y / np.sqrt((x @ x) * (y @ y)))


def _scales(trial: Answered) -> dict[str, int]:
    return {item: value for item, value in trial.marks.items() if item != "instructed"}


def verdict(found: Indices, rules: Exclusions, *, odd: bool = False) -> Verdict:
    """What follows from the indices by the rules that were frozen."""
    excluded = ""
    if found.fast_share is not None and found.fast_share > rules.fast_share > 0:
        excluded = "speed"
    elif rules.anchors and found.anchors_failed:
        excluded = "anchors"
    elif rules.instructed and found.instructed_failed:
        excluded = "instructed"
    signs = {
        "long string": found.long_string is not None and found.long_string >= LONG_STRING,
        "spread": found.spread is not None and found.spread < LEAST_SPREAD,
        "retest": found.retest is not None and found.retest >= LEAST_RETEST,
        "fit": found.fit is not None and found.fit < LEAST_FIT,
        "odd": odd,
    }
    return Verdict(found, excluded, [name for name, shown in signs.items() if shown])


def odd_ones(raters: Sequence[Indices]) -> list[bool]:
    """Who lies far from all others in mean, spread, speed, long string and retest together:
    Mahalanobis' distance squared, beyond the chi-squared quantile of ODD. Nobody below
    LEAST_RATERS. What one rater lacks is filled with the others' mean, which makes none odd."""
    rows = [(one.mean, one.spread, one.log_ms, one.long_string, one.retest) for one in raters]
    table: NDArray[np.float64] = np.array(
        [[np.nan if value is None else float(value) for value in row] for row in rows]
    ).reshape(-1, 5)
    table = table[:, ~np.isnan(table).all(axis=0)]
    if len(raters) < LEAST_RATERS or table.shape[1] == 0:
        return [False] * len(raters)
    centred = np.nan_to_num(table - np.nanmean(table, axis=0))
    inverse = np.linalg.pinv(np.cov(centred, rowvar=False).reshape(centred.shape[1], -1))
    distance = np.einsum("ij,jk,ik->i", centred, inverse, centred)
    return [bool(d > scipy.special.chdtri(centred.shape[1], ODD)) for d in distance]

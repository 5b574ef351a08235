"""How small a difference a study can tell, before anybody has rated: pure arithmetic.

With q works in each of two arms, R raters and N ratings, the squared standard error of the
difference in logits is about `2 sd_work²/q + sd_slope²/R + 4 · 3.3/N` (the variance of a logistic
answer is π²/3 = 3.3). However many raters come, the first term stays: works set the floor
(Westfall, Kenny and Judd 2014, Journal of Experimental Psychology: General 143).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, exp, pi, sqrt

SD_WORK, SD_SLOPE = 0.9, 0.3  # logits; to be replaced by what the first sittings show
DETECTED = 2.802  # standard errors: 80 % power at two-sided 5 %
EQUIVALENT = 0.30  # logits, within which two sources count as equal
EQUAL_SE = EQUIVALENT / (1.645 + 1.282)  # for 80 % power to show that
WORKS = (20, 40, 60, 100, 200)  # in each arm
RATINGS = (600, 2000, 6000)


@dataclass(frozen=True)
class Power:
    """What so many works, raters and ratings can tell."""

    works: int  # in each arm
    raters: int
    ratings: int

    @property
    def se(self) -> float:
        """Standard error of the difference, in logits."""
        return sqrt(
            2 * SD_WORK**2 / self.works + SD_SLOPE**2 / self.raters + 4 * (pi**2 / 3) / self.ratings
        )

    @property
    def detectable(self) -> float:
        """The smallest difference that is found in four of five studies, in logits."""
        return DETECTED * self.se

    @property
    def floor(self) -> float:
        """The same with infinitely many raters."""
        return DETECTED * sqrt(2 * SD_WORK**2 / self.works)

    @property
    def superiority(self) -> int:
        """That difference told otherwise: in how many of a hundred draws a random work of one arm
        is rated above a random one of the other (logistic answers, ties split)."""
        return round(100 * superiority_of(self.detectable))


def superiority_of(logits: float) -> float:
    """Probability that the higher of two sources is rated higher: 0.5 for no difference."""
    odds = exp(logits)
    if abs(odds - 1) < 1e-6:
        return 0.5
    return odds / (odds - 1) ** 2 * (odds - 1 - logits)


def power(works: int, raters: int, per_rater: int) -> Power:
    """Of a study. Raises ValueError unless all are 1 or more."""
    if min(works, raters, per_rater) < 1:
        raise ValueError("a study has works, raters and ratings")
    return Power(works, raters, raters * per_rater)


def works_for_equality() -> int:
    """How many works each arm needs to show that two sources are equal, were there no end of
    raters."""
    return ceil(2 * SD_WORK**2 / EQUAL_SE**2)

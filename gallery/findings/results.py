"""What may be said: numbers only, so that they can be kept and told in any language.

Nothing by origin exists here below ten raters, and no difference or other interval below thirty; a
page cannot show what was never computed. While a study is open its only intervals are those that
hold however often one looks; all else waits until no more answers can come.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gallery.findings.bootstrap import Interval
from gallery.findings.comparison import Compared
from gallery.findings.covariates import Beside
from gallery.findings.detection import Detected, Taken
from gallery.findings.ladders import Climbed
from gallery.findings.makers import LeftOut, OtherMakers
from gallery.findings.order import Ordered
from gallery.findings.pairwise import Chosen
from gallery.findings.plane import Place
from gallery.findings.quality import Quality
from gallery.findings.reactivity import Reacted
from gallery.findings.reliability import Reliable
from gallery.findings.steps import Steps
from gallery.findings.thresholds import ENOUGH_RATERS, Missing

GUESS_POINTS = 6

Counts = tuple[int, ...]
Means = tuple[float | None, ...]
CheckName = Literal["all", "unflagged", "probit"]


@dataclass(frozen=True)
class Side:
    """How many works of one origin were rated, by how many makers, and how often."""

    works: int
    makers: int
    trials: int


@dataclass(frozen=True)
class Scale:
    """Answers on one scale: per side, how many chose each point, and their mean.

    Of a closed study also: `difference`, people less machines in points by resampling; `machines`,
    by maker, people less this machine in logits; `p`, of no difference, after Holm over scales.
    """

    item: str
    counts: tuple[Counts, Counts]
    means: tuple[float, float]
    model: Compared | None
    missing: Missing | None  # why there is no model
    difference: Interval | None = None
    reliable: Reliable | None = None
    machines: tuple[tuple[int, Interval], ...] = ()
    sampled: Interval | None = None  # people less machines that sample, in logits
    filtered: Interval | None = None  # machines that filter less machines that sample, in logits
    p: float | None = None


@dataclass(frozen=True)
class Guesses:
    """Guesses at who made a work: per side, how many chose 1 (machine) to 6 (person).

    Of a closed study also the `share` of right ones with its interval, work by work how many took
    it for a person's, and mean ratings by truth (rows) and by belief (columns), people first.
    """

    counts: tuple[Counts, Counts]
    detected: Detected | None
    missing: Missing | None  # why there are no intervals
    share: Interval | None = None
    taken: tuple[Taken, ...] = ()
    believed: tuple[tuple[str, tuple[Means, ...]], ...] = ()  # by scale

    @property
    def said(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """The 2 x 2 table: per side, how many guesses said person and how many said machine."""
        half = GUESS_POINTS // 2
        human, machine = self.counts
        return (sum(human[half:]), sum(human[:half])), (sum(machine[half:]), sum(machine[:half]))

    @property
    def total(self) -> int:
        return sum(map(sum, self.counts))

    @property
    def right(self) -> int:
        return self.said[0][0] + self.said[1][1]


@dataclass(frozen=True)
class Both:
    """Answers above the middle on coherence and on surprise at once: their share on each side, and
    people less machines in logits."""

    shares: tuple[float, float]
    difference: Interval | None


@dataclass(frozen=True)
class SideBySide:
    """Answers to one question about pairs."""

    item: str
    answers: int
    chosen: Chosen | None
    missing: Missing | None


@dataclass(frozen=True)
class Check:
    """The same comparison made otherwise: without exclusions, without flags, by a probit link."""

    item: str
    name: CheckName
    raters: int
    chance: Interval


@dataclass(frozen=True)
class Otherwise:
    """What one scale's comparison hangs on."""

    item: str
    left_out: LeftOut
    other_makers: OtherMakers
    ordered: Ordered
    steps: Steps
    reacted: Reacted | None  # None where too few guessed with each work


@dataclass(frozen=True)
class Findings:
    """A study's results. `missing` says why there are no sides, scales or guesses, or is None."""

    raters: int
    works: int
    makers: int
    trials: int
    answers: int
    skipped: int
    recognised: int
    made: int
    final: bool
    missing: Missing | None
    sides: tuple[Side, Side] | None = None
    scales: tuple[Scale, ...] = ()
    guesses: Guesses | None = None
    pairs: tuple[SideBySide, ...] = ()
    ladders: tuple[Climbed, ...] = ()
    plane: tuple[Place, ...] = ()
    both: Both | None = None
    shown: tuple[int, ...] = ()  # works, by number, as primary keys of the study's works
    checks: tuple[Check, ...] = ()
    otherwise: tuple[Otherwise, ...] = ()
    beside: tuple[Beside, ...] = ()  # computed measures
    quality: Quality | None = None

    @property
    def preliminary(self) -> bool:
        return self.missing is None and self.raters < ENOUGH_RATERS

    def scale(self, item: str) -> Scale | None:
        return next((scale for scale in self.scales if scale.item == item), None)

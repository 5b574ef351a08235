"""What a study asks, of whom, how often and by which rules: the part of it that is a document.

The words of scales are not written here but taken, in every language, as the study is frozen; see
`gallery.studies.freezing`. Defaults ask for coherence and surprise and then for guesses, with no
ceremony; `gallery.studies.blueprints` has the protocols that are ready to use.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

ScaleItem = Literal["coherence", "surprise", "quality", "liking"]
PairItem = Literal["coherence", "surprise", "person"]


class Part(BaseModel):
    """A part of a protocol: nothing unknown, nothing changed later."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Scale(Part):
    """One question about one work, from 1 to `points`."""

    item: ScaleItem
    points: Literal[5, 7] = 7


class Guessing(Part):
    """When raters guess who made a work.

    Asked after all ratings, a guess cannot sway them; a share of raters is asked beside them all
    the same, to measure how much it would.
    """

    timing: Literal["after", "interleaved", "none"] = "after"
    interleaved_share: float = Field(0.0, ge=0, le=0.5)


class Session(Part):
    """What surrounds the works of a sitting. Counts are works; 0 leaves a part out."""

    preview: int = Field(0, ge=0, le=12)
    practice: int = Field(0, ge=0, le=4)
    anchors: Literal[0, 2] = 0
    repeats: int = Field(0, ge=0, le=4)
    repeat_distance: int = Field(8, ge=2, le=20)  # works between a work and its repeat, at least
    instructed: bool = False  # one row that asks for a stated point
    least_look_ms: int = Field(2000, ge=0, le=20_000)
    rest_after: int = Field(0, ge=0, le=40)  # works
    facts: bool = False


class Allocation(Part):
    """Who sees what. Balanced, never adaptive: that would bias the primary estimate."""

    rule: Literal["fewest completed first, ties by lot"] = "fewest completed first, ties by lot"
    arms: Literal["sides", "kinds", "rungs"] = "sides"
    longest_streak: int = Field(6, ge=3, le=10)


class Exclusions(Part):
    """The only three rules that exclude a rater, each False or 0 where it is not used."""

    fast_share: float = Field(1 / 3, ge=0, le=1)  # of trials answered too fast, above this
    anchors: bool = True
    instructed: bool = True
    # What all raters of one network may weigh together, of all; 0 for a kiosk or a class.
    most_of_one_network: float = Field(0.01, ge=0, le=1)


class Stopping(Part):
    """The earlier of enough answers and the last day; never a result."""

    ratings_per_work: int = Field(20, ge=1, le=10_000)
    raters: int = Field(100, ge=1, le=1_000_000)
    last_day: date | None = None


class Minimum(Part):
    """Below these a finding is not told."""

    raters: int = Field(30, ge=10, le=10_000)
    works_per_arm: int = Field(40, ge=1, le=10_000)


class Protocol(Part):
    """The rules of a study, apart from its name, medium, works and the length of a sitting."""

    format: Literal[1] = 1
    blueprint: str = Field("", max_length=40)
    hypothesis: str = Field("", max_length=2000)
    meaning: str = Field("", max_length=2000)  # what is meant by creativity here, how it is tested
    mode: Literal["single", "pairs"] = "single"
    scales: tuple[Scale, ...] = (Scale(item="coherence"), Scale(item="surprise"))
    pairs: tuple[PairItem, ...] = ()
    guess: Guessing = Guessing()
    session: Session = Session()
    allocation: Allocation = Allocation()
    exclusions: Exclusions = Exclusions()
    stopping: Stopping = Stopping()
    minimum: Minimum = Minimum()
    primary_analysis: str = Field("", max_length=4000)
    tell_others_marks: bool = True  # at a rater's reveal, before the study is closed
    descriptions: bool = False  # read out in place of a picture, for every work or for none

    @model_validator(mode="after")
    def _asks_something(self) -> Protocol:
        items = [scale.item for scale in self.scales]
        if len(set(items)) < len(items) or len(set(self.pairs)) < len(self.pairs):
            raise ValueError("each question is asked once")
        if self.mode == "pairs":
            if not self.pairs:
                raise ValueError("pairs need a question")
        elif not items and self.guess.timing != "interleaved":
            raise ValueError("without scales, the guess is asked with each work")
        return self

    @property
    def items(self) -> tuple[str, ...]:
        """What is asked of a work, or of a pair, in the order of the document."""
        if self.mode == "pairs":
            return self.pairs
        return tuple(scale.item for scale in self.scales)

    def trials(self, works: int) -> int:
        """How many pages with works a sitting of so many has, practice not counted."""
        session = self.session
        shown = works // 2 if self.mode == "pairs" else works
        return shown + session.repeats + (1 if self.mode == "pairs" else session.anchors)

    def seconds(self, works: int, medium: str) -> float:
        """What a sitting takes at a person's pace: a look, 4 s an answer, 6 s a guess."""
        look = 4.0 if medium == "image" else 20.0
        asked = len(self.items) + (self.guess.timing == "interleaved")
        answers = (self.trials(works) + self.session.practice) * (look + 4.0 * asked)
        guesses = works * 6.0 if self.mode == "single" and self.guess.timing == "after" else 0.0
        return answers + guesses + 2.0 * self.session.preview + 30.0 * self.session.facts


def canonical(document: dict[str, Any]) -> bytes:
    """The one spelling of a document whose hash is taken: UTF-8 JSON, keys sorted, no spaces."""
    text = json.dumps(
        document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode()


def sha256_of(document: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(document)).hexdigest()

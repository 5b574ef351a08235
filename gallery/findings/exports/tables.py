"""The tables of an export: which columns, what they mean, and their rows, one after another.

Raters are numbers drawn for this export's study, works are the gallery's public codes. Of answers
nothing here holds more than those of a hundred raters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from gallery.findings.answers import KNOWN, counted_raters, weights_by_rater
from gallery.studies.models import Choice, Guess, Kind, Rater, Rating, Study, StudyWork

Cell = str | int | float | None
CHUNK = 5000
RATERS_AT_ONCE = 100


@dataclass(frozen=True)
class Column:
    """A column of the codebook. `kind` is integer, number or text."""

    name: str
    kind: str
    meaning: str
    levels: str = ""


@dataclass(frozen=True)
class ExportTable:
    """One file: its name without an ending, its columns and its rows."""

    name: str
    columns: tuple[Column, ...]
    rows: Callable[[Study], Iterator[tuple[Cell, ...]]]


RATER = Column("rater", "integer", "whose answer; a number drawn for this study")
WORK = Column("work", "text", "the work's public code")
POSITION = Column("position", "integer", "place in the sitting, from 1")
KIND = Column("kind", "text", "what the trial was for", "rated, repeat, anchor")
MILLISECONDS = Column("milliseconds", "integer", "how long the answer took, by the browser")
RECOGNISED = Column(
    "recognised", "text", "whether the rater had seen the work before", "no, maybe, yes"
)
COUNTED = Column(
    "counted",
    "integer",
    "1 where the answer enters the primary analysis: a first, blind look at a work that was not "
    "recognised, by a rater whom no rule leaves out",
    "0, 1",
)


def numbers_of(study: Study) -> dict[int, int]:
    """Raters (primary keys) as numbers from 1, ascending: an order that tells nothing of time."""
    codes = Rater.objects.filter(study=study).values_list("pk", "code")
    drawn = sorted((sha256(f"{study.seed} {code}".encode()).digest(), pk) for pk, code in codes)
    return {pk: number for number, (_drawn, pk) in enumerate(drawn, 1)}


def _told_of(
    answers: QuerySet[Any], numbers: dict[int, int], *fields: str
) -> Iterator[tuple[Any, ...]]:
    """The rater's primary key and these fields of each answer, in the order of the raters' numbers.

    Read for a few raters at a time: to sort a million answers a database would hold them all.
    """
    raters = iter(numbers)
    while batch := list(islice(raters, RATERS_AT_ONCE)):
        told = answers.filter(trial__rater__in=batch).order_by("pk")
        rows = told.values_list("trial__rater_id", *fields)
        yield from sorted(rows, key=lambda row: numbers[row[0]])


def _ratings(study: Study) -> Iterator[tuple[Cell, ...]]:
    numbers, counted = numbers_of(study), set(counted_raters(study).values_list("pk", flat=True))
    rows = _told_of(
        Rating.objects.exclude(trial__kind=Kind.PRACTICE).exclude(item="instructed"),
        numbers,
        *("trial__study_work__artwork__code", "item", "value"),
        *("trial__kind", "trial__position", "trial__rt_ms", "trial__recognised"),
        *("trial__informed", "trial__allocation_p"),
    )
    for rater, work, item, value, kind, position, ms, known, informed, p in rows:
        first = kind == Kind.RATED and not informed and known not in KNOWN
        enters = int(first and rater in counted)
        yield numbers[rater], str(work), item, value, kind, position, ms, known, p, enters


def _guesses(study: Study) -> Iterator[tuple[Cell, ...]]:
    numbers, counted = numbers_of(study), set(counted_raters(study).values_list("pk", flat=True))
    rows = _told_of(
        Guess.objects.all(),
        numbers,
        *("trial__study_work__artwork__code", "value"),
        *("trial__kind", "trial__rater__guess_timing"),
    )
    for rater, work, value, kind, timing in rows:
        enters = int(rater in counted and kind == Kind.RATED)
        yield numbers[rater], str(work), value, timing, enters


def _choices(study: Study) -> Iterator[tuple[Cell, ...]]:
    numbers, counted = numbers_of(study), set(counted_raters(study).values_list("pk", flat=True))
    rows = _told_of(
        Choice.objects.exclude(trial__kind=Kind.PRACTICE),
        numbers,
        *("trial__study_work__artwork__code", "trial__right_work__artwork__code"),
        *("item", "outcome", "trial__kind"),
    )
    for rater, left, right, item, outcome, kind in rows:
        enters = int(rater in counted and kind == Kind.RATED)
        yield numbers[rater], str(left), str(right), item, outcome, kind, enters


def _works(study: Study) -> Iterator[tuple[Cell, ...]]:
    rows = (
        StudyWork.objects.filter(study=study)
        .order_by("artwork__code")
        .values_list(
            *("artwork__code", "role", "artwork__origin", "artwork__source_class"),
            *("artwork__maker__name", "artwork__title", "artwork__year", "artwork__licence"),
            *("artwork__credit", "artwork__width", "artwork__height", "artwork__output__knob"),
            *("artwork__output__rung", "stratum"),
        )
    )
    for code, *rest in rows.iterator(CHUNK):
        yield (str(code), *rest)


def _raters(study: Study) -> Iterator[tuple[Cell, ...]]:
    numbers, counted = numbers_of(study), set(counted_raters(study).values_list("pk", flat=True))
    weights = weights_by_rater(study)
    rows = (
        Rater.objects.filter(study=study)
        .order_by("pk")
        .values_list(
            *("pk", "language", "guess_timing", "first_item", "left_at", "revealed_at", "facts"),
            *("verdict__excluded_by", "verdict__flags"),
        )
    )
    told = []
    for pk, language, timing, first, left, revealed, facts, rule, flags in rows.iterator(CHUNK):
        ending = "early" if left else "whole" if revealed else "broken off"
        said = "; ".join(f"{name}: {value}" for name, value in sorted((facts or {}).items()))
        flagged = "; ".join(flags or [])
        row = (language, timing, first, ending, said, rule or "", flagged, int(pk in counted))
        told.append((numbers[pk], *row, weights.get(pk, 1.0)))
    yield from sorted(told)


TABLES = (
    ExportTable(
        "ratings",
        (
            *(RATER, WORK),
            Column("item", "text", "the scale", "coherence, surprise, quality, liking"),
            Column("value", "integer", "the point chosen, from 1; the words are in protocol.json"),
            *(KIND, POSITION, MILLISECONDS, RECOGNISED),
            Column("allocation_p", "number", "the probability with which this work was drawn"),
            COUNTED,
        ),
        _ratings,
    ),
    ExportTable(
        "guesses",
        (
            *(RATER, WORK),
            Column("value", "integer", "1 certainly a machine to 6 certainly a person", "1-6"),
            Column("timing", "text", "asked after all ratings or with each", "after, interleaved"),
            COUNTED,
        ),
        _guesses,
    ),
    ExportTable(
        "choices",
        (
            RATER,
            Column("left", "text", "the code of the work on the left"),
            Column("right", "text", "the code of the work on the right"),
            Column("item", "text", "the question", "coherence, surprise, person"),
            Column("outcome", "text", "what was chosen", "left, tie, right"),
            *(KIND, COUNTED),
        ),
        _choices,
    ),
    ExportTable(
        "works",
        (
            WORK,
            Column("role", "text", "what it was for", "rated, noise, plain, practice, preview"),
            Column("origin", "text", "who made it", "human, machine"),
            Column("source_class", "text", "how it was made", "human, sampler, filter, ..."),
            Column("maker", "text", "the artist or the generator"),
            *(
                Column("title", "text", "its title"),
                Column("year", "text", "when, as its label says"),
            ),
            Column("licence", "text", "under what terms it may be shown"),
            Column("credit", "text", "whom to name"),
            Column("width", "integer", "pixels; 0 for a text"),
            Column("height", "integer", "pixels; 0 for a text"),
            Column("knob", "text", "the parameter that a ladder turned"),
            Column("rung", "number", "the value of the knob"),
            Column("stratum", "text", "a property that anybody sees: shape or length"),
        ),
        _works,
    ),
    ExportTable(
        "raters",
        (
            RATER,
            Column("language", "text", "of the pages they read"),
            Column("guess_timing", "text", "when they guessed", "after, interleaved, none"),
            Column("first_item", "text", "the question asked first"),
            Column("ending", "text", "how the sitting ended", "whole, early, broken off"),
            Column("facts", "text", "what they chose to say of themselves"),
            Column("excluded_by", "text", "the rule that leaves them out, if any"),
            Column("flags", "text", "signs of carelessness that leave nobody out"),
            COUNTED,
            Column(
                "weight", "number", "how much each answer counts: below 1 for a crowded network"
            ),
        ),
        _raters,
    ),
)

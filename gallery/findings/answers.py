"""The answers that count, read from the tables of studies and joined to who made each work.

Studies do not know origins; this is the one place where answers and origins meet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from django.db.models import Count, FilteredRelation, Q, QuerySet

from gallery.findings.bootstrap import Floats, Ints
from gallery.findings.comparison import Judged
from gallery.findings.influence import weights_of
from gallery.findings.ladders import Ladder, ladders_among
from gallery.findings.pairwise import LEFT, NEITHER, RIGHT, Pairs
from gallery.studies.models import (
    GuessTiming,
    Kind,
    Outcome,
    Rater,
    Recognised,
    Role,
    Study,
    StudyWork,
    Trial,
)
from gallery.works.models import Artwork, Origin, SourceClass

SIDES = (Origin.HUMAN, Origin.MACHINE)  # a side's number is its place here
LEAST_RATED = 5  # works, for the answers of a sitting to count
KNOWN = (Recognised.MAYBE, Recognised.YES)
OUTCOMES = {Outcome.RIGHT: RIGHT, Outcome.TIE: NEITHER, Outcome.LEFT: LEFT}

Among = Literal["careful", "unflagged", "all"]
Bools = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Answers:
    """Trials that were rated and not recognised, and the works they showed.

    Per trial, shape (trials,): `raters` and `works` number from 0 without gaps; `marks` are, by
    scale, from 1 to its `points`; `guesses` are 1 (certainly a machine) to 6 (certainly a person),
    or 0 for none. Per work that was rated, shape (works,): `sides` as in SIDES, `makers` as primary
    keys, `shown` as primary keys of the study's works. `pairs` are, by question, trials of two
    works, with works numbered in the same way. `skipped` and `recognised` count trials left out;
    `made` counts all works that the study's machines have made, shown or not. `final` tells that
    the study takes no more answers; `ladders` are empty until then: they name makers, and an open
    study's works are unsigned. `places` are where in a sitting a trial came, 0 on the first page
    and 1 on the last; `beside` tells who guessed with each work rather than after all.
    """

    raters: Ints
    works: Ints
    marks: Mapping[str, Ints]
    points: Mapping[str, int]
    guesses: Ints
    sides: Ints
    makers: Ints
    filters: Ints  # (works,): 1 where a machine worked over a given picture or text
    shown: Ints
    skipped: int
    recognised: int
    made: int
    final: bool = False
    ladders: tuple[Ladder, ...] = ()
    pairs: Mapping[str, Pairs] = field(default_factory=dict)
    weights: Floats = field(default_factory=lambda: np.ones(0))  # (raters,): see `influence`
    places: Floats = field(default_factory=lambda: np.empty(0))  # (trials,)
    first: tuple[str, ...] = ()  # by rater, the scale that was asked first
    beside: Bools = field(default_factory=lambda: np.empty(0, dtype=np.bool_))  # (raters,)

    @property
    def trials(self) -> int:
        return len(self.works) + max((len(one.outcomes) for one in self.pairs.values()), default=0)

    @property
    def who(self) -> Ints:
        """The numbers of all raters who answered anything."""
        return np.unique(np.concatenate([self.raters, *(p.raters for p in self.pairs.values())]))

    def judged(self, values: Ints, chosen: Bools | None = None) -> Judged:
        """Values of trials, or of `chosen` trials, as the models take them."""
        raters, works = self.raters, self.works
        if chosen is not None:
            values, raters, works = values[chosen], raters[chosen], works[chosen]
        weights = None if (self.weights == 1).all() else self.weights[raters]
        return Judged(values, raters, works, self.sides, self.makers, weights)


def counted_raters(study: Study, among: Among = "careful") -> QuerySet[Rater]:
    """While a study is open, those who have had the reveal; once it is closed, the others too. Of
    those who did not come to the end, only who rated at least five works, or the whole of a shorter
    sitting: who leaves sooner has hardly met the scale. `among` all raters, those whom no rule of
    the study leaves out, or those of them who bear no flag either.

    Were a sitting counted while it lasts, its rater could look here before and after an answer,
    see on which side it was added, and so learn who made a work that is still to be guessed.
    """
    raters = Rater.objects.filter(study=study)
    if among != "all":
        raters = raters.careful()
    if among == "unflagged":
        raters = raters.filter(Q(verdict=None) | Q(verdict__flags=[]))
    least = min(LEAST_RATED, study.trials_per_rater)
    rated_by = Trial.objects.counted().filter(rater__study=study).values("rater")
    rated_by = rated_by.annotate(works=Count("pk"))
    enough = Q(pk__in=rated_by.filter(works__gte=least).order_by().values("rater"))
    if study.is_open:
        return raters.filter(enough | Q(left_at=None), revealed_at__isnull=False)
    return raters.filter(enough)


def read(study: Study, among: Among = "careful") -> Answers:
    """A handful of queries, however many answers there are."""
    points: dict[str, int] = {scale.item: scale.points for scale in study.rules.scales}
    in_pairs = study.rules.mode == "pairs"
    raters = counted_raters(study, among)
    labels = {
        pk: (SIDES.index(Origin(origin)), maker, int(source == SourceClass.FILTER))
        for pk, origin, maker, source in _labels(study)
    }
    rows = list(_pairs(raters) if in_pairs else _trials(raters, list(points)))
    rated = [row for row in rows if not row[2] and None not in row[7:]]
    kept = [row for row in rated if row[3] not in KNOWN]
    asked: list[str] = list(study.rules.pairs) if in_pairs else list(points)
    people = sorted({row[0] for row in kept})
    number = {pk: n for n, pk in enumerate(people)}
    shown = sorted({pk for row in kept for pk in (row[1][:2] if in_pairs else (row[1],))})
    place = {pk: n for n, pk in enumerate(shown)}
    sides, makers, filters = (
        np.array([labels[pk][k] for pk in shown], dtype=np.int64) for k in range(3)
    )
    who = np.array([number[row[0]] for row in kept], dtype=np.int64)
    marks = {
        item: np.array([row[7 + k] for row in kept], dtype=np.int64) for k, item in enumerate(asked)
    }
    networks = {row[0]: row[5] for row in rows}
    weights = weights_of(
        np.bincount(who, minlength=len(people)),
        [networks[rater] for rater in people],
        study.rules.exclusions.most_of_one_network,
    )
    pairs = _sides_by_side(kept, marks, who, place, sides) if in_pairs else {}
    if (weights != 1).any():
        pairs = {item: replace(one, weights=weights[who]) for item, one in pairs.items()}
    nothing = np.empty(0, dtype=np.int64)
    first, beside = _asked(study, people)
    return Answers(
        raters=nothing if in_pairs else who,
        works=nothing if in_pairs else np.array([place[row[1]] for row in kept], dtype=np.int64),
        marks={} if in_pairs else marks,
        points={} if in_pairs else points,
        guesses=nothing if in_pairs else np.array([row[4] or 0 for row in kept], dtype=np.int64),
        sides=sides,
        makers=makers,
        filters=filters,
        shown=np.array(shown, dtype=np.int64),
        skipped=sum(1 for row in rows if row[2]),
        recognised=len(rated) - len(kept),
        made=_made_by_its_machines(study),
        final=not study.is_open,
        ladders=() if study.is_open or in_pairs else ladders_among(shown),
        pairs=pairs,
        weights=weights,
        places=_places(study, np.array([row[6] for row in kept], dtype=np.float64)),
        first=first,
        beside=beside,
    )


def _places(study: Study, positions: Floats) -> Floats:
    """Positions, counted from 1, as shares of the way through a sitting."""
    pages = study.rules.session.practice + study.rules.trials(study.trials_per_rater)
    return (positions - 1) / max(pages - 1, 1)


def _asked(study: Study, people: Sequence[int]) -> tuple[tuple[str, ...], Bools]:
    """Of each of these raters, which scale came first and whether they guessed with each work."""
    rows = Rater.objects.filter(study=study).values_list("pk", "first_item", "guess_timing")
    known = {pk: (first, timing == GuessTiming.INTERLEAVED) for pk, first, timing in rows}
    first = tuple(known[rater][0] for rater in people)
    return first, np.array([known[rater][1] for rater in people], dtype=np.bool_)


def weights_by_rater(study: Study) -> dict[int, float]:
    """What each counted rater's answers weigh, by primary key, without reading the answers."""
    trials = Trial.objects.counted().filter(rater__in=counted_raters(study))
    rows = list(
        trials.exclude(recognised__in=KNOWN)
        .order_by()
        .values_list("rater_id", "rater__network")
        .annotate(Count("pk"))
    )
    weights = weights_of(
        np.array([count for _pk, _network, count in rows], dtype=np.int64),
        [network for _pk, network, _count in rows],
        study.rules.exclusions.most_of_one_network,
    )
    return dict(zip([row[0] for row in rows], weights.tolist(), strict=True))


def _trials(raters: QuerySet[Rater], items: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """(rater, work, skip reason, recognised, guess, network, position, a mark for each item) of
    each."""
    marks = {
        f"on_{item}": FilteredRelation("ratings", condition=Q(ratings__item=item)) for item in items
    }
    return (
        Trial.objects.filter(rater__in=raters, kind=Kind.RATED, informed=False, right_work=None)
        .exclude(answered_at=None)
        .annotate(**marks)
        .order_by()
        .values_list(
            *("rater_id", "study_work_id", "skip_reason", "recognised", "guess__value"),
            *("rater__network", "position", *(f"on_{item}__value" for item in items)),
        )
        .iterator(chunk_size=10_000)
    )


def _pairs(raters: QuerySet[Rater]) -> Iterator[tuple[Any, ...]]:
    """The same of trials of two works: the second place holds both, and outcomes are marks."""
    trials = (
        Trial.objects.filter(rater__in=raters, kind=Kind.RATED, informed=False)
        .exclude(right_work=None)
        .exclude(answered_at=None)
        .select_related("rater__study")
        .prefetch_related("choices")
        .order_by()
    )
    for trial in trials:
        said = {choice.item: OUTCOMES[Outcome(choice.outcome)] for choice in trial.choices.all()}
        items = trial.rater.study.rules.pairs
        yield (
            *(trial.rater_id, (trial.study_work_id, trial.right_work_id), trial.skip_reason),
            *(trial.recognised, None, trial.rater.network, trial.position),
            *(said.get(item) for item in items),
        )


def _sides_by_side(
    kept: Sequence[tuple[Any, ...]],
    marks: Mapping[str, Ints],
    who: Ints,
    place: Mapping[int, int],
    sides: Ints,
) -> dict[str, Pairs]:
    left, right = (np.array([place[row[1][k]] for row in kept], dtype=np.int64) for k in (0, 1))
    return {item: Pairs(values, who, left, right, sides) for item, values in marks.items()}


def _labels(study: Study) -> QuerySet[StudyWork, tuple[int, str, int, str]]:
    return StudyWork.objects.filter(study=study, role=Role.RATED).values_list(
        "pk", "artwork__origin", "artwork__maker_id", "artwork__source_class"
    )


def _made_by_its_machines(study: Study) -> int:
    makers = StudyWork.objects.filter(study=study, role=Role.RATED, artwork__origin=Origin.MACHINE)
    return Artwork.objects.filter(
        maker__in=makers.values("artwork__maker"), medium=study.medium
    ).count()

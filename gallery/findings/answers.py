"""The answers that count, read from the tables of studies and joined to who made each work.

Studies do not know origins; this is the one place where answers and origins meet.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from django.db.models import Count, FilteredRelation, Q, QuerySet

from gallery.findings.bootstrap import Floats, Ints
from gallery.findings.influence import weights_of
from gallery.findings.ladders import Ladder, ladders_among
from gallery.studies.models import Item, Kind, Rater, Recognised, Role, Study, StudyWork, Trial
from gallery.works.models import Artwork, Origin

SIDES = (Origin.HUMAN, Origin.MACHINE)  # a side's number is its place here
SCALE_POINTS = 7
LEAST_RATED = 5  # works, for the answers of a sitting to count
KNOWN = (Recognised.MAYBE, Recognised.YES)


@dataclass(frozen=True)
class Answers:
    """Trials that were rated and not recognised, and the works they showed.

    Per trial, shape (trials,): `raters` and `works` number from 0 without gaps; `coherence` and
    `surprise` are 1 to 7; `guesses` are 1 (certainly a machine) to 6 (certainly a person), or 0
    for none. Per work that was rated, shape (works,): `sides` as in SIDES, `makers` as primary
    keys. `skipped` and `recognised` count trials left out; `made` counts all works that the
    study's machines have made, shown or not. `ladders` are empty until the study is closed: they
    name makers, and an open study's works are unsigned.
    """

    raters: Ints
    works: Ints
    coherence: Ints
    surprise: Ints
    guesses: Ints
    sides: Ints
    makers: Ints
    skipped: int
    recognised: int
    made: int
    ladders: tuple[Ladder, ...] = ()
    weights: Floats = field(default_factory=lambda: np.ones(0))  # (raters,): see `influence`
    asked_both: bool = True  # coherence and surprise, on seven points each


def counted_raters(study: Study) -> QuerySet[Rater]:
    """While a study is open, those who have had the reveal; once it is closed, the others too. Of
    those who did not come to the end, only who rated at least five works, or the whole of a shorter
    sitting: who leaves sooner has hardly met the scale.

    Were a sitting counted while it lasts, its rater could look here before and after an answer,
    see on which side it was added, and so learn who made a work that is still to be guessed.
    """
    raters = Rater.objects.filter(study=study).careful()
    least = min(LEAST_RATED, study.trials_per_rater)
    rated_by = Trial.objects.counted().values("rater").annotate(works=Count("pk"))
    enough = Q(pk__in=rated_by.filter(works__gte=least).order_by().values("rater"))
    if study.is_open:
        return raters.filter(enough | Q(left_at=None), revealed_at__isnull=False)
    return raters.filter(enough)


def read(study: Study) -> Answers:
    """Three queries, or four for a closed study, however many answers there are."""
    rows = list(_trials(study))
    rated = [row for row in rows if row[4] and row[5]]
    kept = np.array(
        [(row[0], row[1], row[4], row[5], row[6] or 0) for row in rated if row[3] not in KNOWN],
        dtype=np.int64,
    ).reshape(-1, 5)
    known, raters = np.unique(kept[:, 0], return_inverse=True)
    networks = {row[0]: row[7] for row in rows}
    shown, works = np.unique(kept[:, 1], return_inverse=True)
    labels = {pk: (SIDES.index(Origin(origin)), maker) for pk, origin, maker in _labels(study)}
    sides_and_makers = np.array([labels[pk] for pk in shown.tolist()], dtype=np.int64).reshape(
        -1, 2
    )
    return Answers(
        raters=raters,
        works=works,
        coherence=kept[:, 2],
        surprise=kept[:, 3],
        guesses=kept[:, 4],
        sides=sides_and_makers[:, 0],
        makers=sides_and_makers[:, 1],
        skipped=sum(1 for row in rows if row[2]),
        recognised=len(rated) - len(kept),
        made=_made_by_its_machines(study),
        ladders=() if study.is_open else ladders_among(shown.tolist()),
        weights=weights_of(
            np.bincount(raters, minlength=len(known)),
            [networks[rater] for rater in known.tolist()],
            study.rules.exclusions.most_of_one_network,
        ),
        asked_both=asks_both(study),
    )


def asks_both(study: Study) -> bool:
    """Whether it asks what these findings are about."""
    scales = {scale.item: scale.points for scale in study.rules.scales}
    both = scales.get("coherence") == scales.get("surprise") == SCALE_POINTS
    return both and study.rules.mode == "single"


Row = tuple[int, int, str, str, int | None, int | None, int | None, str]


def _trials(study: Study) -> QuerySet[Trial, Row]:
    """(rater, work, skip reason, recognised, coherence, surprise, guess, network) of each."""
    return (
        Trial.objects.filter(
            rater__in=counted_raters(study), kind=Kind.RATED, informed=False, right_work=None
        )
        .exclude(answered_at=None)
        .annotate(
            coherence=FilteredRelation("ratings", condition=Q(ratings__item=Item.COHERENCE)),
            surprise=FilteredRelation("ratings", condition=Q(ratings__item=Item.SURPRISE)),
        )
        .order_by()
        .values_list(
            "rater_id",
            "study_work_id",
            "skip_reason",
            "recognised",
            "coherence__value",
            "surprise__value",
            "guess__value",
            "rater__network",
        )
    )


def _labels(study: Study) -> QuerySet[StudyWork, tuple[int, str, int]]:
    return StudyWork.objects.filter(study=study, role=Role.RATED).values_list(
        "pk", "artwork__origin", "artwork__maker_id"
    )


def _made_by_its_machines(study: Study) -> int:
    makers = StudyWork.objects.filter(study=study, role=Role.RATED, artwork__origin=Origin.MACHINE)
    return Artwork.objects.filter(
        maker__in=makers.values("artwork__maker"), medium=study.medium
    ).count()

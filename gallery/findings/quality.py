"""How a study went: who came, who stayed, who was left out by which rule, and how answers hold up.

Nothing here tells who made a work, so all of it may be shown while a study is open.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from django.db.models import Avg, Count, Q

from gallery.studies.models import CareVerdict, Kind, Rater, Rating, Role, Study, Trial

MOST_TIMES = 20_000  # answers, of which the median time is taken


@dataclass(frozen=True)
class Quality:
    """Counts are of raters. `retest` is the mean distance in points between two answers to one
    work, `seconds` the median time of an answer, `anchors` the mean answers by scale to noise and
    to a plain field; None where there are none."""

    started: int
    finished: int
    left: int
    excluded: dict[str, int]  # by rule
    flagged: int
    retest: float | None
    seconds: float | None
    anchors: dict[str, tuple[float | None, float | None]]


def quality_of(study: Study) -> Quality:
    """Six queries."""
    raters = Rater.objects.filter(study=study)
    flow = raters.aggregate(
        started=Count("pk"),
        finished=Count("pk", Q(revealed_at__isnull=False, left_at=None)),
        left=Count("pk", Q(left_at__isnull=False)),
    )
    verdicts = CareVerdict.objects.filter(rater__study=study)
    excluded = verdicts.exclude(excluded_by="").order_by().values_list("excluded_by")
    times = (
        Trial.objects.rated()
        .filter(rater__study=study, kind=Kind.RATED, rt_ms__isnull=False)
        .order_by("-pk")
        .values_list("rt_ms", flat=True)[:MOST_TIMES]
    )
    taken = [ms / 1000 for ms in times if ms]
    retests = [
        value
        for value in verdicts.order_by().values_list("indices__retest", flat=True)
        if value is not None
    ]
    return Quality(
        started=flow["started"],
        finished=flow["finished"],
        left=flow["left"],
        excluded=dict(excluded.annotate(Count("pk"))),
        flagged=verdicts.filter(excluded_by="").exclude(flags=[]).count(),
        retest=sum(retests) / len(retests) if retests else None,
        seconds=median(taken) if taken else None,
        anchors=_anchors(study),
    )


def _anchors(study: Study) -> dict[str, tuple[float | None, float | None]]:
    rows = (
        Rating.objects.filter(trial__rater__study=study, trial__kind=Kind.ANCHOR)
        .order_by()
        .values_list("item", "trial__study_work__role")
        .annotate(Avg("value"))
    )
    means = {(item, role): mean for item, role, mean in rows}
    return {
        item: (means.get((item, Role.NOISE)), means.get((item, Role.PLAIN)))
        for item in dict.fromkeys(item for item, _role in means)
    }

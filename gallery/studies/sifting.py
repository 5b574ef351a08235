"""Computes, in the background, how carefully raters answered.

Careful or not, every answer is kept; a verdict only says whether the study's own frozen rules count
it. The worker calls `sift_next` while no run waits.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from django.utils.timezone import now

from gallery.studies import careless
from gallery.studies.careless import Answered
from gallery.studies.looking import reading_ms
from gallery.studies.models import CareVerdict, Kind, Rater, Study, Trial
from gallery.works.stimulus import texts_of

AT_MOST_EVERY = timedelta(minutes=1)  # for one study
READ_SHARE = 0.2  # of a text's reading time, below which nobody has read it


def sift_next() -> bool:
    """Sift the raters of one study that has new ones; False where there is none."""
    lately = CareVerdict.objects.filter(computed_at__gt=now() - AT_MOST_EVERY)
    waiting = Rater.objects.unsifted().exclude(study__in=lately.values("rater__study"))
    study_id = waiting.order_by("pk").values_list("study", flat=True).first()
    if study_id is None:
        return False
    sift(Study.objects.get(pk=study_id))
    return True


def sift(study: Study) -> None:
    """A verdict on every rater of a study who has ended, in five queries."""
    answered = _answered(study)
    raters = list(
        Rater.objects.ended().filter(study=study).order_by("pk").values_list("pk", flat=True)
    )
    sums: dict[tuple[int, str], tuple[int, int]] = {}
    for trials in answered.values():
        for trial in trials:
            if trial.kind == "rated":
                for item, value in trial.marks.items():
                    total, count = sums.get((trial.work, item), (0, 0))
                    sums[trial.work, item] = total + value, count + 1
    found = [careless.indices(answered[rater], sums) for rater in raters]
    verdicts = [
        careless.verdict(one, study.rules.exclusions, odd=odd)
        for one, odd in zip(found, careless.odd_ones(found), strict=True)
    ]
    CareVerdict.objects.bulk_create(
        [
            CareVerdict(
                rater_id=rater,
                indices=verdict.indices.as_json(),
                flags=verdict.flags,
                excluded_by=verdict.excluded_by,
                computed_at=now(),
            )
            for rater, verdict in zip(raters, verdicts, strict=True)
        ],
        update_conflicts=True,
        unique_fields=["rater"],
        update_fields=["indices", "flags", "excluded_by", "computed_at"],
    )


def _answered(study: Study) -> dict[int, list[Answered]]:
    """By rater, what they answered, in the order of the sitting; practice is left out."""
    trials = (
        Trial.objects.rated()
        .filter(rater__study=study)
        .exclude(kind=Kind.PRACTICE)
        .select_related("study_work")
        .prefetch_related("ratings")
        .order_by("rater", "position")
    )
    texts = texts_of(study.works.values_list("artwork_id", flat=True))
    least = study.rules.session.least_look_ms
    found: dict[int, list[Answered]] = defaultdict(list)
    for trial in trials:
        text = texts.get(trial.study_work.artwork_id, "")
        found[trial.rater_id].append(
            Answered(
                kind=trial.study_work.role if trial.kind == Kind.ANCHOR else trial.kind,
                work=trial.study_work_id,
                marks={rating.item: rating.value for rating in trial.ratings.all()},
                ms=trial.rt_ms,
                least_ms=READ_SHARE * reading_ms(text) if text else least,
                named=trial.instructed,
            )
        )
    return found

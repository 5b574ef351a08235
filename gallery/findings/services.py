"""The findings of a study: computed in the background, kept, and read by every page.

The worker calls `compute_next` while no run waits. An open study is computed anew once it has
NEW_SITTINGS more sittings, or after A_WHILE where anything is new; a closed one, and one of which
nothing is known yet, as soon as anything is new; none more than once in AT_MOST_EVERY.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from time import perf_counter

from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils.timezone import now
from pydantic import TypeAdapter, ValidationError
from threadpoolctl import threadpool_limits

from gallery.findings.answers import Answers, read
from gallery.findings.counting import Models, compute, primary_models
from gallery.findings.covariates import Beside, beside
from gallery.findings.measures import measures_of
from gallery.findings.models import Finding, Look
from gallery.findings.otherwise import checked, otherwise
from gallery.findings.quality import quality_of
from gallery.findings.results import Findings
from gallery.findings.thresholds import ENOUGH_RATERS, Missing
from gallery.studies.models import Rater, State, Study
from gallery.works.models import Measures

AT_MOST_EVERY = timedelta(minutes=1)
NEW_SITTINGS = 5
A_WHILE = timedelta(minutes=10)
MOST_CHECKED = 100_000  # answers on each scale, above which other ways to count take too long
DOCUMENT = TypeAdapter(Findings)
SHAPE = sha256(json.dumps(DOCUMENT.json_schema(), sort_keys=True).encode()).hexdigest()[:8]


def findings_of(study: Study) -> Findings | None:
    """The findings as they were last computed; None where they never were, or by a version of this
    program that told them otherwise: the worker will count them anew. One query."""
    kept = Finding.objects.filter(study=study).first()
    try:
        return DOCUMENT.validate_python(kept.document) if kept else None
    except ValidationError:
        return None


def compute_next() -> bool:
    """Compute the findings of one study that has something new; False where there is none."""
    for study in Study.objects.opened().order_by("-pk"):
        if cache.add(f"findings:{study.pk}", value=True, timeout=AT_MOST_EVERY.seconds) and _due(
            study
        ):
            compute_findings(study)
            return True
    return False


def count_due() -> int:
    """How many studies have something new that is to be computed by now."""
    return sum(map(_due, Study.objects.opened()))


def compute_findings(study: Study) -> Findings:
    """Compute and keep what a study's answers say now, and note the look at it."""
    mark, began = mark_of(study), perf_counter()
    found = found_in(study)
    kept = {
        "mark": mark,
        "computed_at": now(),
        "seconds": perf_counter() - began,
        "document": DOCUMENT.dump_python(found, mode="json"),
    }
    with transaction.atomic():
        Finding.objects.update_or_create(study=study, defaults=kept)
        Look.objects.bulk_create(looks_at(study, found), ignore_conflicts=True)
    return found


def found_in(study: Study) -> Findings:
    """The findings of the answers as they are; nothing is kept."""
    with threadpool_limits(limits=1, user_api="blas"):  # for small matrices more would only wait
        return _found_in(study)


def _found_in(study: Study) -> Findings:
    answers = read(study)
    models = primary_models(answers)
    found = replace(compute(answers, models), quality=quality_of(study))
    if found.missing or not found.final or found.raters < ENOUGH_RATERS:
        return found
    if found.trials > MOST_CHECKED:
        return found
    return replace(
        found,
        checks=checked(answers, read(study, "all"), read(study, "unflagged"), models),
        otherwise=otherwise(answers, models),
        beside=_beside(answers, models),
    )


def looks_at(study: Study, found: Findings) -> list[Look]:
    """One for each scale that has a model."""
    return [
        Look(
            study=study,
            item=scale.item,
            final=found.final,
            raters=found.raters,
            answers=scale.model.answers,
            estimate=scale.model.difference.estimate,
            error=scale.model.error,
            low=interval.low,
            high=interval.high,
        )
        for scale in found.scales
        if scale.model
        for interval in [scale.model.difference]
    ]


def mark_of(study: Study) -> str:
    """Names the answers and measures that count, and the shape of what is told of them, without
    reading any: two quick queries."""
    raters = Rater.objects.filter(study=study).aggregate(
        number=Count("pk", Q(revealed_at__isnull=False)),
        last=Max("pk"),
        sifted=Max("verdict__computed_at"),
    )
    sifted = raters["sifted"].timestamp() if raters["sifted"] else 0
    measured = Measures.objects.filter(artwork__study_works__study=study).count()
    return f"{study.state}:{raters['number']}:{raters['last']}:{sifted}:{measured}:{SHAPE}"


def _due(study: Study) -> bool:
    kept = Finding.objects.filter(study=study).only("mark", "computed_at").first()
    if kept is None:
        return True
    mark = mark_of(study)
    if mark == kept.mark:
        return False
    (state, number), (state_then, number_then) = (m.split(":")[:2] for m in (mark, kept.mark))
    more = abs(int(number) - int(number_then))
    changed = state != state_then or not kept.mark.endswith(SHAPE)
    return (
        study.state == State.CLOSED
        or changed
        or more >= NEW_SITTINGS
        or kept.computed_at < now() - A_WHILE
    )


def _beside(answers: Answers, models: Models) -> tuple[Beside, ...]:
    """Each computed measure beside each scale."""
    starts = {item: None if isinstance(m, Missing) else m for item, m in models.items()}
    found = [
        beside(answers.judged(values), measure, item, by_work, start=starts[item])
        for measure, by_work in measures_of(answers.shown.tolist()).items()
        for item, values in answers.marks.items()
    ]
    return tuple(one for one in found if one)

"""Ends studies by their own rule: enough answers or the last day, and never for a result."""

from __future__ import annotations

from django.utils.timezone import localdate

from gallery.studies.models import Ending, Rater, Study


def why_stop(study: Study) -> Ending | None:
    """The part of a study's stopping rule that has come true; None while none has."""
    rule = study.rules.stopping
    if rule.last_day and localdate() > rule.last_day:
        return Ending.LAST_DAY
    if Rater.objects.filter(study=study, revealed_at__isnull=False).count() < rule.raters:
        return None
    ratings = [rated for _work, _arm, rated in study.works.completed()]
    return Ending.ENOUGH if ratings and min(ratings) >= rule.ratings_per_work else None


def stop_next() -> bool:
    """Close one open study whose rule has come true; False where there is none."""
    for study in Study.objects.open().filter(simulated=False).order_by("pk"):
        if (ending := why_stop(study)) and study.close(ending):
            return True
    return False

"""Sittings of simulated raters written straight into the database, many times as fast as over HTTP.

What each rater sees is drawn by the same code that seats a person; only the answers take a short
cut. For studies that are marked as simulated, to show what findings become and to measure at sizes
that no afternoon of requests would reach.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.utils.timezone import now

from gallery.simulation.answering import Rater as Simulated
from gallery.simulation.answering import Truth, Work
from gallery.studies.models import Choice, Guess, Kind, Rater, Rating, Study, StudyWork, Trial
from gallery.studies.seating import begin
from gallery.works.models import Origin

LEAVES = 0.04  # the share of raters who go before the end
SKIPS = 0.01  # the share of works that are passed over


class NotSimulated(ValueError):
    """People sit this study, or it takes no answers."""


def work_of(one: StudyWork, shift: Mapping[str, float] | None = None) -> Work:
    """A study's work as the truth knows it. `shift` is what sets it apart from its side, in logits
    by item."""
    by_person = one.artwork.origin == Origin.HUMAN
    side = (0.5 if by_person else -0.5) if one.role == "rated" else 0.0
    role = one.artwork.source_class if one.role == "practice" else one.role
    return Work(one.pk, side, role, tuple((shift or {}).items()))


def works_of(
    study: Study, shifts: Mapping[int, Mapping[str, float]] | None = None
) -> dict[int, Work]:
    """All works of a study, by primary key; `shifts` are by artwork."""
    return {
        one.pk: work_of(one, (shifts or {}).get(one.artwork_id))
        for one in study.works.select_related("artwork")
    }


def sit_in_bulk(study: Study, truth: Truth, raters: int, works: Mapping[int, Work]) -> None:
    """So many whole sittings, each in a transaction. Raises NotSimulated."""
    if not study.simulated or not study.is_open:
        raise NotSimulated("Only an open study for simulated raters takes answers in bulk.")
    for number in range(raters):
        with transaction.atomic():
            _sit(begin(study, "en"), Simulated(number, truth), works)


def _sit(rater: Rater, simulated: Simulated, works: Mapping[int, Work]) -> None:
    trials = list(rater.trials.all())
    leaves = simulated.chance.randint(6, len(trials)) if simulated.happens(LEAVES) else None
    ratings, guesses, choices, seen = [], [], [], rater.consented_at
    for place, trial in enumerate(trials[:leaves]):
        progress = place / len(trials)
        trial.rt_ms = simulated.ms(progress)
        seen += timedelta(milliseconds=trial.rt_ms)
        trial.answered_at = seen
        if simulated.happens(SKIPS):
            trial.skip_reason = "cannot_judge"
            continue
        trial.recognised = "no"
        if trial.right_work_id:
            both = works[trial.study_work_id], works[trial.right_work_id]
            for item in rater.study.rules.pairs:
                outcome = simulated.side(item, *both, progress)
                choices.append(Choice(trial=trial, item=item, outcome=outcome))
            continue
        work = works[trial.study_work_id]
        for scale in rater.study.rules.scales:
            value = simulated.mark(scale.item, work, scale.points, progress)
            ratings.append(Rating(trial=trial, item=scale.item, value=value))
        if trial.instructed:
            named = simulated.named(trial.instructed, progress)
            ratings.append(Rating(trial=trial, item="instructed", value=named))
        if trial.kind == Kind.RATED and rater.guess_timing != "none" and leaves is None:
            guesses.append(Guess(trial=trial, value=simulated.guess(work, progress)))
    Trial.objects.bulk_update(trials, ["answered_at", "skip_reason", "recognised", "rt_ms"])
    Rating.objects.bulk_create(ratings)
    Guess.objects.bulk_create(guesses)
    Choice.objects.bulk_create(choices)
    rater.left_at = seen if leaves is not None else None
    rater.previewed_at = rater.rested_at = rater.facts_at = rater.revealed_at = now()
    rater.save()

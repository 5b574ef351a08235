"""Where a rater stands in their sitting, and what is held about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from gallery.studies.models import Rater, Rating, Trial


@dataclass(frozen=True)
class Step:
    """The one thing to do next: rate this work, or guess who made it."""

    trial: Trial
    upcoming: Trial | None  # the step after it, so that its picture can be fetched early
    guessing: bool
    number: int  # of `total`, from 1
    total: int

    @property
    def done(self) -> int:
        return self.number - 1


def next_step(rater: Rater) -> Step | None:
    """The first work not answered; then, in the same order, the first not guessed at; then None."""
    trials = rater.trials.select_related("study_work")
    if waiting := list(trials.unanswered()[:2]):
        total = rater.trials.count()
        return _step(waiting, guessing=False, number=waiting[0].position, total=total)
    if waiting := list(trials.unguessed()[:2]):
        total = trials.rated().count()
        left = trials.unguessed().count()
        return _step(waiting, guessing=True, number=total - left + 1, total=total)
    return None


def _step(waiting: list[Trial], *, guessing: bool, number: int, total: int) -> Step:
    upcoming = waiting[1] if len(waiting) > 1 else None
    return Step(waiting[0], upcoming, guessing, number, total)


def everything_held(rater: Rater) -> dict[str, Any]:
    """All that is stored about a rater, ready for JSON.

    The seed is told only after the reveal: before it, whoever reads this program could work out
    from the seed which works come from the same side.
    """
    ratings = Prefetch("ratings", Rating.objects.order_by("item"))
    trials = rater.trials.select_related("guess").prefetch_related(ratings)
    return {
        "code": rater.code,
        "study": rater.study.title,
        "language": rater.language,
        "consented_at": rater.consented_at,
        "revealed_at": rater.revealed_at,
        "first_question": rater.first_item,
        "seed": rater.seed if rater.revealed_at else None,
        "works": [_trial_held(trial) for trial in trials],
    }


def _trial_held(trial: Trial) -> dict[str, Any]:
    guess = getattr(trial, "guess", None)
    return {
        "position": trial.position,
        "work": trial.code,
        "answered_at": trial.answered_at,
        "skipped_because": trial.skip_reason,
        "seen_before": trial.recognised,
        "milliseconds": trial.rt_ms,
        "answers": [
            {"question": rating.item, "value": rating.value, "at": rating.created}
            for rating in trial.ratings.all()
        ],
        "guess": {"value": guess.value, "at": guess.created} if guess else None,
    }

"""Where a rater stands in their sitting, and what is held about them."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import Any, Literal

from django.db.models import Prefetch

from gallery.studies.models import GuessTiming, Kind, Rater, Rating, Trial

Kinds = Literal["preview", "practice", "work", "pair", "rest", "guess", "facts"]
LEAST_TIMES = 5  # answers, before a rater's pace is known
LEAST_PACE = 4.0  # s a work; faster ones are not answered by a person who looks
TURNING = 1.0  # s from one work to the next
GUESS_PACE = 5.0  # s


@dataclass(frozen=True)
class Step:
    """The one thing to do next."""

    kind: Kinds
    trial: Trial | None = None
    upcoming: Trial | None = None  # the one after it, so that its picture can be fetched early
    number: int = 1  # of `total`, from 1
    total: int = 1
    minutes_left: int | None = None  # None until this rater's pace is known

    @property
    def done(self) -> int:
        return self.number - 1

    @property
    def guessing(self) -> bool:
        return self.kind == "guess"


def next_step(rater: Rater) -> Step | None:
    """The preview; the first work not answered, with a rest on the way; then, in the same order,
    the first not guessed at; then the facts about the rater; then None."""
    session = rater.study.rules.session
    if rater.left_at is None:
        if session.preview and rater.previewed_at is None and _has_preview(rater):
            return Step("preview")
        if step := _to_answer(rater) or _to_guess(rater):
            return step
    return Step("facts") if rater.owes_facts else None


def _has_preview(rater: Rater) -> bool:
    return rater.study.works.filter(role="preview").exists()


def _to_answer(rater: Rater) -> Step | None:
    waiting = list(rater.trials.select_related("study_work", "right_work").unanswered()[:2])
    if not waiting:
        return None
    # Of all trials: what for, and how long the answer took.
    trials = list(rater.trials.values_list("kind", "rt_ms"))
    practice = sum(kind == Kind.PRACTICE for kind, _ms in trials)
    done = waiting[0].position - 1 - practice
    upcoming = waiting[1] if len(waiting) > 1 else None
    if waiting[0].is_practice:
        return Step("practice", waiting[0], upcoming, waiting[0].position, practice)
    total = len(trials) - practice
    left = _minutes_left(rater, trials, total - done)
    if done == rater.study.rules.session.rest_after > 0 and rater.rested_at is None:
        return Step("rest", None, waiting[0], done + 1, total, left)
    kind: Kinds = "pair" if waiting[0].right_work_id else "work"
    return Step(kind, waiting[0], upcoming, done + 1, total, left)


def _to_guess(rater: Rater) -> Step | None:
    waiting = list(rater.trials.select_related("study_work").unguessed()[:2])
    if not waiting:
        return None
    total = rater.trials.guessable().count()
    left = rater.trials.unguessed().count()
    upcoming = waiting[1] if len(waiting) > 1 else None
    return Step("guess", waiting[0], upcoming, total - left + 1, total)


def _minutes_left(rater: Rater, trials: list[tuple[str, int | None]], works: int) -> int | None:
    """For so many works and all guesses, at this rater's own pace; None before five answers."""
    times = [ms for _kind, ms in trials if ms]
    if len(times) < LEAST_TIMES:
        return None
    pace = max(LEAST_PACE, median(times) / 1000 + TURNING)
    guesses = 0.0
    if rater.guess_timing == GuessTiming.AFTER:
        guesses = GUESS_PACE * sum(kind == Kind.RATED for kind, _ms in trials)
    return max(1, round((works * pace + guesses) / 60))


def everything_held(rater: Rater) -> dict[str, Any]:
    """All that is stored about a rater, ready for JSON.

    The seed is told only after the reveal: before it, whoever reads this program could work out
    from the seed which works come from the same side.
    """
    ratings = Prefetch("ratings", Rating.objects.order_by("item"))
    trials = rater.trials.select_related("guess").prefetch_related(ratings, "choices")
    return {
        "code": rater.code,
        "study": rater.study.title,
        "language": rater.language,
        "consented_at": rater.consented_at,
        "left_at": rater.left_at,
        "revealed_at": rater.revealed_at,
        "first_question": rater.first_item,
        "guesses_asked": rater.guess_timing,
        "about_you": rater.facts,
        "seed": rater.seed if rater.revealed_at else None,
        "works": [_trial_held(trial) for trial in trials],
    }


def _trial_held(trial: Trial) -> dict[str, Any]:
    guess = getattr(trial, "guess", None)
    answers: list[dict[str, object]] = [
        {"question": rating.item, "value": rating.value, "at": rating.created}
        for rating in trial.ratings.all()
    ]
    answers += [
        {"question": choice.item, "value": choice.outcome, "at": choice.created}
        for choice in trial.choices.all()
    ]
    return {
        "position": trial.position,
        "work": trial.code,
        "answered_at": trial.answered_at,
        "skipped_because": trial.skip_reason,
        "seen_before": trial.recognised,
        "milliseconds": trial.rt_ms,
        "answers": answers,
        "guess": {"value": guess.value, "at": guess.created} if guess else None,
    }

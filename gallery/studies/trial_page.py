"""What the page of one trial asks and shows: the same for every work, whoever made it."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms
from django.urls import reverse

from gallery.studies.looking import look_ms
from gallery.studies.models import GuessTiming, Item, Outcome, Rater, StudyWork, Trial
from gallery.studies.questions import Question, asked_of, in_order
from gallery.studies.sittings import Step
from gallery.works.stimulus import stimulus


@dataclass(frozen=True)
class Row:
    """One question with the point chosen and what is wrong, where a form was refused."""

    question: Question
    chosen: str | None = None
    errors: object = None
    instructed: int | None = None

    @property
    def asks(self) -> str:
        """The question; of the row that names its answer, with that answer in it."""
        return (
            self.question.asks % {"point": self.instructed}
            if self.instructed
            else self.question.asks
        )

    @property
    def is_guess(self) -> bool:
        return self.question.item == "guess"


@dataclass(frozen=True)
class Shown:
    """A work on the page: the address of its picture, or its words."""

    picture: str
    text: str
    description: str  # in place of the picture; empty in a study that serves none


@dataclass(frozen=True)
class Page:
    """The works, the questions under them, and where the answers go."""

    works: list[Shown]
    rows: list[Row]
    sides: list[tuple[str, object]]  # the answers about a pair; empty for one work
    action: str
    look_ms: int  # 0 where the questions are open at once
    upcoming: list[str]  # pictures to fetch early

    @property
    def is_pair(self) -> bool:
        return len(self.works) > 1


def page_of(step: Step, rater: Rater, form: forms.Form | None) -> Page:
    """Raises ValueError for a step without a work."""
    trial = step.trial
    if trial is None:
        raise ValueError("this step shows no work")
    works = [_shown(trial, trial.study_work, rater)]
    if trial.right_work:
        works.append(_shown(trial, trial.right_work, rater))
    least = rater.study.rules.session.least_look_ms
    guessing = step.guessing
    upcoming = step.upcoming
    fetched = [_picture(upcoming.code)] if upcoming and not works[0].text else []
    if fetched and upcoming and upcoming.right_work_id:
        fetched.append(_picture(upcoming.code, right=True))
    return Page(
        works=works,
        rows=_rows(step, rater, form),
        sides=list(Outcome.choices) if trial.right_work else [],
        action=reverse("trial-guess" if guessing else "trial-answer", args=[trial.code]),
        look_ms=0 if guessing else look_ms(" ".join(work.text for work in works).strip(), least),
        upcoming=fetched,
    )


def _shown(trial: Trial, work: StudyWork, rater: Rater) -> Shown:
    found = stimulus(work.artwork_id)
    described = found.description if rater.study.rules.descriptions else ""
    right = work.pk == trial.right_work_id
    return Shown(_picture(trial.code, right=right), found.text, described)


def _picture(code: object, *, right: bool = False) -> str:
    return reverse("trial-picture-right" if right else "trial-picture", args=[code])


def _rows(step: Step, rater: Rater, form: forms.Form | None) -> list[Row]:
    trial, asked = step.trial, asked_of(rater.study, rater.language)
    if step.guessing:
        items = ["guess"]
    else:
        items = in_order(rater.study.rules.items, rater.first_item)
        if trial and trial.instructed:
            items.append(Item.INSTRUCTED)
        if rater.guess_timing == GuessTiming.INTERLEAVED:
            items.append("guess")
    return [
        Row(
            asked[item],
            form.data.get(item) if form else None,
            form.errors.get(item) if form else None,
            trial.instructed if trial and item == Item.INSTRUCTED else None,
        )
        for item in items
    ]

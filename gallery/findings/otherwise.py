"""The primary comparison made otherwise: how far the result hangs on how it was counted.

None of this is the result, which a study names before its first answer. Each way is a fit of nearly
the same answers that begins where the primary one ended.
"""

from __future__ import annotations

import numpy as np

from gallery.findings.answers import Answers
from gallery.findings.comparison import Bools, compared, fitted
from gallery.findings.counting import Models
from gallery.findings.links import Link
from gallery.findings.makers import for_other_makers, without_one
from gallery.findings.order import ordered
from gallery.findings.reactivity import reacted
from gallery.findings.results import Check, CheckName, Otherwise
from gallery.findings.steps import steps
from gallery.findings.thresholds import Missing


def checked(
    answers: Answers, everyone: Answers, unflagged: Answers, models: Models
) -> tuple[Check, ...]:
    """With nobody left out, without all who were flagged, and by a probit link, where that can be
    done; `models` are the primary ones."""
    ways: list[tuple[CheckName, Answers, Link]] = [
        ("all", everyone, "logit"),
        ("unflagged", unflagged, "logit"),
        ("probit", answers, "probit"),
    ]
    found = []
    for item in answers.marks:
        primary = models[item]
        start = None if isinstance(primary, Missing) else primary
        for name, those, link in ways:
            judged = those.judged(those.marks[item])
            model = fitted(judged, link=link, start=start)
            if not isinstance(model, Missing):
                found.append(Check(item, name, len(those.who), compared(judged, model).chance))
    return tuple(found)


def otherwise(answers: Answers, models: Models) -> tuple[Otherwise, ...]:
    """The further ways, for each scale that has a model."""
    found = []
    for item, values in answers.marks.items():
        model = models[item]
        if isinstance(model, Missing):
            continue
        judged = answers.judged(values)
        found.append(
            Otherwise(
                item,
                left_out=without_one(judged, model),
                other_makers=for_other_makers(judged, model),
                ordered=ordered(judged, model, answers.places, _asked_first(answers, item)),
                steps=steps(judged, model),
                reacted=reacted(judged, model, answers.beside),
            )
        )
    return tuple(found)


def _asked_first(answers: Answers, item: str) -> Bools:
    """Of each trial, whether its rater was asked for this scale before all others."""
    by_rater = np.array([first == item for first in answers.first], dtype=np.bool_)
    return by_rater[answers.raters]

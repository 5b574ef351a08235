"""What visitors and admins send, checked."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from gallery.studies.models import (
    GuessTiming,
    Item,
    Outcome,
    Rater,
    Recognised,
    SkipReason,
    Trial,
)

NOT_SAID = ("", _("I would rather not say"))
AGES = [
    NOT_SAID,
    ("-17", _("under 18")),
    ("18-29", "18–29"),
    ("30-44", "30–44"),
    ("45-59", "45–59"),
    ("60-", _("60 or more")),
]
TRAINING = [
    NOT_SAID,
    ("none", _("no")),
    ("some", _("some")),
    ("professional", _("it is my profession")),
]
USES = [NOT_SAID, ("never", _("never")), ("sometimes", _("sometimes")), ("often", _("often"))]
BELIEFS = [
    NOT_SAID,
    ("1", _("not at all")),
    ("2", _("a little")),
    ("3", _("partly")),
    ("4", _("mostly")),
    ("5", _("entirely")),
]


UNANSWERED = {
    5: _("Choose one of the five points."),
    6: _("Choose one of the six points."),
    7: _("Choose one of the seven points."),
}


def side_field() -> forms.ChoiceField:
    """Left, right or no difference."""
    unanswered = _("Choose a side, or “no difference”.")
    messages = {"required": unanswered, "invalid_choice": unanswered}
    return forms.ChoiceField(choices=Outcome.choices, error_messages=messages)


def point_field(points: int) -> forms.TypedChoiceField:
    """One whole number from 1 to `points`, spelled exactly so: "3.0" and "3 " are refused."""
    unanswered = UNANSWERED[points]
    messages = {"required": unanswered, "invalid_choice": unanswered}
    choices = [(value, str(value)) for value in range(1, points + 1)]
    return forms.TypedChoiceField(choices=choices, coerce=int, error_messages=messages)


class AnswerForm(forms.Form):
    """Every question that this trial asks, or nothing."""

    recognised = forms.ChoiceField(choices=[("", ""), *Recognised.choices], required=False)
    rt_ms = forms.CharField(required=False)

    def __init__(self, trial: Trial, data: Any = None) -> None:
        super().__init__(data)
        rules = trial.rater.study.rules
        self.asked: list[str] = list(rules.items)
        if trial.right_work_id:
            for item in rules.pairs:
                self.fields[item] = side_field()
            return
        for scale in rules.scales:
            self.fields[scale.item] = point_field(scale.points)
        if trial.instructed:
            self.fields[Item.INSTRUCTED] = point_field(7)
        if trial.rater.guess_timing == GuessTiming.INTERLEAVED:
            self.fields["guess"] = point_field(6)

    def clean_rt_ms(self) -> int | None:
        """A browser's clock may say anything: a wild figure is dropped and the answer kept."""
        text: str = self.cleaned_data["rt_ms"]
        plausible = text.isascii() and text.isdigit() and len(text) <= 9  # up to 11 days
        return int(text) if plausible else None


class SkipForm(forms.Form):
    """Why a work was passed over."""

    reason = forms.ChoiceField(
        choices=SkipReason.choices,
        error_messages={"required": _("Choose why."), "invalid_choice": _("Choose why.")},
    )


class GuessForm(forms.Form):
    """Who made this?"""

    guess = point_field(6)


class FactsForm(forms.Form):
    """What raters may say about themselves once everything is answered; each answer is optional."""

    age = forms.ChoiceField(label=_("Your age"), choices=AGES, required=False)
    training = forms.ChoiceField(
        label=_("Have you studied art or literature?"), choices=TRAINING, required=False
    )
    uses_ai = forms.ChoiceField(
        label=_("Do you make pictures or texts with machines yourself?"),
        choices=USES,
        required=False,
    )
    belief = forms.ChoiceField(
        label=_("“Machines can make art.” How far do you agree?"), choices=BELIEFS, required=False
    )

    def told(self) -> dict[str, str]:
        """What was answered, without what was passed over."""
        return {name: value for name, value in self.cleaned_data.items() if value}


class ConsentForm(forms.Form):
    """`once` is drawn anew for each page, so that two clicks on one page make one rater."""

    once = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput, required=False)


class CodeForm(forms.Form):
    """The code that stands for a rater's answers."""

    code = forms.CharField(
        label=_("Your code"), max_length=40, widget=forms.TextInput({"autocomplete": "off"})
    )
    replace = forms.BooleanField(
        label=_("I have written that code down; go on with the one above"), required=False
    )

    def clean_code(self) -> Rater:
        """The rater behind the code."""
        rater = Rater.objects.known_by([self.cleaned_data["code"]]).first()
        if rater is None:
            raise forms.ValidationError(
                _(
                    "No answers are kept under this code. "
                    "It has twelve letters and digits; please check them."
                )
            )
        return rater

"""What visitors and admins send, checked."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from gallery.studies.models import SITTING_LENGTHS, Rater, Recognised, SkipReason, Study
from gallery.studies.services import RESERVED_SLUGS
from gallery.works.models import Medium


def point_field(points: int, unanswered: Any) -> forms.TypedChoiceField:
    """One whole number from 1 to `points`, spelled exactly so: "3.0" and "3 " are refused."""
    messages = {"required": unanswered, "invalid_choice": unanswered}
    choices = [(value, str(value)) for value in range(1, points + 1)]
    return forms.TypedChoiceField(choices=choices, coerce=int, error_messages=messages)


class AnswerForm(forms.Form):
    """Both scales, or nothing."""

    coherence = point_field(7, _("Choose one of the seven points."))
    surprise = point_field(7, _("Choose one of the seven points."))
    recognised = forms.ChoiceField(choices=[("", ""), *Recognised.choices], required=False)
    rt_ms = forms.CharField(required=False)

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

    guess = point_field(6, _("Choose one of the six points."))


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


class StudyForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """A study to open: its words, and how many works it takes."""

    # Drawn anew for each page, so that of two clicks on one page only one opens a study.
    code = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput, required=False)
    per_arm = forms.IntegerField(
        label=_("Works from each side"),
        help_text=_(
            "Drawn at random from what hangs and what waits; what waits is hung as the study "
            "opens. Leave it empty to take every work."
        ),
        min_value=1,
        required=False,
    )

    class Meta:
        model = Study
        fields = ["title", "purpose", "medium", "trials_per_rater"]
        labels = {"medium": _("Medium"), "trials_per_rater": _("Works in a sitting")}
        help_texts = {
            "purpose": _("One or two sentences that visitors read before they begin."),
            "trials_per_rater": _("An even number from 2 to 40: half from each side."),
        }

    def clean_medium(self) -> Medium:
        return Medium(self.cleaned_data["medium"])

    def clean_trials_per_rater(self) -> int:
        trials: int = self.cleaned_data["trials_per_rater"]
        if trials not in SITTING_LENGTHS:
            raise forms.ValidationError(_("A sitting shows an even number of works, from 2 to 40."))
        return trials

    def slug(self) -> str:
        """An address made of the title, with a number where another study has it."""
        stem = slugify(self.cleaned_data["title"])[:40].strip("-") or "study"
        taken = {*RESERVED_SLUGS, *Study.objects.values_list("slug", flat=True)}
        numbered = (f"{stem}-{n}" for n in range(2, len(taken) + 3))
        return next(slug for slug in (stem, *numbered) if slug not in taken)

"""The form of a study: its words and rules, on top of a blueprint."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from gallery.studies.blueprints import Blueprint
from gallery.studies.models import SITTING_LENGTHS, GuessTiming, Item, PairItem, Study
from gallery.studies.protocol import Protocol
from gallery.studies.services import RESERVED_SLUGS
from gallery.works.models import Collection, Medium

SCALES = [(item.value, item.label) for item in Item if item != Item.INSTRUCTED]
COMPARED = [
    ("sides", _("people and machines")),
    ("kinds", _("people, samplers and filters")),
    ("rungs", _("the values of a ladder")),
]
POINTS = [("7", "7"), ("5", "5")]


class StudyForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """A study to draft: its words, how many works it takes, what surrounds them."""

    # Drawn anew for each page, so that of two clicks on one page only one drafts a study.
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
    within = forms.ModelChoiceField(
        Collection.objects.all(),
        to_field_name="code",
        label=_("Only from a collection"),
        required=False,
        empty_label=_("in any collection or none"),
        error_messages={"invalid_choice": _("There is no such collection any more.")},
    )
    hypothesis = forms.CharField(
        label=_("Hypothesis"),
        help_text=_("What you expect, in words, before any answer is in."),
        widget=forms.Textarea({"rows": 3}),
        max_length=2000,
        required=False,
    )
    meaning = forms.CharField(
        label=_("What creativity means here, and how that is tested"),
        widget=forms.Textarea({"rows": 3}),
        max_length=2000,
        required=False,
    )
    compared = forms.ChoiceField(label=_("What is compared"), choices=COMPARED, required=False)
    scales = forms.MultipleChoiceField(
        label=_("Scales"), choices=SCALES, required=False, widget=forms.CheckboxSelectMultiple
    )
    points = forms.ChoiceField(label=_("Points of each scale"), choices=POINTS, required=False)
    pairs = forms.MultipleChoiceField(
        label=_("Questions about two works side by side"),
        help_text=_("With any of these, works come in pairs and have no scales."),
        choices=PairItem.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    guess = forms.ChoiceField(
        label=_("Guesses at who made it"), choices=GuessTiming.choices, required=False
    )
    preview = forms.IntegerField(label=_("Works in the preview"), min_value=0, max_value=12)
    practice = forms.IntegerField(label=_("Practice works"), min_value=0, max_value=4)
    anchors = forms.BooleanField(label=_("Show the two anchors"), required=False)
    repeats = forms.IntegerField(label=_("Works shown twice"), min_value=0, max_value=4)
    instructed = forms.BooleanField(label=_("One row that names its answer"), required=False)
    rest_after = forms.IntegerField(label=_("Rest after so many works"), min_value=0, max_value=40)
    facts = forms.BooleanField(label=_("Ask about the rater at the end"), required=False)
    tell_others_marks = forms.BooleanField(
        label=_("Tell raters at their reveal what others answered"), required=False
    )
    descriptions = forms.BooleanField(
        label=_("Read out a description in place of each picture"),
        help_text=_(
            "For every work or for none. manage.py describe_study has the draft's pictures "
            "described by somebody who does not know who made them."
        ),
        required=False,
    )
    bounded = forms.BooleanField(
        label=_("Let no network weigh more than one per cent"),
        help_text=_(
            "Against scripts. Leave it out for a kiosk or a class: they share one network."
        ),
        required=False,
    )
    ratings_per_work = forms.IntegerField(label=_("Ratings wanted for each work"), min_value=1)
    wanted = forms.IntegerField(label=_("Raters wanted"), min_value=1)
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        help_text=_("It stops at the earlier of enough answers and this day, never on a result."),
    )
    primary_analysis = forms.CharField(
        label=_("Primary analysis"), widget=forms.Textarea({"rows": 4}), required=False
    )

    class Meta:
        model = Study
        fields = ["title", "purpose", "medium", "trials_per_rater", "simulated"]
        labels = {
            "medium": _("Medium"),
            "trials_per_rater": _("Works in a sitting"),
            "simulated": _("For simulated raters only"),
        }
        help_texts = {
            "purpose": _("One or two sentences that visitors read before they begin."),
            "trials_per_rater": _("An even number from 2 to 40; each side gets its places by lot."),
            "simulated": _("On no public page, and never mixed with people's answers."),
        }

    def __init__(self, blueprint: Blueprint, data: Any = None, **kw: Any) -> None:
        self.blueprint = blueprint
        super().__init__(data, initial=filled_in(blueprint) | kw.pop("initial", {}), **kw)

    def clean_medium(self) -> Medium:
        return Medium(self.cleaned_data["medium"])

    def clean_trials_per_rater(self) -> int:
        trials: int = self.cleaned_data["trials_per_rater"]
        if trials not in SITTING_LENGTHS:
            raise forms.ValidationError(_("A sitting shows an even number of works, from 2 to 40."))
        return trials

    def clean(self) -> dict[str, Any]:
        words: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                words["rules"] = rules_from(self.blueprint.rules, words)
            except ValidationError as wrong:
                raise forms.ValidationError(
                    _("Choose a scale, a question about pairs, or guesses with each work.")
                ) from wrong
        return words

    def slug(self) -> str:
        """An address made of the title, with a number where another study has it."""
        stem = slugify(self.cleaned_data["title"])[:40].strip("-") or "study"
        taken = {*RESERVED_SLUGS, *Study.objects.values_list("slug", flat=True)}
        numbered = (f"{stem}-{n}" for n in range(2, len(taken) + 3))
        return next(slug for slug in (stem, *numbered) if slug not in taken)


def filled_in(blueprint: Blueprint) -> dict[str, Any]:
    """The fields of the form as a blueprint has them."""
    rules = blueprint.rules
    session = rules.session.model_dump()
    return {
        **{name: session[name] for name in ("preview", "practice", "repeats", "rest_after")},
        "anchors": bool(rules.session.anchors),
        "instructed": rules.session.instructed,
        "facts": rules.session.facts,
        "hypothesis": rules.hypothesis,
        "meaning": rules.meaning,
        "compared": rules.allocation.arms,
        "scales": [scale.item for scale in rules.scales] if rules.mode == "single" else [],
        "points": str(rules.scales[0].points) if rules.scales else "7",
        "pairs": list(rules.pairs),
        "guess": rules.guess.timing,
        "descriptions": rules.descriptions,
        "tell_others_marks": rules.tell_others_marks,
        "bounded": rules.exclusions.most_of_one_network > 0,
        "ratings_per_work": rules.stopping.ratings_per_work,
        "wanted": rules.stopping.raters,
        "last_day": rules.stopping.last_day,
        "primary_analysis": rules.primary_analysis,
        "trials_per_rater": blueprint.works,
        "medium": Medium.IMAGE,
    }


def rules_from(base: Protocol, words: dict[str, Any]) -> Protocol:
    """The protocol that the form describes. Raises pydantic's ValidationError."""
    values = base.model_dump()
    values["mode"] = "pairs" if words["pairs"] else "single"
    values["pairs"] = words["pairs"]
    points = int(words["points"] or 7)
    values["scales"] = [{"item": item, "points": points} for item in words["scales"]]
    values["guess"]["timing"] = "none" if words["pairs"] else words["guess"]
    values["allocation"]["arms"] = words["compared"]
    for name in ("preview", "practice", "repeats", "rest_after", "instructed", "facts"):
        values["session"][name] = words[name]
    values["session"]["anchors"] = 2 if words["anchors"] else 0
    values["exclusions"]["most_of_one_network"] = 0.01 if words["bounded"] else 0
    values["stopping"] = {
        "ratings_per_work": words["ratings_per_work"],
        "raters": words["wanted"],
        "last_day": words["last_day"],
    }
    for name in ("hypothesis", "meaning", "primary_analysis", "tell_others_marks", "descriptions"):
        values[name] = words[name]
    return Protocol.model_validate(values)

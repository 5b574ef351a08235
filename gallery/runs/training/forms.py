"""The form that requests a training: a collection, a name, and what the trainer declares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from gallery.runs.fields import field_for
from gallery.runs.models import LARGEST_SEED, Run
from gallery.runs.refusals import RunRefused
from gallery.runs.training.collection import Collection
from gallery.runs.training.services import LONGEST_NAME, check_training, request_training
from gallery.works.collections import Collection as Curated
from generators.training.params import TrainingParams
from generators.training.trainers import Trainer


class TrainingForm(forms.Form):
    """Parses text into values of the right kind; whether they will do is for the trainer to say."""

    find = forms.CharField(
        label=_("Works by people, found by title or maker"),
        help_text=_("Empty: all that hang here. With several words, works that have each of them."),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    within = forms.ModelChoiceField(
        Curated.objects.all(),
        to_field_name="code",
        label=_("Only from a collection"),
        required=False,
        empty_label=_("in any collection or none"),
        error_messages={"invalid_choice": _("There is no such collection any more.")},
    )
    name = forms.CharField(
        label=_("Name of what is learnt"),
        help_text=_("It is offered under this name wherever it can be painted with."),
        max_length=LONGEST_NAME,
        error_messages={"required": _("Give it a name.")},
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        help_text=_("Leave empty to draw one."),
        min_value=0,
        max_value=LARGEST_SEED,
        required=False,
    )

    def __init__(
        self,
        trainer: Trainer,
        data: Mapping[str, Any] | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}), label_suffix="")
        self.trainer = trainer
        schema = trainer.params.model_json_schema()["properties"]
        self.param_names = list(schema)
        self.fields |= {name: field_for(name, told) for name, told in schema.items()}
        words = str((data or initial or {}).get("find") or "")
        words = " ".join(words.split())[:100]
        self.collection = Collection(trainer, words, within=_curated(data or initial or {}))

    @classmethod
    def preset(cls, trainer: Trainer, sent: Mapping[str, Any], name: str) -> TrainingForm:
        """The form with what was sent in it, but for the params of a preset, and no verdict."""
        values = next((one.values for one in trainer.presets if one.name == name), {})
        defaults = {key: field.default for key, field in trainer.params.model_fields.items()}
        return cls(trainer, initial={**sent, **(defaults if values else {}), **values})

    @property
    def param_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in (*self.param_names, "seed")]

    @property
    def complaints(self) -> list[tuple[str, str]]:
        """Label and first sentence for each field that will not do. A name may still come."""
        together = _("Together")
        labels = {name: field.label for name, field in self.fields.items()}
        return [
            (str(labels.get(name, together)), str(sentences[0]))
            for name, sentences in self.errors.items()
            if name not in ("name", "find")  # the collection complains for itself
        ]

    def opening(self) -> TrainingParams:
        """What the form asks for as it opens, or would with nothing filled in."""
        filled = {name: self.initial.get(name) for name in self.param_names}
        try:
            return check_training(self.trainer, _given(filled))
        except RunRefused:
            return self.trainer.parse({})

    def asked(self) -> TrainingParams | None:
        """What is asked for, checked but not stored; None, with errors at the fields, if it will
        not do."""
        if any(name in self.errors for name in (*self.param_names, "seed")):
            return None
        try:
            return check_training(self.trainer, self._params())
        except RunRefused as refused:
            self._show(refused)
            return None

    def save(self, user: Any) -> Run | None:
        """Queue the training for `user`; None, with errors at the fields, if it is refused."""
        if not self.is_valid():
            self._look_at_the_rest()
            return None
        try:
            return request_training(
                generator=self.trainer.generator,
                params=self._params(),
                name=self.cleaned_data["name"],
                collection=self.collection,
                seed=self.cleaned_data["seed"],
                requested_by=user,
            )
        except RunRefused as refused:
            self._show(refused)
            return None

    def _look_at_the_rest(self) -> None:
        """Tell of a collection that will not do at once with what else is wrong."""
        try:
            self.collection.check()
        except RunRefused as refused:
            self._show(refused)

    def _params(self) -> dict[str, Any]:
        return _given({name: self.cleaned_data.get(name) for name in self.param_names})

    def _show(self, refused: RunRefused) -> None:
        for name, sentence in refused.fields.items():
            self.add_error(name if name in self.fields else None, sentence)


def _curated(told: Mapping[str, Any]) -> Curated | None:
    """The collection that is asked for; the field complains of one that is not there."""
    try:
        return Curated.objects.filter(code=UUID(str(told.get("within") or ""))).first()
    except ValueError:
        return None


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "")}

"""The form that requests a training, made from the trainer's own declaration of its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gallery.runs.fields import field_for
from gallery.runs.models import LARGEST_SEED, Run
from gallery.runs.refusals import RunRefused
from gallery.runs.training import Lesson, amount_of, check_lesson, collection, request_training
from gallery.works.models import Artwork
from generators.training.trainers import Trainer

SHOWN = 8  # works of the collection: enough to see which they are


class TrainingForm(forms.Form):
    """`find` says which works are learnt from; without words, all that hang and are by people."""

    find = forms.CharField(
        label=_("Which works to learn from"),
        help_text=_("Words of their titles or makers. Leave empty for all works by people."),
        max_length=100,
        required=False,
    )
    name = forms.CharField(
        label=_("Name of what it will have learnt"),
        help_text=_("By which it is chosen later, such as “Sonnets” or “Our landscapes”."),
        max_length=60,
        error_messages={"required": _("Give it a name, by which it is chosen later.")},
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        help_text=_("The same seed and steps learn the same again. Leave empty to draw one."),
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
        words = str((data or initial or {}).get("find") or "")
        self.words = " ".join(words.split())[:100]
        schema = trainer.params.model_json_schema()["properties"]
        self.param_names = list(schema)
        self.fields |= {name: field_for(name, told) for name, told in schema.items()}
        self.works = collection(trainer.medium, self.words)

    @property
    def amount(self) -> int:
        """Pictures, or characters, that would be learnt from."""
        return amount_of(self.trainer, self.works)

    @property
    def enough(self) -> bool:
        return self.trainer.least <= self.amount <= self.trainer.most

    @property
    def some(self) -> list[Artwork]:
        return list(self.works.select_related("maker")[:SHOWN])

    @property
    def param_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in (*self.param_names, "seed")]

    def lesson(self) -> Lesson | None:
        """What is asked for, checked but not stored; None, with errors at the fields, if it will
        not do. The name is not asked for: whoever looks at the cost may not have one yet."""
        self.is_valid()
        try:
            return check_lesson(self.trainer.generator, self._params(), self.words)
        except RunRefused as refused:
            self._show(refused)
            return None

    def save(self, user: Any) -> Run | None:
        """Queue the run for `user`; None, with errors at the fields, if it is refused."""
        if not self.is_valid():
            return None
        try:
            return request_training(
                generator=self.trainer.generator,
                params=self._params(),
                name=self.cleaned_data["name"],
                words=self.words,
                seed=self.cleaned_data["seed"],
                requested_by=user,
            )
        except RunRefused as refused:
            self._show(refused)
            return None

    def _params(self) -> dict[str, Any]:
        asked = getattr(self, "cleaned_data", {})
        given = ((name, asked.get(name)) for name in self.param_names)
        return {name: value for name, value in given if value not in (None, "")}

    def _show(self, refused: RunRefused) -> None:
        for name, sentence in refused.fields.items():
            self.add_error(name if name in self.fields else None, sentence)

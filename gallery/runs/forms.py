"""The form that requests a run, made from the generator's own declaration of its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gallery.runs.models import LARGEST_SEED, MOST_OUTPUTS, Run
from gallery.runs.refusals import RunRefused
from gallery.runs.services import Request, check_request, request_run
from gallery.works.models import Artwork
from generators.catalog import Generator

OFFERED_WORKS = 60  # the newest hung ones; a longer list of radio buttons serves nobody


class RunForm(forms.Form):
    """Parses text into values of the right kind; whether they will do is for the generator to say.

    An empty parameter means the generator's default, and an empty aspect the proportions of works
    by people.
    """

    count = forms.IntegerField(
        label=_("Number of works"),
        help_text=_("Each with a seed of its own, drawn from the run's seed."),
        min_value=1,
        max_value=MOST_OUTPUTS,
        initial=1,
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        help_text=_("The same seed makes the same works again. Leave empty to draw one."),
        min_value=0,
        max_value=LARGEST_SEED,
        required=False,
    )

    def __init__(self, generator: Generator, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, label_suffix="")
        self.generator = generator
        schema = generator.params.model_json_schema()["properties"]
        self.fields |= {name: field_for(name, told) for name, told in schema.items()}
        self.param_names = list(schema)
        self.works = Artwork.objects.hung().filter(medium=generator.medium)
        if generator.content != "none":
            self.fields["content"] = forms.ModelChoiceField(
                self.works,
                to_field_name="code",
                label=_("Work to start from"),
                required=generator.content == "required",
                error_messages={"required": _("Choose a work to start from.")},
            )

    @property
    def offered_works(self) -> list[Artwork]:
        return list(self.works.with_labels()[:OFFERED_WORKS])

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """All but the content, which the page shows as pictures."""
        return [field for field in self if field.name != "content"]

    @property
    def complaints(self) -> list[tuple[str, str]]:
        """Label and first sentence for each field that will not do."""
        together = _("Together")
        labels = {name: field.label for name, field in self.fields.items()}
        return [
            (str(labels.get(name, together)), str(sentences[0]))
            for name, sentences in self.errors.items()
        ]

    def unchanged(self) -> Request:
        """What the form asks for as it opens."""
        return check_request(self.generator.name, {}, 1)

    def request(self) -> Request | None:
        """What is asked for, checked but not stored; None, with errors at the fields, if it
        will not do."""
        if not self.is_valid():
            return None
        try:
            return check_request(self.generator.name, self._params(), self.cleaned_data["count"])
        except RunRefused as refused:
            self._show(refused)
            return None

    def save(self, user: Any) -> Run | None:
        """Queue the run for `user`; None, with errors at the fields, if it is refused."""
        if not self.is_valid():
            return None
        asked = self.cleaned_data
        try:
            return request_run(
                generator=self.generator.name,
                params=self._params(),
                seed=asked["seed"],
                count=asked["count"],
                content=asked.get("content"),
                requested_by=user,
            )
        except RunRefused as refused:
            self._show(refused)
            return None

    def _params(self) -> dict[str, Any]:
        asked = ((name, self.cleaned_data.get(name)) for name in self.param_names)
        return {name: value for name, value in asked if value not in (None, "")}

    def _show(self, refused: RunRefused) -> None:
        for name, sentence in refused.fields.items():
            self.add_error(name if name in self.fields else None, sentence)


def field_for(name: str, schema: dict[str, Any]) -> forms.Field:
    """A form field with the title, help, bounds and default of one property of a JSON schema.

    TypeError for a type that no generator uses yet.
    """
    told: dict[str, Any] = {
        "label": _(schema["title"]),
        "help_text": _(schema["description"]),
        "initial": schema.get("default"),
        "required": False,
    }
    if name == "aspect":
        told["initial"] = None
        told["help_text"] = _("Leave empty for the proportions of works by people.")
    if "enum" in schema:
        return forms.ChoiceField(choices=[(value, _(value)) for value in schema["enum"]], **told)
    if schema.get("type") == "boolean":
        return forms.BooleanField(**told)
    told |= {"min_value": schema.get("minimum"), "max_value": schema.get("maximum")}
    if schema.get("type") == "integer":
        return forms.IntegerField(**told)
    if schema.get("type") == "number":
        return forms.FloatField(step_size=schema.get("multipleOf"), **told)
    raise TypeError(f"{name}: no form field for {schema}")

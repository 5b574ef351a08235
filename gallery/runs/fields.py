"""Form fields from what a generator declares, and for the works that it starts from."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gallery.works.models import Artwork


class StylesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """Works in the order in which they were sent, each as often as it was sent."""

    def clean(self, value: Any) -> list[Artwork]:  # type: ignore[override]  # a queryset has no order
        codes = [str(code) for code in value or () if code]  # "" is the choice of none
        found = {str(artwork.code): artwork for artwork in super().clean(codes)}
        return [found[code] for code in codes]


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
    if answers := enum_of(schema):
        return forms.ChoiceField(choices=[(value, _(value)) for value in answers], **told)
    if schema.get("type") == "boolean":
        return forms.BooleanField(**told)
    if schema.get("type") == "string":
        return forms.CharField(max_length=schema.get("maxLength"), **told)
    told |= {"min_value": schema.get("minimum"), "max_value": schema.get("maximum")}
    if schema.get("type") == "integer":
        return forms.IntegerField(**told)
    if schema.get("type") == "number":
        return forms.FloatField(step_size=schema.get("multipleOf"), **told)
    raise TypeError(f"{name}: no form field for {schema}")


def enum_of(schema: dict[str, Any]) -> list[str]:
    """The closed set of answers, also where something else may be given in place of one, such as
    a path: that is for a command line, where who asks may read the machine's files anyway."""
    branches = [schema, *schema.get("anyOf", [])]
    for branch in branches:
        if "enum" in branch:
            return list(branch["enum"])
        if "const" in branch:  # a closed set of one
            return [branch["const"]]
    return []

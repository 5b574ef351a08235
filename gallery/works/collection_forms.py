"""What curators say of collections."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gallery.works.collections import Collection
from gallery.works.forms import PlainForm
from gallery.works.texts import one_line


class CollectionForm(forms.ModelForm):  # type: ignore[type-arg]  # no subscript at run time
    """A collection's name, and a sentence about it."""

    class Meta:
        model = Collection
        fields = ["name", "about"]
        labels = {"name": _("Name"), "about": _("A sentence about it")}
        widgets = {"about": forms.Textarea({"rows": 3})}
        error_messages = {"name": {"unique": _("Another collection is called so.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Give it a name."))
        return name

    def clean_about(self) -> str:
        return one_line(self.cleaned_data["about"])


class PlacingForm(PlainForm):
    """Which collection the ticked works are put in or taken out of."""

    collection = forms.ModelChoiceField(
        Collection.objects.all(),
        to_field_name="code",
        label=pgettext_lazy("works shown together", "Collection"),
        required=False,
        empty_label=_("a new one"),
        error_messages={"invalid_choice": _("There is no such collection any more.")},
    )
    name = forms.CharField(label=_("Name of a new one"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        values["name"] = one_line(values.get("name") or "")
        if not (values.get("collection") or values["name"] or self.errors):
            self.add_error("collection", _("Choose a collection, or name a new one."))
        return values

    def chosen(self) -> Collection:
        """Of a valid form; made now if it is new. One that is called so already is that one."""
        found: Collection | None = self.cleaned_data["collection"]
        return found or Collection.objects.get_or_create(name=self.cleaned_data["name"])[0]

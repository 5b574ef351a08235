"""The fields that forms about works are made of."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import CharField
from django.utils.translation import gettext_lazy as _

from gallery.works.consent import Consent
from gallery.works.models import Artwork, Change, Drawing, Maker
from gallery.works.texts import one_line


class LabelField(forms.CharField):
    """One line of a wall label, without signs that steer the display, as long as its column."""

    def __init__(self, column: CharField[Any, Any], **kwargs: Any) -> None:
        super().__init__(max_length=column.max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        return one_line(super().to_python(value) or "")


def column(model: type[Artwork | Change | Drawing | Maker], name: str) -> CharField[Any, Any]:
    """The column that a form's field fills."""
    return cast("CharField[Any, Any]", model._meta.get_field(name))


class ConsentField(forms.ChoiceField):
    """One of `Consent`, in whatever case; what is not said is `unsaid`."""

    def __init__(self, *, unsaid: str = Consent.UNSTATED, **kwargs: Any) -> None:
        super().__init__(
            label=_("The artist's consent"),
            choices=Consent.choices if unsaid else [("", _("as it is")), *Consent.choices],
            required=False,
            error_messages={
                "invalid_choice": _("Write one of these: unstated, not needed, awaited, given.")
            },
            **kwargs,
        )
        self.unsaid = unsaid

    def to_python(self, value: Any) -> str:
        return super().to_python(value).strip().lower() or self.unsaid


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """A list of uploaded files; one that is too large refuses only itself, when it is taken in."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data or [None]
        return [super(SeveralFilesField, self).clean(file, initial) for file in files]

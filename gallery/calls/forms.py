"""What curators say of a call, and what is sent for one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.db.models import CharField
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gallery.calls.models import DRAWINGS, MOST_DRAWINGS, Call, in_a_week
from gallery.works.drawing_room import SheetForm
from gallery.works.fields import LabelField, column
from gallery.works.forms import PlainForm
from gallery.works.models import Maker

LONGEST = timedelta(days=366)  # how far off a last day may be
NAME_LENGTH = 100  # leaves room in a maker's name for what tells namesakes apart


def _column(name: str) -> CharField[Any, Any]:
    return cast("CharField[Any, Any]", Call._meta.get_field(name))


class CallForm(PlainForm):
    """A call as a curator makes it."""

    brief = LabelField(
        _column("brief"),
        label=_("Brief"),
        help_text=_("What is asked for: the same words that a machine was given."),
    )
    licence = LabelField(
        _column("licence"),
        label=_("Licence"),
        widget=forms.TextInput(attrs={"list": "licences"}),
        help_text=_("Under which everyone who draws gives their drawing to this gallery."),
    )
    credit = LabelField(
        _column("credit"),
        label=_("Credit"),
        required=False,
        help_text=_("The same line for all: a class, a school, a workshop."),
    )
    most = forms.IntegerField(
        label=_("Drawings at most"), min_value=1, max_value=MOST_DRAWINGS, initial=DRAWINGS
    )
    last_day = forms.DateField(
        label=_("Last day"),
        initial=in_a_week,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_last_day(self) -> object:
        day = self.cleaned_data["last_day"]
        if not localdate() <= day <= localdate() + LONGEST:
            raise forms.ValidationError(_("Choose a day from today on, within a year."))
        return day


class ContributionForm(SheetForm):
    """A drawing, the name that shall stand beside it, and a yes to what becomes of it."""

    maker = LabelField(
        column(Maker, "name"),
        label=_("Name on the label"),
        help_text=_("Yours, or one that you choose for this."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": NAME_LENGTH}),
    )
    agreed = forms.BooleanField(
        error_messages={"required": _("Tick this if you agree; otherwise nothing is sent.")}
    )
    field_order = ["maker", "agreed", "strokes"]

    def __init__(self, call: Call, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agreed"].label = sentence(call)

    def clean_maker(self) -> str:
        name: str = self.cleaned_data["maker"]
        if len(name) > NAME_LENGTH:
            raise forms.ValidationError(_("Choose a name of at most 100 signs."))
        return name


def sentence(call: Call) -> str:
    """What one agrees to by sending a drawing, in the language of the page."""
    return gettext(
        "I made this drawing and give it to this gallery under the licence %(licence)s. It is kept "
        "for good with the name above; it may hang here or not, and visitors rate it before they "
        "are told who made it."
    ) % {"licence": call.licence}

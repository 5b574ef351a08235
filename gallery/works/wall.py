"""Which works a visitor wants to see on the wall, and how wide each hangs."""

from __future__ import annotations

import math
from typing import Any

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from gallery.works.models import Medium, Origin
from gallery.works.querysets import ArtworkQuerySet

ON_A_WALL = 24

# Without inline styles a picture's proportion reaches the style sheet as a class: wall-0 is 1:5,
# and each next one is 2.5 % wider, so that heights in a row differ by less than an eye sees.
NARROWEST = 0.2
STEP = 1.025
WALLS = 130
WALL_OF_A_TEXT = 56  # about 4:5


class WallForm(forms.Form):
    """The filters, as the words of one sentence. Nonsense in the address filters nothing."""

    what = forms.ChoiceField(
        choices=[("", _("works")), (Medium.IMAGE, _("pictures")), (Medium.TEXT, _("texts"))],
        required=False,
        widget=forms.Select(attrs={"aria-label": _("What")}),
    )
    by = forms.ChoiceField(
        choices=[
            ("", _("people and machines")),
            (Origin.HUMAN, _("people")),
            (Origin.MACHINE, _("machines")),
        ],
        required=False,
        widget=forms.Select(attrs={"aria-label": _("By whom")}),
    )
    hung = forms.ChoiceField(
        choices=[("", _("at any time")), ("year", _("this year")), ("month", _("this month"))],
        required=False,
        widget=forms.Select(attrs={"aria-label": _("Hung when")}),
    )

    def narrowed(self, works: ArtworkQuerySet) -> ArtworkQuerySet:
        """The works that the sentence names."""
        self.is_valid()
        wanted: dict[str, Any] = {}
        if what := self.cleaned_data.get("what"):
            wanted["medium"] = what
        if by := self.cleaned_data.get("by"):
            wanted["origin"] = by
        if hung := self.cleaned_data.get("hung"):
            first = localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
            wanted["hung_at__gte"] = first.replace(month=1) if hung == "year" else first
        return works.filter(**wanted)


def wall_class(medium: str, width: int, height: int) -> str:
    """The class in works.css that hangs a work of this size in true proportion."""
    if medium == Medium.TEXT:
        return f"wall-{WALL_OF_A_TEXT}"
    wall = round(math.log(width / height / NARROWEST, STEP))
    return f"wall-{min(max(wall, 0), WALLS)}"

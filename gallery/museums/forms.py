"""What curators ask of museums and pick there."""

from __future__ import annotations

from django import forms
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from gallery.museums.collections import COLLECTIONS, Collection
from gallery.museums.found import ON_A_PAGE
from gallery.works.forms import PlainForm

MOST_PICKS = 12  # at one thing a second, as many as somebody waits for at a browser
LAST_PAGE = 10_000 // ON_A_PAGE  # museums' searches end there


class SearchForm(PlainForm):
    """Where to look, and for what."""

    museum = forms.ChoiceField(
        label=_("Collection"), choices=[(key, one.name) for key, one in COLLECTIONS.items()]
    )
    query = forms.CharField(
        label=_("Words to look for, or the address of a manifest"), max_length=500
    )
    page = forms.IntegerField(min_value=1, max_value=LAST_PAGE, required=False)

    @property
    def collection(self) -> Collection:
        return COLLECTIONS[self.cleaned_data["museum"]]

    @property
    def address(self) -> str:
        """Where what was asked is answered."""
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        return f"{reverse('museums')}?{urlencode(asked)}"


class PicksField(forms.MultipleChoiceField):
    """Names of works. Whether there is such a work, only its museum can tell."""

    def valid_value(self, value: str) -> bool:
        return True


class PicksForm(PlainForm):
    """The works to bring in, at most MOST_PICKS."""

    pick = PicksField(error_messages={"required": _("Nothing was picked. Tick a work first.")})

    def clean_pick(self) -> list[str]:
        picks = list(dict.fromkeys(self.cleaned_data["pick"]))
        if len(picks) > MOST_PICKS:
            raise forms.ValidationError(
                _("At most %(most)d works are brought in at once. Pick fewer."),
                params={"most": MOST_PICKS},
            )
        return picks

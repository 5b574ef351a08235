"""What admins say of people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

from gallery.accounts.models import CLOSED, Invitation, Role
from gallery.roles import CURATORS

STANDINGS = [("", _("no role")), *Role.choices, (CLOSED, _("account closed"))]


class InvitationForm(forms.ModelForm):  # type: ignore[type-arg]  # no subscript at run time
    class Meta:
        model = Invitation
        fields = ["name", "role"]
        help_texts = {"name": _("Whom you will send the link to, so that you find it again.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""


class StandingForm(forms.Form):
    """What one person may do."""

    standing = forms.ChoiceField(label=_("May act as"), choices=STANDINGS, required=False)


def standing_of(user: User) -> str:
    """The one of STANDINGS that is true of a person whose groups are fetched."""
    if not user.is_active:
        return CLOSED
    if user.is_staff:
        return Role.ADMIN
    is_curator = any(group.name == CURATORS for group in user.groups.all())
    return Role.CURATOR if is_curator else ""

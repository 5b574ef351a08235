"""What this gallery wants otherwise than django-allauth does: nobody signs up without a link, and
an admin who has no second factor is led to it."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.forms import BaseForm
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse

from gallery.accounts.models import Invitation
from gallery.accounts.services import TakenAlready, accept
from gallery.roles import ask_for_proof, lacks_second_factor, owes_proof

INVITED = "invitation"  # in the session: the secret of the link that was followed
MOMENTS = 300.0  # seconds


def invitation_of(request: HttpRequest) -> Invitation | None:
    """The open invitation that this browser came with."""
    return Invitation.objects.of_link(request.session.get(INVITED, "")).first()


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return invitation_of(request) is not None

    def save_user(
        self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True
    ) -> User:
        """With the invitation's role, or not at all if somebody used the link a moment ago."""
        super().save_user(request, user, form, commit=False)
        invitation = invitation_of(request)
        try:
            if invitation is None:
                raise TakenAlready
            accept(invitation, user)
        except TakenAlready:
            raise ImmediateHttpResponse(redirect("account_signup")) from None
        del request.session[INVITED]
        return user

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        if lacks_second_factor(request.user):
            return reverse("mfa_index")
        return str(super().get_login_redirect_url(request))

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """To what they were invited for; an admin comes to the studio by way of a second factor."""
        return reverse("mfa_index" if lacks_second_factor(request.user) else "hanging")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not of who has just joined, or just signed in by whatever their account asks for.

        All that changes second factors asks this first: without a second factor that is there
        already, none is added, so a password that was found out never grows into one.
        """
        if owes_proof(self.request):
            raise ImmediateHttpResponse(ask_for_proof(self.request))
        user = self.request.user
        proofs = [record["at"] for record in get_authentication_records(self.request, user)]
        last: float = max([user.date_joined.timestamp(), *proofs])
        return last < time.time() - MOMENTS

    def get_reauthentication_methods(
        self, user: AbstractBaseUser | AnonymousUser
    ) -> list[dict[str, Any]]:
        """By the second factor alone where it is owed."""
        ways = super().get_reauthentication_methods(user)
        owed = owes_proof(self.request)
        return [way for way in ways if not (owed and way["id"] == "reauthenticate")]

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Accounts here have no address to write to."""

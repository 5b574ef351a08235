"""Setting up a second factor, which proves it to the session in which that is done, and what a
session that owes the proof may not do."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from gallery.roles import ask_for_proof, owes_proof

View = Callable[..., HttpResponseBase]


def prove(request: HttpRequest, user: User, kind: str) -> None:
    """Note in the session that the newest factor of this kind was just shown in it."""
    shown = Authenticator.objects.filter(user=user, type=kind).latest("created_at", "pk")
    record_authentication(request, user, "mfa", id=shown.pk, type=kind)


class SetUpApp(ActivateTOTPView):
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        prove(self.request, self.request.user, Authenticator.Type.TOTP)
        return response


class AddPasskey(AddWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        prove(self.request, self.request.user, Authenticator.Type.WEBAUTHN)
        return response


def proof_first(view: View) -> View:
    """Ask a session for the second factor that it owes."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if owes_proof(request):
            return ask_for_proof(request)
        return view(request, *args, **kwargs)

    return guarded

"""Where admins invite people, say what each may do, and help those who cannot sign in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gallery.accounts.adapter import INVITED
from gallery.accounts.forms import InvitationForm, StandingForm, standing_of
from gallery.accounts.models import Invitation
from gallery.accounts.services import forget_second_factors, invite, password_link, set_standing
from gallery.roles import admin_required, with_second_factor

if TYPE_CHECKING:
    from gallery.http import HtmxRequest

LINK = "link to pass on"  # in the session, until the page has shown it once


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def people(request: HtmxRequest) -> HttpResponse:
    """Everyone with an account, open invitations, and the form for another."""
    form = InvitationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        by = cast(User, request.user)
        name = form.cleaned_data["name"]
        _pass_on(request, name, invite(form.cleaned_data["role"], name, by=by)[1])
        return redirect("people")
    everyone = User.objects.order_by("username").prefetch_related("groups")
    context = {
        "form": form,
        "link": request.session.pop(LINK, None),
        "people": _rows(everyone),
        "invitations": Invitation.objects.open(),
    }
    return render(request, "accounts/people.html", context, status=422 if form.errors else 200)


def _rows(people: Iterable[User]) -> Iterator[dict[str, Any]]:
    proven = with_second_factor()
    for user in people:
        standing = {"standing": standing_of(user)}
        form = StandingForm(initial=standing, auto_id=f"%s-of-{user.username}")
        yield {"user": user, "form": form, "has_second_factor": user.pk in proven}


def _pass_on(request: HttpRequest, name: str, path: str) -> None:
    request.session[LINK] = {"name": name, "address": request.build_absolute_uri(path)}


@require_POST
@admin_required
def withdraw(request: HtmxRequest, pk: int) -> HttpResponse:
    """Make an open invitation's link worthless."""
    Invitation.objects.open().filter(pk=pk).delete()
    messages.info(request, _("The invitation is withdrawn; its link opens nothing now."))
    return redirect("people")


@require_POST
@admin_required
def standing(request: HtmxRequest, name: str) -> HttpResponse:
    """Say what somebody else may do."""
    user = _somebody_else(request, name)
    form = StandingForm(request.POST)
    if user and form.is_valid():
        set_standing(user, form.cleaned_data["standing"])
        messages.info(request, _("Changed what %(name)s may do.") % {"name": user.username})
    return redirect("people")


@require_POST
@admin_required
def new_password(request: HtmxRequest, name: str) -> HttpResponse:
    """Draw a link at which somebody sets a new password."""
    user = get_object_or_404(User, username=name, is_active=True)
    _pass_on(request, user.username, password_link(user))
    return redirect("people")


@require_POST
@admin_required
def forget(request: HtmxRequest, name: str) -> HttpResponse:
    """Let somebody who lost their device sign in by password alone once more."""
    user = _somebody_else(request, name)
    if user:
        forget_second_factors(user)
        said = _("%(name)s signs in by password alone until they set up a second factor again.")
        messages.info(request, said % {"name": user.username})
    return redirect("people")


def _somebody_else(request: HtmxRequest, name: str) -> User | None:
    """None, and a sentence, for yourself: so there is always an admin left."""
    user = get_object_or_404(User, username=name)
    if user != request.user:
        return user
    messages.error(request, _("Nobody changes their own account here; ask another admin."))
    return None


@never_cache
@require_safe
def invitation(request: HtmxRequest, secret: str) -> HttpResponse:
    """Follow an invitation's link: the secret moves from the address into the session."""
    if not Invitation.objects.of_link(secret).exists():
        return render(request, "account/signup_closed.html", status=410)
    request.session[INVITED] = secret
    return redirect("account_signup")

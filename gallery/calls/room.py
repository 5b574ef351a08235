"""Where curators make calls, pass their links on, and see what came."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gallery.calls.forms import CallForm
from gallery.calls.models import Call
from gallery.calls.services import make_call, new_link
from gallery.roles import curator_required
from gallery.works.forms import USUAL_LICENCES
from gallery.works.models import Artwork

if TYPE_CHECKING:
    from gallery.http import HtmxRequest

LINK = "call link to pass on"  # in the session, until the page has shown it once


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@curator_required
def calls(request: HtmxRequest) -> HttpResponse:
    """Every call with how many drawings came, and the form for another."""
    form = CallForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        call, path = make_call(by=cast(User, request.user), **form.cleaned_data)
        _pass_on(request, call, path)
        return redirect("calls")
    context = {
        "form": form,
        "link": request.session.pop(LINK, None),
        "calls": Call.objects.all(),
        "licences": USUAL_LICENCES,
    }
    return render(request, "calls/calls.html", context, status=422 if form.errors else 200)


def _pass_on(request: HtmxRequest, call: Call, path: str) -> None:
    request.session[LINK] = {"brief": call.brief, "address": request.build_absolute_uri(path)}


@require_safe
@curator_required
def drawings(request: HtmxRequest, code: UUID) -> HttpResponse:
    """What came in for one call, the newest first, whatever became of it."""
    call = get_object_or_404(Call, code=code)
    visible = Artwork.objects.visible_to(request.user)
    works = visible.filter(contribution__call=call).select_related("maker")
    context = {"call": call, "artworks": works.order_by("-created", "-pk")}
    return render(request, "calls/drawings.html", context)


@require_POST
@curator_required
def close(request: HtmxRequest, code: UUID) -> HttpResponse:
    """Let a call's link open nothing from now on."""
    get_object_or_404(Call, code=code).close()
    messages.info(request, _("The call is closed. What was drawn for it stays."))
    return redirect("calls")


@require_POST
@curator_required
def link(request: HtmxRequest, code: UUID) -> HttpResponse:
    """Draw a new link in place of the old one."""
    call = get_object_or_404(Call, code=code)
    _pass_on(request, call, new_link(call))
    return redirect("calls")

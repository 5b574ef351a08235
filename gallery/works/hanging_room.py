"""The hanging room: where curators bring works in and decide what hangs."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gallery.roles import curator_required
from gallery.works.forms import USUAL_LICENCES, LicenceForm, WorkForm
from gallery.works.ingest import Busy, IngestRefused
from gallery.works.models import Artwork, Kind, Rendition
from gallery.works.services import AlreadyHere, take_in
from gallery.works.views import served

if TYPE_CHECKING:
    from gallery.http import HtmxRequest

ON_A_PAGE = 24
RECENT = 12


@require_safe
@curator_required
def hanging(request: HtmxRequest) -> HttpResponse:
    """What waits for a decision, and what was decided last."""
    waiting = Artwork.objects.candidates().select_related("maker").order_by("-created", "-pk")
    page = Paginator(waiting, ON_A_PAGE).get_page(request.GET.get("page"))
    recent = Artwork.objects.lately_decided().select_related("maker")[:RECENT]
    return render(request, "works/hanging.html", {"page": page, "recent": recent})


@require_http_methods(["GET", "HEAD", "POST"])
@curator_required
def new(request: HtmxRequest) -> HttpResponse:
    """Bring in one work; a refusal stands at the field that caused it."""
    sent = request.method == "POST"
    form = WorkForm(request.POST, request.FILES) if sent else WorkForm()
    status = 422 if form.errors else 200
    if form.is_valid():
        try:
            medium, data = form.work()
            artwork = take_in(medium, data, form.label(), added_by=cast(User, request.user))
        except (IngestRefused, AlreadyHere) as refused:
            form.add_error(form.given_field, str(refused))
            status = 503 if isinstance(refused, Busy) else 422
        else:
            return redirect("work-preview", artwork.code)
    context = {"form": form, "licences": USUAL_LICENCES}
    return render(request, "works/new.html", context, status=status)


@require_safe
@curator_required
def preview(request: HtmxRequest, code: UUID) -> HttpResponse:
    """The work as raters will see it, beside the label that they will not see."""
    artwork = get_object_or_404(Artwork.objects.select_related("maker"), code=code)
    return _shown(request, artwork, LicenceForm())


def _shown(
    request: HtmxRequest, artwork: Artwork, form: LicenceForm, status: int = 200
) -> HttpResponse:
    context = {"artwork": artwork, "form": form, "licences": USUAL_LICENCES}
    return render(request, "works/preview.html", context, status=status)


@require_safe
@curator_required
def blind(request: HtmxRequest, code: UUID) -> HttpResponse:
    """The blind rendition."""
    return served(get_object_or_404(Rendition, artwork__code=code, kind=Kind.BLIND))


@require_POST
@curator_required
def hang(request: HtmxRequest, code: UUID) -> HttpResponse:
    """Hang a candidate; one without a licence needs it said first."""
    artwork = get_object_or_404(Artwork.objects.select_related("maker"), code=code)
    form = LicenceForm(request.POST)
    if not artwork.licence and not form.is_valid():
        return _shown(request, artwork, form, status=422)
    licence = "" if artwork.licence else form.cleaned_data["licence"]
    _report(request, artwork, done=artwork.hang(licence), said=_("“%(title)s” hangs."))
    return redirect("hanging")


@require_POST
@curator_required
def discard(request: HtmxRequest, code: UUID) -> HttpResponse:
    """Pass a candidate over."""
    artwork = get_object_or_404(Artwork, code=code)
    _report(request, artwork, done=artwork.discard(), said=_("“%(title)s” was passed over."))
    return redirect("hanging")


def _report(request: HtmxRequest, artwork: Artwork, *, done: bool, said: str) -> None:
    late = _("“%(title)s” was decided before; nothing has changed.")
    messages.info(request, (said if done else late) % {"title": artwork})

"""How curators bring works in: one with its whole label, or hundreds at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gallery.roles import curator_required
from gallery.works.forms import USUAL_LICENCES, ManyForm, WorkForm, medium_of
from gallery.works.ingest import Busy, IngestRefused
from gallery.works.likeness import works_like
from gallery.works.models import Artwork
from gallery.works.services import AlreadyHere, Label, take_in

if TYPE_CHECKING:
    from gallery.http import HtmxRequest

MOST_HASHES = 1000  # asked about at once


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


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one file."""

    name: str
    artwork: Artwork | None = None
    is_new: bool = False
    refusal: str = ""
    busy: bool = False
    like: tuple[Artwork, ...] = ()


@require_http_methods(["GET", "HEAD", "POST"])
@curator_required
def many(request: HtmxRequest) -> HttpResponse:
    """Bring in as many as one likes. With scripts each file comes alone, and its row is the answer;
    without, all come in one form, and the answer is the page with a row for each."""
    sent = request.method == "POST"
    form = ManyForm(request.POST, request.FILES) if sent else ManyForm()
    rows: list[Row] = []
    status = 422 if form.errors else 200
    if form.is_valid():
        by = cast(User, request.user)
        rows = [_taken(file, form.label_of(file), by) for file in form.cleaned_data["chosen"]]
        status = 503 if any(row.busy for row in rows) else 200
    template = "works/many.html"
    if request.headers.get("X-One-File"):
        template += "#rows" if rows else "#problems"
    context = {"form": form, "licences": USUAL_LICENCES, "rows": rows}
    return render(request, template, context, status=status)


def _taken(file: UploadedFile[bytes], label: Label, by: User) -> Row:
    name = file.name or ""
    try:
        data = file.read()
        artwork = take_in(medium_of(name, data), data, label, added_by=by)
    except AlreadyHere as here:
        return Row(name, here.artwork)
    except IngestRefused as refused:
        return Row(name, refusal=str(refused), busy=isinstance(refused, Busy))
    return Row(
        name,
        artwork,
        is_new=True,
        like=tuple(works_like(artwork, Artwork.objects.visible_to(by))[:1]),
    )


@require_POST
@curator_required
def here(request: HtmxRequest) -> HttpResponse:
    """Which of these files are here already, by the SHA-256 of their bytes: after a connection was
    lost, or the page closed, only the others are sent again."""
    asked = request.POST.getlist("sha256")[:MOST_HASHES]
    kept = (
        Artwork.objects.visible_to(request.user)
        .by_people()
        .filter(sha256__in=asked)
        .select_related("maker")
    )
    rows = {work.sha256: Row(_("this file"), work) for work in kept}
    return render(request, "works/here.html", {"rows": rows})

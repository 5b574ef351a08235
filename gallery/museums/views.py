"""Bringing in works from open-access collections: a page of the hanging room."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib.auth.models import User
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gallery.museums import services, thumbnails, turns
from gallery.museums.collections import COLLECTIONS
from gallery.museums.forms import MOST_PICKS, PicksForm, SearchForm
from gallery.museums.refusals import NotFetched
from gallery.roles import curator_required

if TYPE_CHECKING:
    from gallery.http import HtmxRequest


@require_safe
@curator_required
def museums(request: HtmxRequest) -> HttpResponse:
    """Choose a collection, look for something, see what may be brought in."""
    form = SearchForm(request.GET if "query" in request.GET else None)
    context = {"form": form, "most": MOST_PICKS}
    if form.is_valid():
        asked, number = form.cleaned_data["query"], form.cleaned_data["page"] or 1
        try:
            with turns.place():
                context["page"] = services.search(form.collection, asked, number)
        except NotFetched as refused:
            form.add_error("query", str(refused))
    return render(request, "museums/museums.html", context, status=422 if form.errors else 200)


@require_POST
@curator_required
def take(request: HtmxRequest) -> HttpResponse:
    """Take in what was picked. The answer says row by row what became of it."""
    asked, picks = SearchForm(request.POST), PicksForm(request.POST)
    if not asked.is_valid() or not picks.is_valid():
        said = " ".join(map(str, picks.errors.get("pick") or [_("Search for something first.")]))
        return _refused(request, said, asked, 422)
    user = cast(User, request.user)
    try:
        with turns.place():
            rows = services.take_in_all(asked.collection, picks.cleaned_data["pick"], added_by=user)
    except NotFetched as busy:
        return _refused(request, str(busy), asked, 503)
    return render(request, "museums/taken.html", {"rows": rows, "back": asked.address})


def _refused(request: HtmxRequest, message: str, asked: SearchForm, status: int) -> HttpResponse:
    context = {"message": message, "next_url": asked.address, "next_label": _("Back to the search")}
    return render(request, "refused.html", context, status=status)


@require_safe
@curator_required
def thumb(request: HtmxRequest, name: str) -> HttpResponse:
    """A small picture of a museum's work, from here: no page loads anything from elsewhere."""
    collection, id = COLLECTIONS.get(name), request.GET.get("id", "")
    if not collection:
        raise Http404
    try:
        data = thumbnails.kept(name, id)
        if not data:
            with turns.place():
                data = thumbnails.keep(collection.read(id))
    except NotFetched:
        raise Http404 from None
    if not data:
        raise Http404
    return thumbnails.served(data)

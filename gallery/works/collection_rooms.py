"""The pages of collections: walls for visitors, and where curators put them together."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from gallery.roles import curator_required
from gallery.works.collection_forms import CollectionForm, PlacingForm
from gallery.works.collections import Collection, Placing
from gallery.works.hanging_room import back_to_the_rows, codes_in
from gallery.works.models import Artwork, State
from gallery.works.wall import ON_A_WALL

if TYPE_CHECKING:
    from gallery.http import HtmxRequest

GLIMPSES = 4  # works that the list shows of each
ON_A_PAGE = 24


@require_safe
def collections(request: HtmxRequest) -> HttpResponse:
    """Each collection of which this visitor may see something."""
    visible = Artwork.objects.visible_to(None, request.raters())
    page = Paginator(Collection.objects.shown(visible), ON_A_PAGE).get_page(request.GET.get("page"))
    listed: dict[int, tuple[Collection, list[Artwork]]] = {one.pk: (one, []) for one in page}
    for placing in Placing.objects.filter(collection__in=listed).glimpses(visible, GLIMPSES):
        listed[placing.collection_id][1].append(placing.artwork)
    context = {"page": page, "collections": listed.values()}
    return render(request, "works/collections.html", context)


@require_safe
@vary_on_headers("HX-Request")
def collection(request: HtmxRequest, code: UUID) -> HttpResponse:
    """A wall with what of it this visitor may see; 404 where that is nothing."""
    visible = Artwork.objects.visible_to(None, request.raters())
    one = get_object_or_404(Collection.objects.shown(visible), code=code)
    works = visible.in_order_of(one).select_related("maker")
    page = Paginator(works, ON_A_WALL).get_page(request.GET.get("page"))
    template = "works/collection.html" + ("#wall" if request.htmx else "")
    return render(request, template, {"collection": one, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@curator_required
def kept(request: HtmxRequest) -> HttpResponse:
    """All collections, and the form for another."""
    form = CollectionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        form.save()
        return redirect("collections-kept")
    every = Collection.objects.annotate(count=Count("placings")).order_by("name")
    page = Paginator(every, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page}
    return render(request, "works/kept.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@curator_required
def edit(request: HtmxRequest, code: UUID) -> HttpResponse:
    """Change what a collection is called and what is said of it."""
    one = get_object_or_404(Collection, code=code)
    form = CollectionForm(request.POST if request.method == "POST" else None, instance=one)
    if form.is_valid():
        form.save()
        return redirect("collections-kept")
    visible = Artwork.objects.visible_to(None)
    context = {
        "form": form,
        "collection": Collection.objects.get(pk=one.pk),  # a refused name is none of it
        "works": one.placings.count(),
        "states": State.choices,
        "public": Collection.objects.shown(visible).filter(pk=one.pk).first(),
    }
    return render(request, "works/kept_one.html", context, status=422 if form.errors else 200)


@require_POST
@curator_required
def drop(request: HtmxRequest, code: UUID) -> HttpResponse:
    """Dissolve a collection; its works stay as they are."""
    one = get_object_or_404(Collection, code=code)
    one.delete()
    messages.info(request, _("“%(name)s” is dissolved; its works are here.") % {"name": one})
    return redirect("collections-kept")


@require_POST
@curator_required
def place(request: HtmxRequest) -> HttpResponse:
    """Put the ticked works in a collection, or take them out of it."""
    form = PlacingForm(request.POST)
    works = Artwork.objects.visible_to(request.user).filter(code__in=codes_in(request))
    if not form.is_valid() or not works:
        sentences = [str(one) for errors in form.errors.values() for one in errors]
        messages.warning(request, " ".join(sentences) or _("Tick the works first."))
        return back_to_the_rows(request, codes_in(request))
    one = form.chosen()
    if request.POST.get("deed") == "out":
        done, said = one.take_out(works), _("Taken out of “%(name)s”: %(works)s.")
    else:
        done, said = one.put_in(works), _("Put in “%(name)s”: %(works)s.")
    counted = ngettext("%(n)d work", "%(n)d works", done) % {"n": done}
    messages.info(request, said % {"name": one, "works": counted})
    there = {"collection": one.code, "state": request.POST.get("state", "")}
    return redirect(f"{reverse('hanging')}?{urlencode(there)}")

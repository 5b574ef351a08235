"""The public gallery: works whose label this visitor may read."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from gallery.roles import is_curator
from gallery.works.measured import measured
from gallery.works.models import Artwork, Kind, Rendition
from gallery.works.recipes import story
from gallery.works.resemblance import resemblance_of
from gallery.works.surprisal import surprisal_of
from gallery.works.wall import ON_A_WALL, WallForm

if TYPE_CHECKING:
    from gallery.http import HtmxRequest

MOST_OFFSPRING = 24  # shown on a work's page


@require_safe
@vary_on_headers("HX-Request")
def works(request: HtmxRequest) -> HttpResponse:
    """The salon hang, newest first."""
    form = WallForm(request.GET)
    hung = form.narrowed(Artwork.objects.visible_to(None, request.raters())).select_related("maker")
    page = Paginator(hung, ON_A_WALL).get_page(request.GET.get("page"))
    template = "works/works.html" + ("#wall" if request.htmx else "")
    return render(request, template, {"form": form, "page": page})


@require_safe
def work(request: HtmxRequest, code: UUID) -> HttpResponse:
    """One work, its label, what was measured, and for a machine's work how it was made."""
    signed = Artwork.objects.visible_to(None, request.raters())
    artwork = get_object_or_404(signed.select_related("maker"), code=code)
    offspring = list(signed.made_from(artwork).select_related("maker")[: MOST_OFFSPRING + 1])
    context = {
        "artwork": artwork,
        "story": story(artwork.recipe, signed) if artwork.recipe is not None else None,
        "surprisal": surprisal_of(artwork),
        "resemblance": resemblance_of(artwork, signed),
        "offspring": offspring[:MOST_OFFSPRING],
        "more_offspring": len(offspring) > MOST_OFFSPRING,
        "measured": measured(artwork, signed),
        "collections": artwork.collections.all(),
    }
    return render(request, "works/work.html", context)


@require_safe
def picture(request: HtmxRequest, code: UUID, kind: Kind) -> HttpResponse:
    """A rendition for who may see it: curators all, others those of signed works.

    A browser asks each time whether it has changed, for a picture may be turned and cut, and gets
    it only then: each file has a name of its own, and is never written again.
    """
    # An account's session that has not shown its second factor is anybody's.
    who = request.user if is_curator(request) else None
    visible = Artwork.objects.visible_to(who, request.raters())
    wanted = Rendition.objects.filter(artwork__in=visible)
    rendition = get_object_or_404(wanted, artwork__code=code, kind=kind)
    tag = quote_etag(sha256(str(rendition.file.name).encode()).hexdigest()[:32])
    response = get_conditional_response(request, etag=tag) or served(rendition)
    response["ETag"], response["Cache-Control"] = tag, "private, no-cache"
    return response


def served(rendition: Rendition) -> HttpResponse:
    """Under one name and inert. Raises Http404 if it is gone."""
    return inert(stored(rendition), "image/webp", 'inline; filename="work.webp"')


def stored(rendition: Rendition) -> bytes:
    """The file's bytes. Raises Http404 if it is gone."""
    try:
        with rendition.file.open("rb") as file:
            data: bytes = file.read()
    except FileNotFoundError:
        raise Http404 from None
    return data


def inert(data: bytes, content_type: str, disposition: str) -> HttpResponse:
    """A file that does nothing, whatever it holds and wherever it is opened."""
    return HttpResponse(
        data,
        content_type=content_type,
        headers={
            "Cache-Control": "private, max-age=3600",
            "Content-Disposition": disposition,
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )

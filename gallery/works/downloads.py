"""A work to take along: signed, and marked as what it is, since no wall label goes with it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gallery.works.marking import packet, source_type
from gallery.works.models import Artwork, Kind, Medium
from gallery.works.views import inert, stored
from gallery.works.webp import with_xmp

if TYPE_CHECKING:
    from gallery.http import HtmxRequest

LONGEST_NAME = 80  # characters


@require_safe
def download(request: HtmxRequest, code: UUID) -> HttpResponse:
    """What the work's page shows, for whom it is signed. Never what studies show."""
    signed = Artwork.objects.visible_to(None, request.raters()).select_related("maker")
    artwork = get_object_or_404(signed, code=code)
    if artwork.medium == Medium.TEXT:
        return _attached(artwork, labelled(artwork).encode(), "text/plain; charset=utf-8", "txt")
    rendition = artwork.renditions.filter(kind=Kind.DISPLAY).first()
    if rendition is None:
        raise Http404
    return _attached(artwork, with_xmp(stored(rendition), packet(artwork)), "image/webp", "webp")


def labelled(artwork: Artwork) -> str:
    """A text, and under it its label."""
    lines = {
        _("Maker"): artwork.maker.name,
        _("Title"): artwork.title,
        _("Year"): artwork.year,
        _("Licence"): artwork.licence,
        _("Credit"): artwork.credit,
        _("Source"): artwork.source,
        _("Digital source type"): source_type(artwork),
    }
    told = "".join(f"{name}: {line}\n" for name, line in lines.items() if line)
    return f"{artwork.text}\n{told}"


def _attached(artwork: Artwork, data: bytes, content_type: str, ending: str) -> HttpResponse:
    name = slugify(f"{artwork.maker.name} {artwork.title}")[:LONGEST_NAME].strip("-_") or "work"
    return inert(data, content_type, f'attachment; filename="{name}.{ending}"')

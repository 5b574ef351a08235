"""Works that a short program draws, as files: the program, and the drawing as SVG."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from gallery.works.models import Artwork
from generators.low_complexity.code import read_program
from generators.low_complexity.svg import to_svg
from generators.refused import Refused

if TYPE_CHECKING:
    from gallery.http import HtmxRequest


@require_safe
def drawing(request: HtmxRequest, code: UUID) -> HttpResponse:
    """The drawing, made anew from the program that the work's recipe keeps."""
    try:
        svg = to_svg(read_program(_program(request, code)).drawing)
    except Refused:
        raise Http404 from None
    return _download(svg.encode(), "image/svg+xml", "drawing.svg")


@require_safe
def program(request: HtmxRequest, code: UUID) -> HttpResponse:
    """The program itself, as `python -m generators redraw` takes it."""
    return _download(_program(request, code), "application/octet-stream", "drawing.arcs")


def _program(request: HtmxRequest, code: UUID) -> bytes:
    """The program of a work whose label this visitor may read. Raises Http404 if there is none."""
    signed = Artwork.objects.visible_to(None, request.raters()).by_machines()
    recipe = get_object_or_404(signed, code=code).recipe or {}
    try:
        return urlsafe_b64decode(str(recipe["program"]))
    except (KeyError, binascii.Error):
        raise Http404 from None


def _download(data: bytes, content_type: str, name: str) -> HttpResponse:
    """A file to be saved, inert wherever it is opened."""
    return HttpResponse(
        data,
        content_type=content_type,
        headers={
            "Cache-Control": "private, max-age=3600",
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )

"""A read-only JSON interface: studies with their findings, and the works whose labels are public.

It tells no more than the pages do, to nobody in particular: no cookie is read, so that an answer
may be cached, and a work that an open study asks about is not there. One network may ask ten times
a second.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gallery.findings.models import Finding, Look
from gallery.findings.openapi import document
from gallery.studies.limits import Limit, is_over
from gallery.studies.models import Study
from gallery.works.models import Artwork

ON_A_PAGE = 100
ANYWHERE = {"Access-Control-Allow-Origin": "*"}
FIRST, LAST = 1, 10_000  # pages
READINGS = Limit(600, 60)  # ten a second

View = Callable[..., JsonResponse]


def _unhurried(view: View) -> View:
    """Let a network ask so often; above that it is told to wait, and no cache keeps that answer."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: object) -> JsonResponse:
        if not is_over(request, "readings", READINGS):
            return view(request, **kwargs)
        sentence = _("Very many requests come from your network just now. Wait a minute, then ask.")
        headers = {"Retry-After": str(READINGS.seconds), "Cache-Control": "no-store"} | ANYWHERE
        return JsonResponse({"error": sentence}, status=429, headers=headers)

    return guarded


@require_safe
@_unhurried
def description(request: HttpRequest) -> JsonResponse:
    """This interface in OpenAPI 3.1."""
    return _told(document(request.build_absolute_uri("/")))


@require_safe
@_unhurried
def studies(request: HttpRequest) -> JsonResponse:
    """All studies that people sit or sat, newest first."""
    known = Study.objects.opened().real().order_by("-opened_at")
    return _told({"studies": [_study(request, one) for one in known]})


@require_safe
@_unhurried
def study(request: HttpRequest, slug: str) -> JsonResponse:
    """One study, its protocol, its findings as they were last computed, every look at them."""
    one = get_object_or_404(Study.objects.opened(), slug=slug)
    kept = Finding.objects.filter(study=one).first()
    looks = [look.as_json() for look in Look.objects.filter(study=one)]
    return _told(
        _study(request, one)
        | {
            "protocol": one.protocol,
            "computed_at": kept.computed_at.isoformat() if kept else None,
            "findings": kept.document if kept else None,
            "looks": looks,
        }
    )


@require_safe
@_unhurried
def works(request: HttpRequest) -> JsonResponse:
    """A hundred works at a time, newest first."""
    signed = Artwork.objects.visible_to(None).select_related("maker")
    page = _page(request.GET.get("page", "1"))
    pages = Paginator(signed.order_by("-hung_at", "-pk"), ON_A_PAGE)
    if page > pages.num_pages:
        raise Http404
    return _told(
        {
            "page": page,
            "pages": pages.num_pages,
            "count": pages.count,
            "works": [_work(request, one) for one in pages.page(page)],
        }
    )


@require_safe
@_unhurried
def work(request: HttpRequest, code: UUID) -> JsonResponse:
    """One work; a machine's with the recipe that makes it again."""
    signed = Artwork.objects.visible_to(None).select_related("maker")
    one = get_object_or_404(signed, code=code)
    return _told(_work(request, one) | {"recipe": one.recipe, "text": one.text or None})


def _page(asked: str) -> int:
    if not (asked.isascii() and asked.isdigit() and FIRST <= int(asked) <= LAST):
        raise Http404
    return int(asked)


def _study(request: HttpRequest, one: Study) -> dict[str, Any]:
    return {
        "slug": one.slug,
        "title": one.title,
        "purpose": one.purpose,
        "medium": one.medium,
        "state": one.state,
        "simulated": one.simulated,
        "version": one.version,
        "opened_at": one.opened_at.isoformat() if one.opened_at else None,
        "closed_at": one.closed_at.isoformat() if one.closed_at else None,
        "url": request.build_absolute_uri(reverse("api-study", args=[one.slug])),
        "page": request.build_absolute_uri(reverse("findings", args=[one.slug])),
    }


def _work(request: HttpRequest, one: Artwork) -> dict[str, Any]:
    return {
        "code": str(one.code),
        "medium": one.medium,
        "origin": one.origin,
        "source_class": one.source_class,
        "maker": one.maker.name,
        "title": one.title,
        "year": one.year,
        "licence": one.licence,
        "credit": one.credit,
        "width": one.width,
        "height": one.height,
        "url": request.build_absolute_uri(reverse("api-work", args=[one.code])),
        "page": request.build_absolute_uri(one.get_absolute_url()),
    }


def _told(content: dict[str, Any]) -> JsonResponse:
    return JsonResponse(
        content,
        json_dumps_params={"ensure_ascii": False},
        headers=ANYWHERE | {"Cache-Control": "public, max-age=60"},
    )

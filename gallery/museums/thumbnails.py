"""Small pictures of what was found, kept for an hour. They are shown as they came, so only what
begins as a picture is kept, and it is served so that it can be nothing else."""

from __future__ import annotations

import hashlib

from django.core.cache import caches
from django.http import HttpResponse

from gallery.museums.fetching import fetch
from gallery.museums.found import Found
from gallery.museums.refusals import NotFetched
from gallery.works.decoding import is_picture

MOST_BYTES = 500_000
TYPES = {0xFF: "image/jpeg", 0x89: "image/png", 0x52: "image/webp"}  # by a picture's first byte


def kept(museum: str, id: str) -> bytes:
    """A work's small picture; empty if none is kept."""
    data: bytes = caches["museums"].get(_key(museum, id), b"")
    return data


def keep(found: Found) -> bytes:
    """The same, fetched now if need be; empty if none can be had."""
    data = kept(found.museum, found.id)
    if data or not found.thumbnail:
        return data
    try:
        data = fetch(found.thumbnail, most=MOST_BYTES)
    except NotFetched:
        return b""
    if not is_picture(data) or data[0] not in TYPES:
        return b""
    caches["museums"].set(_key(found.museum, found.id), data)
    return data


def _key(museum: str, id: str) -> str:
    return hashlib.sha256(f"{museum} {id}".encode("utf-8", "replace")).hexdigest()


def served(data: bytes) -> HttpResponse:
    """A picture that is kept."""
    return HttpResponse(
        data,
        content_type=TYPES[data[0]],
        headers={
            "Cache-Control": "private, max-age=3600",
            "Content-Disposition": 'inline; filename="work"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
        },
    )

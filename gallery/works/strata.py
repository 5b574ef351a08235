"""Works sorted by what anybody sees of them: the strata of a study's design."""

from __future__ import annotations

from collections.abc import Collection

from gallery.works.models import Artwork, Medium

UPRIGHT, WIDE = 0.9, 1.1  # width to height, below and above
SHORT, LONG = 300, 900  # characters


def strata_of(artwork_ids: Collection[int]) -> dict[int, str]:
    """By primary key: upright, square or wide; of texts, short, middle or long. One query."""
    works = Artwork.objects.filter(pk__in=artwork_ids).order_by()
    rows = works.values_list("pk", "medium", "width", "height", "text")
    return {
        pk: _length(len(text)) if medium == Medium.TEXT else _shape(width / height)
        for pk, medium, width, height, text in rows
    }


def _shape(aspect: float) -> str:
    if aspect < UPRIGHT:
        return "upright"
    return "wide" if aspect > WIDE else "square"


def _length(characters: int) -> str:
    if characters < SHORT:
        return "short"
    return "long" if characters > LONG else "middle"

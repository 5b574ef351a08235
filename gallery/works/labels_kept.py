"""What is on record about works as a study begins, so that no label can be changed meanwhile."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from gallery.works.models import Artwork


def labels_of(artwork_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """By primary key, what the label of each work says and the hash of its bytes; ready for
    JSON. One query."""
    works = Artwork.objects.filter(pk__in=artwork_ids).select_related("maker").order_by()
    return {
        work.pk: {
            "artwork": str(work.code),
            "origin": work.origin,
            "source_class": work.source_class,
            "maker": work.maker.name,
            "title": work.title,
            "year": work.year,
            "sha256": work.sha256,
            "generator": (work.recipe or {}).get("generator", ""),
        }
        for work in works
    }

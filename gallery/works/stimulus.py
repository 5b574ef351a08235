"""What a rater is shown of a work: the only door between works and blind studies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db.models import FilteredRelation, Q

from gallery.works.models import Artwork, Kind, Medium


@dataclass(frozen=True, slots=True)
class Stimulus:
    """The blind rendition or the normalised text; nothing of the label."""

    medium: Medium
    file: str  # where storage keeps the blind rendition; empty for a text
    text: str
    description: str = ""  # by somebody blind to the origin; empty where there is none

    def picture(self) -> File[Any]:
        """The blind rendition, open for reading. Raises FileNotFoundError if there is none."""
        if not self.file:
            raise FileNotFoundError
        return default_storage.open(self.file)


def stimulus(artwork_id: int) -> Stimulus:
    """One query of one shape for every work. Raises Artwork.DoesNotExist."""
    medium, text, file, description = (
        Artwork.objects.order_by()
        .annotate(blind=FilteredRelation("renditions", condition=Q(renditions__kind=Kind.BLIND)))
        .values_list("medium", "text", "blind__file", "description__text")
        .get(pk=artwork_id)
    )
    return Stimulus(Medium(medium), file or "", text, description or "")


def texts_of(artwork_ids: Iterable[int]) -> dict[int, str]:
    """The normalised texts of works, by primary key; pictures have none."""
    texts = Artwork.objects.order_by().filter(pk__in=list(artwork_ids), medium=Medium.TEXT)
    return dict(texts.values_list("pk", "text"))

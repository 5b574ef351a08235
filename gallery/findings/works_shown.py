"""The works of a closed study as its figures name them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from gallery.studies.models import StudyWork
from gallery.works.models import Medium, Origin
from gallery.works.querysets import ArtworkQuerySet

READ = tuple(
    f"artwork__{field}"
    for field in ("code", "title", "maker__name", "maker_id", "origin", "medium")
)


@dataclass(frozen=True)
class WorkShown:
    """One work and its label. Its addresses are made when asked for: a kept page needs none."""

    code: UUID
    title: str
    maker: str
    maker_id: int
    by_machine: bool
    is_picture: bool

    @property
    def url(self) -> str:
        return reverse("work", args=[self.code])

    @property
    def thumb(self) -> str:
        """The address of a small picture; empty for a text."""
        return reverse("work-thumb", args=[self.code]) if self.is_picture else ""


def works_shown(study_works: Sequence[int], signed: ArtworkQuerySet) -> dict[int, WorkShown]:
    """By number, which is the place in the order given. Two queries: of one that joins both lists,
    SQLite makes a search for every pair of their entries.

    Works that the reader may not know are left out: another open study may be showing them.
    """
    number = {pk: n for n, pk in enumerate(study_works)}
    found = list(StudyWork.objects.filter(pk__in=number).values_list("pk", "artwork_id", *READ))
    known = set(signed.filter(pk__in=[row[1] for row in found]).values_list("pk", flat=True))
    untitled = _("Untitled")
    return {
        number[pk]: WorkShown(
            code=code,
            title=title or untitled,
            maker=maker,
            maker_id=maker_id,
            by_machine=origin == Origin.MACHINE,
            is_picture=medium == Medium.IMAGE,
        )
        for pk, artwork, code, title, maker, maker_id, origin, medium in found
        if artwork in known
    }

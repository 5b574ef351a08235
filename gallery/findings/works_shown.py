"""The works of a closed study as its figures name them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from gallery.studies.models import StudyWork
from gallery.works.querysets import ArtworkQuerySet

READ = tuple(f"artwork__{field}" for field in ("code", "title", "origin", "medium", "maker__name"))


@dataclass(frozen=True)
class WorkShown:
    """One work: its page, its label, its address as a small picture (empty for a text)."""

    url: str
    title: str
    maker: str
    maker_id: int
    by_machine: bool
    thumb: str


def works_shown(study_works: Sequence[int], signed: ArtworkQuerySet) -> dict[int, WorkShown]:
    """By number, which is the place in the order given. One query.

    Works that the reader may not know are left out: another open study may be showing them.
    """
    number = {pk: n for n, pk in enumerate(study_works)}
    found = StudyWork.objects.filter(pk__in=number, artwork__in=signed.values("pk"))
    found = found.select_related("artwork__maker").only(*READ)
    works = {number[one.pk]: one.artwork for one in found}
    return {
        n: WorkShown(
            url=work.get_absolute_url(),
            title=str(work.title) or _("Untitled"),
            maker=str(work.maker.name),
            maker_id=work.maker_id,
            by_machine=work.by_machine,
            thumb=reverse("work-thumb", args=[work.code]) if work.medium == "image" else "",
        )
        for n, work in works.items()
    }

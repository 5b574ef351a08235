"""Searching a museum and taking in what was picked there."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from gallery.museums.collections import Collection
from gallery.museums.fetching import fetch
from gallery.museums.found import ON_A_PAGE, Found
from gallery.museums.refusals import NotFetched
from gallery.museums.thumbnails import keep
from gallery.works.forms import LabelForm
from gallery.works.ingest import IngestRefused
from gallery.works.models import Artwork, Medium
from gallery.works.services import AlreadyHere, Label, take_in

if TYPE_CHECKING:
    from django.contrib.auth.models import User

log = logging.getLogger(__name__)

SEARCH_SECONDS = 30.0  # after which a page shows what has come
TAKE_SECONDS = 45.0  # after which nothing more is begun


@dataclass(slots=True)
class Page:
    """What a search shows: each work, and whether a small picture of it is kept."""

    before: int  # numbers of the neighbouring pages, 0 where there is none
    after: int
    works: list[tuple[Found, bool]] = field(default_factory=list)
    cut: bool = False  # time was up before all had come


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one work: the artwork that is here now or was before, or why there is none."""

    title: str
    artwork: Artwork | None = None
    taken: bool = False
    refusal: str = ""


def search(collection: Collection, query: str, number: int) -> Page:
    """One page of what a museum has, small pictures included. Raises NotFetched."""
    end = monotonic() + SEARCH_SECONDS
    total, found = collection.search(query, number)
    page = Page(before=number - 1, after=number + 1 if total > number * ON_A_PAGE else 0)
    for work in found:
        page.works.append((work, bool(keep(work))))
        if monotonic() > end:
            page.cut = True
            break
    return page


def take_in_all(
    collection: Collection, ids: Sequence[str], *, added_by: User | None = None
) -> list[Row]:
    """Take in each work as a candidate, from the museum's record as it is now.

    A work that fails is its own row's affair: the others go on.
    """
    end = monotonic() + TAKE_SECONDS
    rows = []
    for id in ids:
        if monotonic() > end:
            refusal = _("There was no time left for it. Pick it once more.")
            rows.append(Row(id, refusal=refusal))
        else:
            rows.append(_taken_in(collection, id, added_by))
    return rows


def _taken_in(collection: Collection, id: str, added_by: User | None) -> Row:
    title = id
    try:
        found = collection.read(id)
        title = found.title or title
        if found.refusal:
            return Row(title, refusal=found.refusal)
        label = _label(found)
        data = fetch(found.picture, most=settings.UPLOAD_LIMIT_BYTES)
        artwork = take_in(Medium.IMAGE, data, label, added_by=added_by)
    except AlreadyHere as here:
        return Row(title, artwork=here.artwork)
    except (NotFetched, IngestRefused) as refused:
        return Row(title, refusal=str(refused))
    except Exception:
        log.exception("a work of a museum could not be taken in: %r", id)
        return Row(title, refusal=_("This gallery failed at it. Its log says why."))
    return Row(title, artwork=artwork, taken=True)


def _label(found: Found) -> Label:
    """Checked as what curators type. Raises NotFetched."""
    form = LabelForm(found.label)
    if not form.is_valid():
        raise NotFetched(_("Its label does not fit. Bring it in by hand."))
    return form.label()

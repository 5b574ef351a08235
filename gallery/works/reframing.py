"""Turning and cutting a picture that is here already: its renditions are made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from gallery.storage import discard
from gallery.works.blinding import WORKING
from gallery.works.framing import Framing, box_of
from gallery.works.history import Change, Deed
from gallery.works.ingest import Prepared, abandon, keep, read, storing
from gallery.works.models import Artwork, Rendition
from gallery.works.sandbox import Sandbox
from gallery.works.services import UPLOAD_PATIENCE, NotNow

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def reframe(artwork: Artwork, framing: Framing, *, by: User) -> bool:
    """Show a picture turned and cut as said; False if it is shown so already.

    The original stays as it came. Raises NotNow where a study has shown the picture or too little
    would be left, IngestRefused where the original cannot be read any more, and Busy.
    """
    if framing.told() == artwork.framing:
        return False
    if Artwork.objects.filter(pk=artwork.pk).sealed().exists():
        raise NotNow(_("A study shows “%(title)s” as it is; it stays so.") % {"title": artwork})
    with storing(), default_storage.open(artwork.original_path) as file:
        data = file.read()
    with transaction.atomic(durable=True):
        qualities = Artwork.objects.qualities_of_uploads()
    with Sandbox(UPLOAD_PATIENCE) as sandbox:
        prepared = keep(read(artwork.medium, data, qualities, sandbox, framing))
    try:
        _check_size(artwork, prepared, framing)
        old = _replace(artwork, prepared, framing, by)
    except BaseException:
        abandon(prepared)
        raise
    discard(old)
    return True


def _check_size(artwork: Artwork, prepared: Prepared, framing: Framing) -> None:
    left, top, right, bottom = box_of(framing.hidden)
    longest = max(prepared.width * (right - left), prepared.height * (bottom - top))
    if longest < WORKING <= max(artwork.width, artwork.height):
        raise NotNow(
            _("Less than %(least)d px would be left, and no study takes that. Cut off less.")
            % {"least": WORKING}
        )


def _replace(artwork: Artwork, prepared: Prepared, framing: Framing, by: User) -> list[str]:
    """The names of the files that are no rendition any more."""
    with transaction.atomic():
        if Artwork.objects.select_for_update().filter(pk=artwork.pk).sealed().exists():
            raise NotNow(_("A study shows “%(title)s” as it is; it stays so.") % {"title": artwork})
        Artwork.objects.filter(pk=artwork.pk).update(
            framing=framing.told(),
            width=prepared.width,
            height=prepared.height,
            phash=prepared.phash,
        )
        old = list(artwork.renditions.values_list("file", flat=True))
        for kind, name, width, height in prepared.renditions:
            Rendition.objects.filter(artwork=artwork, kind=kind).update(
                file=name, width=width, height=height
            )
        artwork.measures.all().delete()  # of what is shown; they are taken anew
        Change.objects.record(artwork, Deed.FRAMED, by=by)
    artwork.refresh_from_db()
    return old

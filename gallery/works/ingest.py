"""The one way in: whatever hangs here, by people or machines, was read and rewritten by this."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from gallery.storage import StorageAway, discard
from gallery.works.framing import Framing
from gallery.works.likeness import fingerprint
from gallery.works.models import Artwork, Kind, Medium, original_path
from gallery.works.sandbox import (
    AS_IT_CAME,
    REASONS,
    Developed,
    NoRoom,
    NotDeveloped,
    Print,
    Sandbox,
)
from gallery.works.texts import TextRefused, read_text

logger = logging.getLogger(__name__)


class IngestRefused(ValueError):
    """The message is a sentence for the person who sent the work."""


class Busy(IngestRefused):
    """Nothing is wrong with the work: it may be sent again."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A work that was read and whose files are stored, but that no row knows yet.

    Width and height are those of the upright original in px, 0 for a text; a rendition is its
    kind, its name in storage, its width and its height.
    """

    medium: Medium
    sha256: str
    text: str
    width: int
    height: int
    jpeg_quality: int | None
    renditions: tuple[tuple[str, str, int, int], ...]
    phash: str = ""  # see `gallery.works.likeness`


@dataclass(frozen=True, slots=True)
class Read:
    """A work that was read and is only in memory."""

    data: bytes
    medium: Medium
    text: str = ""
    picture: Developed | None = None


def prepare(medium: Medium, data: bytes, *, patience: float | None = None) -> Prepared:
    """Check and read a work's bytes; store the original and, for a picture, the renditions.

    Takes up to twelve seconds, so it refuses to run inside a transaction. Before that a picture
    waits for its turn, at most `patience` seconds. Raises IngestRefused, or Busy.
    """
    with transaction.atomic(durable=True):
        qualities = Artwork.objects.qualities_of_uploads()
    with Sandbox(patience) as sandbox:
        return keep(read(medium, data, qualities, sandbox))


def read(
    medium: Medium | str,
    data: bytes,
    qualities: Sequence[int],
    sandbox: Sandbox,
    framing: Framing = AS_IT_CAME,
) -> Read:
    """The half of `prepare` that takes long; it touches neither database nor storage.

    `qualities` are the JPEG qualities of people's uploads. Raises IngestRefused, or Busy.
    """
    check_size(len(data))
    try:
        if medium == Medium.TEXT:
            return Read(data, Medium.TEXT, text=read_text(data))
        return Read(data, Medium.IMAGE, picture=sandbox.develop(data, qualities, framing))
    except TextRefused as refused:
        raise IngestRefused(str(refused)) from None
    except NoRoom:
        raise Busy(
            _("Many pictures are coming in at this moment. Send it again in a minute.")
        ) from None
    except NotDeveloped as failure:
        raise IngestRefused(
            _("This work could not be read: %(reason)s.") % {"reason": REASONS[failure.reason]}
        ) from None


def check_size(size: int) -> None:
    """Raises IngestRefused for a work of more than UPLOAD_LIMIT_BYTES."""
    if size > settings.UPLOAD_LIMIT_BYTES:
        raise IngestRefused(
            _("This work is larger than %(limit)d MB. Save it smaller and try again.")
            % {"limit": settings.UPLOAD_LIMIT_BYTES // 2**20}
        )


@contextmanager
def storing() -> Iterator[None]:
    """Raises Busy where storage does not answer."""
    try:
        yield
    except StorageAway as away:
        logger.warning("%s", away)
        raise Busy(
            _("The store room does not answer, so nothing was kept. Send it again in a minute.")
        ) from away


def keep(work: Read) -> Prepared:
    """The other half: store the original and the renditions. Raises Busy."""
    with storing():
        sha256 = _keep_original(work.data)
        if work.picture is None:
            return Prepared(work.medium, sha256, work.text, 0, 0, None, ())
        renditions = _keep_renditions(work.picture.prints)
    return Prepared(
        work.medium,
        sha256,
        "",
        work.picture.width,
        work.picture.height,
        work.picture.jpeg_quality,
        renditions,
        fingerprint(next(one.webp for one in work.picture.prints if one.kind == Kind.THUMB)),
    )


def abandon(prepared: Prepared) -> None:
    """Delete the renditions of a work that got no row. The original may be another row's too."""
    discard(name for _kind, name, _width, _height in prepared.renditions)


def _keep_original(data: bytes) -> str:
    """Store the bytes under their hash, once, and return the hash."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = original_path(sha256)
    if not default_storage.exists(path):
        saved = default_storage.save(path, ContentFile(data))
        if saved != path:  # someone else stored the same bytes at this moment
            default_storage.delete(saved)
    return sha256


def _keep_renditions(prints: Sequence[Print]) -> tuple[tuple[str, str, int, int], ...]:
    """All of them, or none."""
    kept: list[tuple[str, str, int, int]] = []
    try:
        for one in prints:
            secret = secrets.token_hex(16)
            path = f"renditions/{secret[:2]}/{secret}.webp"
            name = default_storage.save(path, ContentFile(one.webp))
            kept.append((one.kind, name, one.width, one.height))
    except BaseException:
        discard(name for _kind, name, _width, _height in kept)
        raise
    return tuple(kept)

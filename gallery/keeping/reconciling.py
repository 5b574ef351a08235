"""Do rows and files agree? Both ways: what a row wants is there and right, what is there is wanted.

A file is written before its row and deleted after it, so that a file without a row may be one
whose row is about to come. Only when it is old is it a stray.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils.timezone import now

from gallery.keeping.files import BATCH, Wanted, sha256_of, stored, wanted, wanted_among
from gallery.storage import StorageAway
from gallery.works.models import Artwork

OLD = timedelta(hours=1)  # an ingest takes seconds

REMEDIES = {
    "works.Artwork": "Put the file back from a backup.",
    "works.Rendition": "Put the file back from a backup.",
    "runs.Checkpoint": "Put the file back from a backup, or train again.",
    "runs.Bookmark": "Nothing is lost: the training begins anew.",
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """A file that is amiss: how (missing or wrong), and what to do."""

    how: str
    name: str
    words: str


def complaints() -> Iterator[Complaint]:
    """What rows want and storage does not have, or has with other bytes. Reads every file that has
    a hash. Raises StorageAway, as `strays` and `remove` do."""
    for one in wanted():
        found = _amiss(one)
        # What was replaced while it was being read is no concern of anybody's.
        if found and wanted_among([one.name]):
            yield found


def _amiss(one: Wanted) -> Complaint | None:
    remedy = f"{one.label} wants it. {REMEDIES.get(one.label, '')}".strip()
    try:
        with default_storage.open(one.name) as file:
            if one.sha256 and sha256_of(file) != one.sha256:
                return Complaint("wrong", one.name, f"Its bytes have changed. {remedy}")
            if not file.size:
                return Complaint("wrong", one.name, f"It is empty. {remedy}")
    except FileNotFoundError:
        return Complaint("missing", one.name, remedy)
    except StorageAway:
        raise
    except (OSError, SuspiciousOperation) as error:
        return Complaint("wrong", one.name, f"It cannot be read: {error}. {remedy}")
    return None


def strays() -> Iterator[tuple[str, bool]]:
    """The files that no row wants, and whether each is old."""
    names = stored()
    while batch := list(islice(names, BATCH)):
        for name in sorted(set(batch) - wanted_among(batch)):
            try:
                yield name, default_storage.get_modified_time(name) < now() - OLD
            except FileNotFoundError:  # it was deleted since
                continue


def remove(name: str) -> bool:
    """Delete a stray, unless a row wants it by now.

    An ingest does not write again what it finds in storage, so a stray may be wanted at any moment:
    it goes while no row of a work can be written, and whoever writes one looks for its file then.
    """
    with _no_new_works():
        if wanted_among([name]):
            return False
        default_storage.delete(name)
    return True


@contextmanager
def _no_new_works() -> Iterator[None]:
    """On SQLite a transaction is the only one that writes anyway."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f'LOCK TABLE "{Artwork._meta.db_table}" IN SHARE MODE')
        yield

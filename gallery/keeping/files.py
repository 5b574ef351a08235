"""The files in storage and the rows that want them, neither ever all in memory.

Rows are read a few hundred at a time: a read that stayed open while files are hashed would hold up
whoever writes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connections, models

from gallery.works.models import Artwork, original_path

BATCH = 300


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that a row names; `sha256` is empty where the row does not know it."""

    name: str
    sha256: str
    label: str  # of the row's model


def wanted(using: str = "default") -> Iterator[Wanted]:
    """Every file that the rows of a database name; one that was not migrated lacks tables."""
    tables = connections[using].introspection.table_names()
    hashes = Artwork.objects.using(using).values_list("sha256").distinct()
    for (sha256,) in _in_batches(hashes, "sha256"):
        yield Wanted(original_path(sha256), sha256, Artwork._meta.label)
    for model, field in _file_fields():
        if model._meta.db_table not in tables:
            continue
        told = ["sha256"] if any(one.name == "sha256" for one in model._meta.fields) else []
        named = model._default_manager.using(using).exclude(**{field: ""})
        rows = named.values_list("pk", field, *told)
        for _pk, name, *sha256 in _in_batches(rows, "pk"):
            yield Wanted(name, "".join(sha256), model._meta.label)


def wanted_among(names: Sequence[str]) -> set[str]:
    """Those of a few names that a row wants now."""
    hashes = [name.rpartition("/")[2] for name in names]
    kept = Artwork.objects.filter(sha256__in=hashes).values_list("sha256", flat=True)
    found = set(map(original_path, kept))
    for model, field in _file_fields():
        rows = model._default_manager.filter(**{f"{field}__in": names})
        found |= set(rows.values_list(field, flat=True))
    return found & set(names)


def stored(folder: str = "") -> Iterator[str]:
    """The name of every file in storage."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:  # no work was ever kept, or the folder went meanwhile
        return
    before = f"{folder}/" if folder else ""
    yield from (before + name for name in files)
    for name in folders:
        yield from stored(before + name)


def sha256_of(file: File[Any]) -> str:
    """Read a piece at a time."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def _file_fields() -> Iterator[tuple[type[models.Model], str]]:
    for model in apps.get_models():
        for field in model._meta.fields:
            if isinstance(field, models.FileField):
                yield model, field.name


def _in_batches(rows: models.QuerySet[Any, Any], key: str) -> Iterator[tuple[Any, ...]]:
    """Rows in the order of `key`, which is unique and their first value."""
    rows = rows.order_by(key)
    batch = list(rows[:BATCH])
    while batch:
        yield from batch
        batch = list(rows.filter(**{f"{key}__gt": batch[-1][0]})[:BATCH])

"""A copy of the whole gallery in a folder, made while it serves.

The database comes first. A file is written before its row and never changed, so whatever the copied
rows name is in storage then, unless it was lost before or deleted since: a training deletes the
state that it has a newer one of. Both is told, and the rest is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import connection
from django.utils.timezone import now

from gallery.keeping.dumps import check_readable, dumped, rows_by_table
from gallery.keeping.files import sha256_of, wanted
from gallery.keeping.integrity import Migration, applied_migrations, faults, known_migrations
from gallery.keeping.manifest import (
    DATABASES,
    FORMAT,
    MEDIA,
    BackupRefused,
    Kept,
    Manifest,
    amiss,
)
from gallery.storage import DurableFileSystemStorage

Say = Callable[[str], object]


def back_up(folder: Path, say: Say) -> Manifest:
    """Copy database and media to an empty folder, and read the copy again; `say` hears of what the
    gallery lacks. Raises BackupRefused: what is in the folder then is no backup."""
    _check_program()
    _check_room(folder)
    database = DATABASES[connection.vendor]
    created = now()
    with dumped(folder / database) as using:
        if damage := faults(using):
            raise BackupRefused(f"The database is damaged: {damage[0]}. See manage.py doctor.")
        rows, migrations = rows_by_table(using), sorted(applied_migrations(using))
        files, missing = _copy_media(using, folder / MEDIA, say)
    if connection.vendor == "postgresql":
        check_readable(folder / database)
    files[database] = Kept.at(folder / database)
    if wrong := next(amiss(folder, files), None):
        raise BackupRefused(f"The copy is not what was copied: {wrong} Look after this disk.")
    manifest = Manifest(
        format=FORMAT,
        created=created,
        engine=connection.vendor,
        migrations=migrations,
        rows=rows,
        files=files,
        missing=missing,
    )
    manifest.write(folder)
    return manifest


def _copy_media(using: str, folder: Path, say: Say) -> tuple[dict[str, Kept], list[str]]:
    """Copy each file that a row names: what was copied, by path, and what was not there."""
    copies = DurableFileSystemStorage(location=folder)
    files: dict[str, Kept] = {}
    missing = []
    for one in wanted(using):
        try:
            with default_storage.open(one.name) as file:
                kept = Kept(sha256=sha256_of(file), size=file.size)
                copies.save(one.name, file)
        except FileNotFoundError:
            missing.append(one.name)
            say(f"{one.name} is not in storage, though {one.label} wants it. See manage.py doctor.")
            continue
        if one.sha256 not in {"", kept.sha256}:
            say(f"{one.name} is copied as it is, and has changed. See manage.py doctor.")
        files[f"{MEDIA}/{one.name}"] = kept
    return files, missing


def _check_program() -> None:
    """Only a program that knows all tables knows all files."""
    applied = applied_migrations()
    if not applied:
        raise BackupRefused(
            "There is nothing to back up: the database has no tables. Check VAR_DIR and "
            "DATABASE_URL."
        )
    if newer := applied - known_migrations():
        raise BackupRefused(
            f"The database is that of a newer version of the program, which has {spelled(newer)}. "
            "Back it up with that version."
        )


def spelled(migrations: set[Migration]) -> str:
    """The first of them, as people write it."""
    return ".".join(min(migrations))


def _check_room(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(folder.iterdir()):
        raise BackupRefused(f"{folder} is not empty. Each backup goes to a folder of its own.")

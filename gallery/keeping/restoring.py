"""A backup becomes the gallery again: first all of it is checked, then it is put in place.

Files come before the rows that name them, and the database is put in place whole, so that what is
killed on the way leaves no gallery that lacks something.
"""

from __future__ import annotations

from pathlib import Path

from django.apps import apps
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection

from gallery.keeping.backups import spelled
from gallery.keeping.dumps import check_readable, load, opened, rows_by_table
from gallery.keeping.files import stored
from gallery.keeping.integrity import faults, known_migrations
from gallery.keeping.manifest import MEDIA, BackupRefused, Manifest, amiss, manifest_of

HOLDING = ("works", "runs", "studies", "findings")  # apps whose rows may not be lost


def verified(folder: Path) -> Manifest:
    """Read all of a backup. Raises BackupRefused with everything that is wrong."""
    manifest = manifest_of(folder)
    if wrong := list(amiss(folder, manifest.files)):
        raise BackupRefused("\n".join([*wrong, f"{folder} is damaged. Take another backup."]))
    if manifest.engine == "sqlite":
        with opened(folder / manifest.database) as copy:
            _check_database(manifest, copy)
    else:
        check_readable(folder / manifest.database)
    return manifest


def restore(folder: Path) -> Manifest:
    """Make an empty gallery what a backup holds, and bring it to this program's version.

    Nobody else may use the gallery meanwhile. Raises BackupRefused; before anything is written,
    where the backup is damaged, does not fit this program, or would cover something up.
    """
    manifest = verified(folder)
    _check_fit(manifest)
    _check_empty()
    for name in manifest.media:
        with (folder / MEDIA / name).open("rb") as file:
            saved = default_storage.save(name, File(file))
        if saved != name:
            raise BackupRefused(f"{name} is in storage already. Is somebody using this gallery?")
    load(folder / manifest.database)
    _check_database(manifest, "default")
    call_command("migrate", verbosity=0)
    return manifest


def _check_database(manifest: Manifest, using: str) -> None:
    if damage := faults(using):
        raise BackupRefused(f"The database of this backup is damaged: {damage[0]}.")
    found = rows_by_table(using)
    for table in sorted(manifest.rows.keys() | found.keys()):
        expected, there = manifest.rows.get(table, 0), found.get(table, 0)
        if expected != there:
            raise BackupRefused(f"The table {table} has {there:,} rows instead of {expected:,}.")


def _check_fit(manifest: Manifest) -> None:
    if manifest.engine != connection.vendor:
        raise BackupRefused(
            f"This backup is of a gallery on {manifest.engine}, and this one is on "
            f"{connection.vendor}. Set DATABASE_URL to a database of the backup's kind."
        )
    if newer := set(manifest.migrations) - known_migrations():
        raise BackupRefused(
            f"This backup is of a newer version of the program, which has {spelled(newer)}. "
            "Update the program, then restore."
        )


def _check_empty() -> None:
    tables = connection.introspection.table_names()
    for model in apps.get_models():
        held = model._meta.app_label in HOLDING and model._meta.db_table in tables
        if held and model._default_manager.exists():
            raise BackupRefused(
                f"This gallery is not empty: there are {model._meta.verbose_name_plural}. Restore "
                "into a new one: set VAR_DIR to another folder, or DATABASE_URL and MEDIA_ROOT."
            )
    if name := next(stored(), None):
        raise BackupRefused(
            f"This gallery's storage is not empty: there is {name}. Restore into a new one: set "
            "VAR_DIR, MEDIA_ROOT or (of a bucket) AWS_LOCATION to another folder. If a restore "
            "was interrupted here, empty it."
        )

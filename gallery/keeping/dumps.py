"""The database as one file, taken while the gallery serves, and put back.

SQLite's own backup copies one state while others write (where the journal is no WAL, they wait
until it is done). PostgreSQL's pg_dump does, and shares its snapshot with whoever asks for it.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection, connections, transaction

from gallery.keeping.manifest import BackupRefused

COPY = "copy"  # the alias of a database that was copied to a file
DEBIAN = Path("/usr/lib/postgresql")


@contextmanager
def dumped(path: Path) -> Iterator[str]:
    """Write the database to `path`; yields an alias that reads the very state that was written.

    Raises BackupRefused.
    """
    path.touch(mode=0o600)  # password hashes are in it
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with _telling(), closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, also where it came from a WAL
        with opened(path) as alias:
            yield alias
        return
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        _run_on_database("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={path}")
        yield "default"


@contextmanager
def opened(path: Path) -> Iterator[str]:
    """An alias under which a SQLite file can be read, and only read."""
    settings = connections.databases["default"]
    connections.databases[COPY] = settings | {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": f"{path.absolute().as_uri()}?mode=ro",
        "OPTIONS": {},
    }
    try:
        yield COPY
    finally:
        connections[COPY].close()
        del connections[COPY], connections.databases[COPY]


def check_readable(path: Path) -> None:
    """Let PostgreSQL read a dump to its end. Raises BackupRefused."""
    _run("pg_restore", f"--file={os.devnull}", str(path))


def load(path: Path) -> None:
    """Put a dump in the place of the database, whole or not at all. Raises BackupRefused."""
    if connection.vendor == "sqlite":
        Path(connection.settings_dict["NAME"]).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        connection.ensure_connection()
        address = f"{path.absolute().as_uri()}?mode=ro"
        with _telling(), closing(sqlite3.connect(address, uri=True)) as copy:
            copy.backup(connection.connection)
    else:
        _drop_tables()
        whole = ("--clean", "--if-exists", "--single-transaction")
        _run_on_database("pg_restore", *whole, "--no-owner", "--no-privileges", str(path))
    connection.close()  # the next one looks at the tables anew


@contextmanager
def _telling() -> Iterator[None]:
    """What happens below Django is told like the rest."""
    try:
        yield
    except sqlite3.Error as error:
        raise BackupRefused(f"SQLite could not copy the database: {error}.") from error


def _drop_tables() -> None:
    """Those of this program: one that the dump lacks would be in the way of a later migration."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with transaction.atomic(), connection.cursor() as cursor:
        for name in [*names, "django_migrations"]:
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(name)} CASCADE")


def rows_by_table(using: str) -> dict[str, int]:
    """How many rows each table has."""
    ask = connections[using]
    with ask.cursor() as cursor:
        counts = {}
        for name in sorted(ask.introspection.table_names(cursor)):
            cursor.execute(f"SELECT count(*) FROM {ask.ops.quote_name(name)}")  # noqa: S608  a name
            (counts[name],) = cursor.fetchone()
    return counts


def _run_on_database(program: str, *options: str) -> None:
    """As Django starts psql: the password is not for a command line."""
    command, environment = connection.client.settings_to_cmd_args_env(
        connection.settings_dict, [*options, "--dbname"]
    )
    _run(program, *command[1:], **(environment or {}))


def _run(program: str, *options: str, **environment: str) -> None:
    done = subprocess.run(
        [_found(program), *options],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupRefused(f"{program} failed: {done.stderr.strip()}")


def _found(program: str) -> str:
    """On the PATH, or the newest where Debian puts them."""
    if found := shutil.which(program):
        return found
    folders = DEBIAN.glob(f"*/bin/{program}")
    newest = max(folders, key=lambda path: int(path.parts[-3]), default=None)
    if newest is None:
        raise BackupRefused(
            f"{program} is missing. Install PostgreSQL's client programs, of the server's version "
            "or later (Debian: apt-get install postgresql-client)."
        )
    return str(newest)

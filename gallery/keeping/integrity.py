"""Is the database itself whole, as far as it can tell?"""

from __future__ import annotations

from django.db import DatabaseError, OperationalError, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

Migration = tuple[str, str]  # app and name


def known_migrations() -> set[Migration]:
    """Those that this program has. Reads them from disk, which takes a while."""
    return set(MigrationLoader(None).disk_migrations)


def applied_migrations(using: str = "default") -> set[Migration]:
    """Those that a database has been through; none where it has no tables."""
    return set(MigrationRecorder(connections[using]).applied_migrations())


def faults(using: str = "default") -> list[str]:
    """What SQLite finds wrong with its file and its references. PostgreSQL checks references at
    every write, and its files with a tool of its own. Raises DatabaseError."""
    if connections[using].vendor != "sqlite":
        return []
    try:
        with connections[using].cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            found = [line for (line,) in cursor.fetchall() if line != "ok"]
            cursor.execute("PRAGMA foreign_key_check")
            return found + [
                f"row {row} of {table} refers to a row of {other} that is not there"
                for table, row, other, _constraint in cursor.fetchall()
            ]
    except OperationalError:  # locked, or no file: no word about its state
        raise
    except DatabaseError as error:  # too damaged to be checked
        return [str(error)]

"""Which SQLite this process speaks, and which journal is safe with it.

Versions before 3.51.3 (save the backports 3.50.7 and 3.44.6) can corrupt a WAL database that two
connections write and checkpoint at the same instant ("WAL-reset bug", sqlite.org/wal.html).
The `pysqlite3` wheel bundles a fixed one. It must be in place before Django looks for `sqlite3`:
two SQLite libraries in one process would break each other's file locks.
"""

import sqlite3
import sys

FIXED = (3, 51, 3)
BACKPORTS = {(3, 50): 7, (3, 44): 6}


def use_bundled() -> None:
    """Let `import sqlite3` mean the bundled SQLite, where its wheel is installed."""
    try:
        import pysqlite3
    except ImportError:  # no wheel for this platform: the journal below makes up for it
        return
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite version is free of the WAL-reset bug."""
    backport = BACKPORTS.get(version[:2])
    return version >= FIXED or (backport is not None and version[2] >= backport)


def journal_mode() -> str:
    """WAL where it is safe; otherwise the slower rollback journal, which the bug can't touch."""
    engine = sys.modules.get("sqlite3", sqlite3)
    return "WAL" if wal_is_safe(engine.sqlite_version_info) else "TRUNCATE"

"""What the fault tests see of a gallery from outside: its rows, its files and its processes."""

from __future__ import annotations

import hashlib
import os
import signal
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from tests.servers import Gallery, wait_until

# Three pictures of half a second each, so that a kill finds one half painted.
ASKED = {
    "generator": "inceptionism",
    "params": {"size": 96, "octaves": 1, "layer": "shallow", "steps": 8, "aspect": 1.0},
    "seed": 11,
    "count": 3,
}


def request(gallery: Gallery, **asked: object) -> str:
    """Queue a run, as another process would; return its code."""
    asked = {**ASKED, **asked}
    printed = gallery.python(
        f"from gallery.runs.services import request_run\nprint(request_run(**{asked!r}).code)"
    )
    return printed.strip()


def ask(gallery: Gallery, sql: str, *values: object) -> list[Any]:
    """Read the database as it lies on disk."""
    address = f"file:{gallery.folder / 'gallery.sqlite3'}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=10)) as database:
        return database.execute(sql, values).fetchall()


def look(gallery: Gallery, code: str) -> dict[str, Any]:
    """The run's row, with `made`: how many outputs it has."""
    columns = ("state", "attempt", "tries", "error", "step", "worker", "made")
    made = "(select count(*) from runs_output where run_id = runs_run.id)"
    sql = f"select {', '.join(columns[:-1])}, {made} from runs_run where code = ?"
    return dict(zip(columns, ask(gallery, sql, code.replace("-", ""))[0], strict=True))


def outcomes(gallery: Gallery, code: str) -> list[str]:
    """How each attempt ended, as the log says."""
    sql = (
        "select outcome from runs_attempt join runs_run on run_id = runs_run.id"
        " where runs_run.code = ? order by number"
    )
    return [outcome for (outcome,) in ask(gallery, sql, code.replace("-", ""))]


def originals(gallery: Gallery, code: str) -> list[str]:
    """The sha256 of the bytes of each output in order, read from the files themselves."""
    sql = (
        "select sha256 from runs_output join runs_run on run_id = runs_run.id"
        " join works_artwork on artwork_id = works_artwork.id"
        ' where runs_run.code = ? order by "index"'
    )
    names = [name for (name,) in ask(gallery, sql, code.replace("-", ""))]
    files = [gallery.folder / "media" / "originals" / name[:2] / name for name in names]
    return [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]


def wait_for(
    gallery: Gallery, code: str, *, made: int = 0, seconds: float = 60.0, **wanted: object
) -> None:
    """Until the run's row shows what is wanted and at least `made` outputs."""

    def seen() -> bool:
        row = look(gallery, code)
        exact = all(row[column] == value for column, value in wanted.items())
        return exact and row["made"] >= made

    wait_until(seen, seconds=seconds, what=f"{made=} {wanted}")


def painter_of(parent: int) -> int | None:
    """The process that paints for `parent`."""
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            text = status.read_text()
            command = status.with_name("cmdline").read_bytes()
            if f"\nPPid:\t{parent}\n" in text and b"gallery.runs.painter" in command:
                return int(status.parent.name)
    return None


def wait_for_painter(parent: int) -> int:
    wait_until(lambda: painter_of(parent) is not None, what="the start of a painter")
    pid = painter_of(parent)
    assert pid is not None
    return pid


def lives(pid: int) -> bool:
    """False also for a zombie: it holds nothing but its exit code."""
    with suppress(OSError):
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    return False


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)

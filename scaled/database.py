"""The PostgreSQL cluster of a scaled gallery: made once, and run while the gallery is prepared."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from scaled.place import Place, database_user, found


def make_cluster(place: Place) -> None:
    """Make it, if there is none. Raises CalledProcessError; initdb says why."""
    if place.cluster.exists():
        return
    home = place.cluster.parent
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    password = home / "password"
    password.touch(mode=0o600)
    password.write_text(place.password)
    if as_user():  # who must come through the folder, and sees no more of it
        place.folder.chmod(0o711)
        for path in (home, password):
            shutil.chown(path, database_user())
    try:
        options = ["-A", "scram-sha-256", f"--pwfile={password}", "-E", "UTF8", "--no-locale"]
        _run(found("initdb"), "-D", str(place.cluster), "-U", "gallery", *options)
    finally:
        password.unlink()


@contextmanager
def running(place: Place) -> Iterator[None]:
    """PostgreSQL at its port, with the gallery's database in it, for a while."""
    control = [found("initdb").replace("initdb", "pg_ctl"), "-D", str(place.cluster), "-w", "-s"]
    listening = f"-p {place.port_of('database')} -h 127.0.0.1 -k ''"
    log = str(place.cluster.parent / "preparing.log")
    _run(*control, "-l", log, "-o", listening, "start")
    try:
        _create_database(place)
        yield
    finally:
        _run(*control, "-m", "fast", "stop")


def _create_database(place: Place) -> None:
    server = place.environment()["DATABASE_URL"].rpartition("/")[0] + "/postgres"
    with psycopg.connect(server, autocommit=True) as database:
        if not database.execute("select 1 from pg_database where datname = 'gallery'").fetchone():
            database.execute("create database gallery")


def _run(*command: str) -> None:
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "cwd": Path("/")}
    subprocess.run(command, check=True, **quiet, **as_user())


def as_user() -> dict[str, Any]:
    """What makes a child process of root's run as another; nothing for everybody else."""
    return {"user": "nobody", "group": "nogroup"} if database_user() == "nobody" else {}

"""Real servers for tests: PostgreSQL, Redis and the gallery itself, each on a free port, each with
its own folder, all gone when the test is."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

from tests.standby import Standby

ROOT = Path(__file__).resolve().parent.parent
ELSEWHERE = {"DATABASE_URL", "REDIS_URL", "AWS_STORAGE_BUCKET_NAME"}  # a developer's own


def served_with() -> list[str]:
    """What `make run` tells uvicorn, save where to listen."""
    makefile = (ROOT / "Makefile").read_text().replace("\\\n", " ")
    told = re.search(r"uvicorn \S+ --host \S+ --port \S+ (.*)", makefile)
    assert told, "make run starts no uvicorn"
    return shlex.split(told[1])


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def wait_until(happened: Callable[[], object], *, seconds: float = 30.0, what: str = "it") -> None:
    """Poll `happened()` until it is true; fail with `what` when time is up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happened():
            return
        time.sleep(0.05)
    raise AssertionError(f"{what} did not happen within {seconds:g} s")


def listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.5):
        return True
    return False


def postgres_binaries() -> Path | None:
    """The folder of `initdb`: on the PATH, or where Debian puts it."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


@contextmanager
def private_postgres(folder: Path) -> Iterator[str]:
    """A PostgreSQL cluster in `folder`; yields its DATABASE_URL. Nobody cuts its power: it waits
    for no disk."""
    binaries, port = postgres_binaries(), free_port()
    assert binaries, "no PostgreSQL server binaries"
    as_user: dict[str, Any] = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        as_user = {"user": "nobody"}
        folder.mkdir(parents=True, exist_ok=True)
        shutil.chown(folder, "nobody")
        for parent in folder.parents:
            if parent.stat().st_uid == 0 and parent != Path("/"):
                parent.chmod(parent.stat().st_mode | 0o011)
    data = folder / "cluster"
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "cwd": "/", **as_user}
    initdb = [str(binaries / "initdb"), "-D", str(data), "-U", "gallery", "-A", "trust"]
    initdb += ["-E", "UTF8", "--no-locale", "--no-sync"]
    subprocess.run(initdb, check=True, **quiet)
    hasty = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
    listening = ["-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k", ""]
    server = subprocess.Popen(
        [str(binaries / "postgres"), *listening, *(f"--{one}" for one in hasty)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        **as_user,
    )
    try:
        base = [str(binaries / "psql"), "-h", "127.0.0.1", "-p", str(port), "-U", "gallery"]

        def ready() -> bool:
            ask = [*base, "-d", "postgres", "-c", "select 1"]
            return subprocess.run(ask, capture_output=True, check=False, cwd="/").returncode == 0

        wait_until(ready, what="PostgreSQL's start")
        subprocess.run(
            [*base, "-d", "postgres", "-c", "create database gallery"], check=True, **quiet
        )
        yield f"postgres://gallery@127.0.0.1:{port}/gallery"
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait(20)


@contextmanager
def private_redis(folder: Path) -> Iterator[str]:
    """A Redis that keeps nothing; yields its REDIS_URL."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    server = subprocess.Popen(
        ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder],
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: listens(port), what="Redis' start")
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(20)


@contextmanager
def private_bucket(folder: Path, port: int = 0) -> Iterator[dict[str, str]]:
    """An S3-compatible store in `folder` with the bucket "works"; yields what names it to a
    gallery. What lies in `folder`/works before is in the bucket."""
    from scaled.place import found, store_secrets  # which reads the settings

    port = port or free_port()
    (folder / "works").mkdir(parents=True, exist_ok=True)
    server = subprocess.Popen(
        [found("rclone"), "serve", "s3", "--addr", f"127.0.0.1:{port}", folder],
        env={**os.environ, **store_secrets("tester", "secret")},
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: listens(port), what="the store's start")
        yield {
            "AWS_STORAGE_BUCKET_NAME": "works",
            "AWS_S3_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "AWS_ACCESS_KEY_ID": "tester",
            "AWS_SECRET_ACCESS_KEY": "secret",
        }
    finally:
        server.terminate()
        server.wait(20)


class Gallery:
    """A gallery in its own process: `uvicorn gallery.asgi` with a folder and settings of its own.

    `environment` adds to the settings, e.g. DATABASE_URL, REDIS_URL, PAINT_BEAT_SECONDS.
    """

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.log = folder / "server.log"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **{name: told for name, told in os.environ.items() if name not in ELSEWHERE},
            "VAR_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "gallery.settings",
            "PYTHONUNBUFFERED": "1",
            "PAINT_MEMORY_MB": "8192",
            "RATE_LIMITS": "0",  # all of a test's visitors come from this machine
            **environment,
        }
        self.application = "gallery.asgi:application"
        self.process: subprocess.Popen[bytes] | None = None
        self._standby: Standby | None = None
        folder.mkdir(parents=True, exist_ok=True)

    def manage(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run `manage.py` with this gallery's settings; its output comes back as text."""
        done = self.standby().manage(*arguments)
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def python(self, code: str) -> str:
        """What `code` prints, run with this gallery's Django set up and `tests` importable."""
        done = self.standby().python(code)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def standby(self) -> Standby:
        """What carries out short commands, with the settings of now."""
        if self._standby is None or self._standby.environment != self.environment:
            self._standby = Standby(self.environment)
        return self._standby

    def admin_session(self, name: str = "ada") -> str:
        """The session of this admin, who is made if there is none, without the sign-in page."""
        code = f"""
from django.contrib.auth.models import User
from django.test import Client
from tests.factories import make_user, sign_in
client = Client()
admin = User.objects.filter(username={name!r}).first() or make_user({name!r}, admin=True)
sign_in(client, admin)
print(client.cookies["sessionid"].value)
"""
        return self.python(code).split()[-1]

    def furnish(self, like: Path | None = None) -> Gallery:
        """Tables and static files, but no works; `like` the folder of another, if it is on SQLite,
        which takes no time."""
        if like:
            shutil.copytree(like, self.folder, dirs_exist_ok=True)
            return self
        self.manage("migrate", "-v0")
        self.manage("collectstatic", "--noinput", "-v0")
        return self

    def start(self, log_level: str = "warning") -> Gallery:
        command = [sys.executable, "-m", "uvicorn", self.application]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--port", str(self.port), *served_with(), "--log-level", log_level],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(self.answers, what=f"the server's start (see {self.log})")
        return self

    def worker(self, *options: str) -> subprocess.Popen[bytes]:
        """A `paintworker` of this gallery, in a process of its own."""
        with (self.folder / "worker.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "manage.py", "paintworker", *options],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def answers(self) -> bool:
        with suppress(HTTPError):
            with suppress(OSError), urlopen(f"{self.url}/login/", timeout=5):
                return True
            return False
        return True

    def kill(self) -> None:
        """SIGKILL: what a power cut or the kernel's memory reaper does to the server process."""
        assert self.process
        self.process.kill()
        self.process.wait()
        self.process = None

    def stop(self) -> None:
        self._standby = None
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()
        self.process = None

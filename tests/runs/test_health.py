"""Which workers live, as the studio tells it."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from gallery.runs.health import health
from gallery.runs.models import Run, Worker
from gallery.runs.models.worker import FORGOTTEN, SILENT_SECONDS
from tests.factories import make_run, make_user, sign_in
from tests.servers import Gallery, wait_until

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    """A client that is signed in as an admin."""
    sign_in(client, make_user("ada", admin=True))
    return client


def silence(name: str, seconds: float = SILENT_SECONDS + 5) -> None:
    ago = now() - timedelta(seconds=seconds)
    Worker.objects.filter(name=name).update(seen_at=ago)


def words(html: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", html).split())


def test_a_worker_that_beats_is_one_row_however_often():
    for _ in range(3):
        Worker.objects.beat("studio:7:ab", "cpu")
    worker = Worker.objects.get()
    assert (worker.machine, worker.process, worker.device) == ("studio", "7", "cpu")
    (one,) = health().workers
    assert (one.run, one.silent) == (None, False)


def test_it_is_told_with_the_run_that_it_holds():
    run = make_run()
    Worker.objects.beat("studio:7:ab", "cpu")
    Worker.objects.beat("studio:8:cd", "cpu")
    assert Run.objects.claim("studio:7:ab") == run
    assert [one.run for one in health().workers] == [run, None]


def test_a_worker_that_beats_no_more_is_silent_and_told_last():
    for name in ("studio:7:ab", "studio:8:cd"):
        Worker.objects.beat(name, "cpu")
    silence("studio:7:ab")
    assert [(one.worker.process, one.silent) for one in health().workers] == [
        ("8", False),
        ("7", True),
    ]
    assert not health().nobody
    silence("studio:8:cd")
    assert health().nobody
    Worker.objects.beat("studio:7:ab", "cpu")  # it only slept
    assert not health().nobody


def test_the_long_dead_are_forgotten_when_another_worker_comes():
    Worker.objects.beat("studio:7:ab", "cpu")
    silence("studio:7:ab", FORGOTTEN.total_seconds() + 60)
    Worker.objects.beat("studio:8:cd", "cpu")
    assert [worker.process for worker in Worker.objects.all()] == ["8"]


def test_the_studio_tells_of_each_worker_and_of_none(admin):
    html = words(admin.get("/studio/").text)
    assert "No worker has been heard of in the last day." in html
    assert "until one starts" not in html  # nothing waits for one
    run = make_run()
    assert "nothing of this is painted until one starts" in words(admin.get("/studio/").text)
    for name in ("studio:7:ab", "studio:8:cd", "attic:9:ef"):
        Worker.objects.beat(name, "cuda")
    Run.objects.claim("studio:7:ab")
    silence("attic:9:ef", 7200)
    html = admin.get("/studio/", headers={"HX-Request": "true"}).text
    assert "Worker 7 on studio (cuda) paints Entropy" in words(html)
    assert f'<a href="{run.get_absolute_url()}">Entropy</a>' in html
    assert "Worker 8 on studio (cuda) waits for work · heard of at" in words(html)
    assert re.search(r"Worker 9 on attic \(cuda\) silent for 2.hours since", words(html))
    assert "until one starts" not in html


@pytest.mark.parametrize("field", ["name", "device"])
def test_the_database_refuses_a_worker_without_a_name_or_a_device(field):
    Worker.objects.beat("studio:7:ab", "cpu")
    with pytest.raises(IntegrityError, match=f"worker_has_a_{field}"), transaction.atomic():
        Worker.objects.update(**{field: ""})


def test_the_database_refuses_two_rows_of_one_worker():
    Worker.objects.beat("studio:7:ab", "cpu")
    with pytest.raises(IntegrityError), transaction.atomic():
        Worker.objects.create(name="studio:7:ab", device="cpu", seen_at=now())


KNOWN = "from gallery.runs.models import Worker\nprint(*Worker.objects.values_list('name'))"


@pytest.mark.any_database
def test_a_real_worker_is_heard_of_while_it_waits_and_leaves_when_told_to(tmp_path, furnished):
    gallery = Gallery(tmp_path / "gallery").furnish(furnished)
    told, killed = gallery.worker(), gallery.worker()
    try:
        wait_until(lambda: gallery.python(KNOWN).count(":") == 4, what="both workers' first beats")
        told.terminate()
        assert told.wait(20) == 0
        killed.kill()
        killed.wait()
        assert f":{killed.pid}:" in gallery.python(KNOWN)
        assert f":{told.pid}:" not in gallery.python(KNOWN)
    finally:
        for worker in (told, killed):
            worker.kill()
            worker.wait()

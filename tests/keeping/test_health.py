"""Whether a process is fit to serve, as whoever balances load asks it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.db.migrations.recorder import MigrationRecorder

from tests.servers import Gallery

pytestmark = pytest.mark.django_db

WELL = {"database": "ok", "migrations": "ok", "media": "ok", "channels": "ok"}


def test_a_healthy_gallery_says_so(client, settings):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"ready": True, "checks": WELL}
    assert list(Path(settings.MEDIA_ROOT).iterdir()) == []  # and leaves nothing


def test_that_the_process_answers_costs_no_query(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_nobody_keeps_an_answer_or_gets_a_cookie_with_it(client, path):
    response = client.get(path)
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


def test_probes_are_not_sent_to_https_and_others_are(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200
    assert client.get("/").status_code == 301
    assert client.get("/readyz/healthz").status_code == 301


def test_a_migration_that_is_not_applied_is_told(client):
    MigrationRecorder.Migration.objects.filter(app="studies").latest("pk").delete()
    response = client.get("/readyz")
    assert response.status_code == 503
    told = {"migrations": "some are not applied: run manage.py migrate"}
    assert response.json() == {"ready": False, "checks": WELL | told}


def test_media_that_cannot_be_written_are_told(client, settings):
    Path(settings.MEDIA_ROOT).write_text("no folder")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"] == WELL | {"media": "does not answer"}


def ask(gallery: Gallery) -> tuple[int, str]:
    try:
        with urlopen(f"{gallery.url}/readyz", timeout=60) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def test_a_real_server_asks_its_own_layer(furnished, tmp_path):
    gallery = Gallery(shutil.copytree(furnished, tmp_path / "gallery")).start()
    try:
        answers = [ask(gallery) for _ in range(3)]
    finally:
        gallery.stop()
    assert [status for status, _ in answers] == [200] * 3


def test_a_database_or_a_layer_that_is_away_is_told_without_its_password(furnished, tmp_path):
    away = {
        "DATABASE_URL": "postgres://gallery:hunter2@127.0.0.1:1/gallery",
        "REDIS_URL": "redis://:hunter2@127.0.0.1:1/0",
        "PAINT_IN_PROCESS": "0",
    }
    gallery = Gallery(shutil.copytree(furnished, tmp_path / "gallery"), **away).start()
    try:
        status, told = ask(gallery)
        with urlopen(f"{gallery.url}/healthz", timeout=5) as answer:
            assert answer.status == 200
    finally:
        gallery.stop()
    assert status == 503
    assert "hunter2" not in told + gallery.log.read_text()
    assert json.loads(told)["checks"] == {
        "database": "does not answer",
        "migrations": "not known without the database",
        "media": "ok",
        "channels": "does not answer",
    }


def test_a_layer_that_answers_is_ready(furnished, tmp_path, redis_url):
    folder = shutil.copytree(furnished, tmp_path / "gallery")
    gallery = Gallery(folder, REDIS_URL=redis_url).start()
    try:
        status, told = ask(gallery)
    finally:
        gallery.stop()
    assert status == 200, told

"""What may be scraped, by whom, and that it stays small whatever is asked of the site."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now
from prometheus_client.parser import text_string_to_metric_families

from gallery.runs.models import Run
from tests.factories import make_artwork, make_run, make_study
from tests.studies.visitors import rate_all, sit_down

pytestmark = pytest.mark.django_db

TOKEN = "s3cret"


@pytest.fixture(autouse=True)
def token(settings) -> None:
    settings.METRICS_TOKEN = TOKEN


def scrape(client: Client | None = None) -> dict[tuple[str, ...], float]:
    """Each sample by its name and the values of its labels, in the order of their names."""
    response = (client or Client()).get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain; version=")
    return {
        (sample.name.removeprefix("unsigned_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(response.content.decode())
        for sample in family.samples
    }


def test_works_are_counted_by_state_and_origin():
    make_artwork("human")
    make_artwork("machine", hung=False)
    found = scrape()
    assert found["works", "human", "hung"] == 1
    assert found["works", "machine", "candidate"] == 1
    assert found["works", "machine", "discarded"] == 0


def test_an_idle_gallery_tells_zeros():
    found = scrape()
    assert found["runs", "queued"] == found["runs", "failed"] == 0
    assert found["oldest_queued_run_seconds",] == 0
    assert found["workers",] == found["leases", "held"] == found["findings_due",] == 0


def test_the_queue_and_its_workers_are_told():
    make_run(created=now() - timedelta(minutes=3))
    for worker in ("first", "first", "second"):
        make_run(created=now() - timedelta(hours=1))
        Run.objects.claim(worker)
    silent = Run.objects.filter(worker="second").get()
    Run.objects.filter(pk=silent.pk).update(lease_until=now() - timedelta(seconds=1))
    found = scrape()
    assert (found["runs", "queued"], found["runs", "running"]) == (1, 3)
    assert (found["leases", "held"], found["leases", "silent"]) == (2, 1)
    assert found["workers",] == 1
    assert 180 <= found["oldest_queued_run_seconds",] < 240


def test_answers_and_what_is_to_be_computed_are_told():
    client, rater = sit_down(make_study(2))
    found = scrape()
    assert (found["sittings",], found["ratings",], found["open_trials",]) == (1, 0, 4)
    rate_all(client, rater)
    found = scrape()
    assert (found["ratings",], found["open_trials",], found["findings_due",]) == (8, 0, 1)


def test_requests_are_told_by_view_method_and_class_of_status(client):
    study = make_study(1)

    def count(*labels: str) -> float:
        return scrape().get(("http_request_seconds_count", *labels), 0)

    before = count("GET", "2xx", "study"), count("GET", "4xx", "none")
    client.get(f"/studies/{study.slug}/")
    client.get("/nowhere/")
    client.get("/nowhere/else/")
    after = count("GET", "2xx", "study"), count("GET", "4xx", "none")
    assert (after[0] - before[0], after[1] - before[1]) == (1, 2)


def test_nothing_that_a_visitor_makes_up_becomes_a_label(client):
    study = make_study(1)
    before = scrape(), scrape()
    client.get("/made-up-address/")
    client.generic("MADEUP", "/")
    client.get(f"/studies/{study.slug}/?made=up")
    client.get("/studies/made-up/")
    names = " ".join(label for sample in scrape() for label in sample)
    assert not re.search(r"made-up|MADEUP|made=up|127\.0\.0\.1", names)
    assert study.slug not in names
    assert before[0].keys() <= before[1].keys()


def test_the_process_tells_of_itself():
    assert scrape()["process_resident_memory_bytes",] > 1e6


@pytest.mark.parametrize(
    "sent", ["", TOKEN, f"Bearer {TOKEN}x", "Bearer ", "Basic s3cret", "Bearer é"]
)
def test_whoever_has_not_the_token_is_refused(client, sent):
    response = client.get("/metrics", headers={"Authorization": sent} if sent else {})
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert b"unsigned_" not in response.content


def test_signing_in_is_no_token(admin_client):
    assert admin_client.get("/metrics").status_code == 401


@pytest.mark.parametrize("sent", ["Bearer ", "Bearer", "Bearer None"])
def test_without_a_token_set_there_is_nothing_here(client, settings, sent):
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": sent}).status_code == 404


def test_nobody_keeps_what_was_scraped(client):
    response = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies

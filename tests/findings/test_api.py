"""The JSON interface tells what the pages tell, and no more."""

import json

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from gallery.findings.api import READINGS
from gallery.studies.limits import network_of
from tests.factories import make_artwork, make_study
from tests.findings.pages import findings_of
from tests.findings.rows import sit

pytestmark = pytest.mark.django_db


def test_a_study_is_told_with_its_findings_and_every_look(client):
    study = make_study(4)
    sit(study, 31)
    findings_of(study)
    found = client.get(f"/api/studies/{study.slug}/").json()
    assert found["findings"]["raters"] == 31
    assert [look["final"] for look in found["looks"]] == [False, False]
    assert found["protocol"] == study.protocol
    assert client.get("/api/studies/").json()["studies"][0]["slug"] == study.slug


def test_what_is_told_is_what_is_described(client):
    """Every answer has exactly the properties that the description names."""
    study = make_study(4)
    sit(study, 31)
    findings_of(study)
    artwork = make_artwork("machine")
    described = client.get("/api/").json()
    assert described["openapi"] == "3.1.0"
    for path, address in {
        "/api/studies/": "/api/studies/",
        "/api/studies/{slug}/": f"/api/studies/{study.slug}/",
        "/api/works/": "/api/works/",
        "/api/works/{code}/": f"/api/works/{artwork.code}/",
    }.items():
        answer = described["paths"][path]["get"]["responses"]["200"]
        schema = answer["content"]["application/json"]["schema"]
        assert client.get(address).json().keys() == schema["properties"].keys(), path
    schemas = described["components"]["schemas"]
    told = client.get(f"/api/studies/{study.slug}/").json()
    assert told["findings"].keys() == schemas["Findings"]["properties"].keys()
    assert told["looks"][0].keys() == schemas["Look"]["properties"].keys()
    for name in json.dumps(described).split('"#/components/schemas/')[1:]:
        assert name.split('"')[0] in schemas


def test_works_of_an_open_study_are_not_there(client):
    study, public = make_study(2), make_artwork("human")
    listed = client.get("/api/works/").json()
    assert [work["code"] for work in listed["works"]] == [str(public.code)]
    work = study.works.first()
    assert work
    assert client.get(f"/api/works/{work.artwork.code}/").status_code == 404


def test_drafts_and_simulated_studies_are_not_listed(client):
    make_study(2, state="draft")
    make_study(2, simulated=True)
    assert client.get("/api/studies/").json() == {"studies": []}


@pytest.mark.parametrize("page", ["0", "2", "x", "-1", "99999999999999999999", "１"])
def test_a_page_that_is_not_there_is_not_found(client, page):
    make_artwork("human")
    assert client.get(f"/api/works/?page={page}").status_code == 404


def test_it_only_reads(client):
    for address in ("/api/", "/api/studies/", "/api/works/"):
        assert client.post(address).status_code == 405


def test_it_may_be_read_from_anywhere_and_sets_nothing(client):
    response = client.get("/api/works/")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert not response.cookies


@pytest.mark.parametrize("address", ["", "studies/", "studies/told/", "works/"])
def test_a_network_that_asks_too_often_is_told_to_wait_and_another_is_answered(
    client, settings, address
):
    make_study(1, slug="told")
    settings.RATE_LIMITS = True
    cache.clear()
    ours = network_of(RequestFactory().get("/", REMOTE_ADDR="127.0.0.1"))
    cache.set(f"readings:{ours}", READINGS.most - 1, READINGS.seconds)
    last = client.get(f"/api/{address}")
    assert last.status_code == 200
    refused = client.get(f"/api/{address}")
    assert refused.status_code == 429
    assert "Wait a minute, then ask." in refused.json()["error"]
    assert refused.headers["Retry-After"] == "60"
    assert refused.headers["Cache-Control"] == "no-store"
    assert client.get(f"/api/{address}", REMOTE_ADDR="192.0.2.1").status_code == 200

"""What the site as a whole refuses, and in which words."""

import pytest

from tests.factories import make_study

pytestmark = pytest.mark.django_db


def test_a_form_only_address_says_so(client):
    study = make_study()
    response = client.get(f"/studies/{study.slug}/begin/")
    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert "use the form&#x27;s button" in response.text


def test_signing_in_never_leads_back_to_a_form_only_address(client):
    study = make_study()
    response = client.post(f"/studies/{study.slug}/close/")
    assert response.status_code == 302
    assert response["Location"] == "/login/?next=/"


def test_switching_the_language_never_leads_back_to_a_form_only_address(client):
    page = client.post("/answers/export/", {"code": "nobody"}).text
    assert 'name="next" value="/"' in page


def test_a_body_over_the_limit_is_refused_before_it_is_read(client, settings):
    length = settings.UPLOAD_LIMIT_BYTES * 2
    response = client.post("/answers/", {"code": "x"}, CONTENT_LENGTH=str(length))
    assert response.status_code == 413
    assert "at most 25 MB" in response.text


@pytest.mark.parametrize("path", ["/nowhere/", "/works/00000000-0000-4000-8000-000000000000/"])
def test_an_unknown_address_has_a_page_and_a_way_on(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert "Go to the gallery" in response.text


def test_a_name_that_is_not_the_sites_is_refused_as_the_askers_fault(client):
    response = client.get("/", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    assert "This request could not be read" in response.text


def test_a_form_without_its_token_is_refused_in_words():
    from django.test import Client

    study = make_study()
    response = Client(enforce_csrf_checks=True).post(f"/studies/{study.slug}/begin/")
    assert response.status_code == 403
    assert "Nothing was stored" in response.text
    assert not study.raters.exists()


def test_every_page_forbids_foreign_and_inline_code(client):
    policy = client.get("/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy

"""The way in: consent, who may not rate, and beginning again."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from gallery.studies.models import Rater
from tests.factories import make_study, make_user, sign_in
from tests.studies.visitors import sit_down

pytestmark = pytest.mark.django_db


@pytest.fixture
def study():
    return make_study(3)


@pytest.fixture
def visitor(study):
    return sit_down(study)


def test_looking_at_the_landing_page_makes_nobody_a_rater(client, study):
    page = client.get(study.get_absolute_url()).content.decode()
    assert "I agree" in page
    assert "Some are by people, some by machines" in page
    assert not Rater.objects.exists()


def test_consent_sets_a_cookie_that_scripts_cannot_read(client, study):
    response = client.post(f"/studies/{study.slug}/begin/")
    cookie = response.cookies[f"rater-{study.slug}"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert Rater.objects.get().code in cookie.value


def test_a_second_consent_goes_on_with_the_same_sitting(study, visitor):
    client, _ = visitor
    assert client.post(f"/studies/{study.slug}/begin/").status_code == 302
    assert Rater.objects.count() == 1


def test_two_clicks_on_one_page_make_one_rater(client, study):
    """The second request of a double click does not have the cookie of the first."""
    once = client.get(study.get_absolute_url()).context["form"]["once"].value()
    for _ in range(2):
        response = Client().post(f"/studies/{study.slug}/begin/", {"once": once})
        assert response.status_code == 302
        assert Rater.objects.get().code in response.cookies[f"rater-{study.slug}"].value
    sit_down(study)
    assert Rater.objects.count() == 2


@pytest.mark.parametrize("role", ["curator", "admin"])
def test_who_hangs_works_does_not_rate(client, study, role):
    sign_in(client, make_user(curator=role == "curator", admin=role == "admin"))
    page = client.get(study.get_absolute_url()).content.decode()
    assert "so they do not rate" in page
    assert "I agree" not in page
    response = client.post(f"/studies/{study.slug}/begin/")
    assert response.status_code == 403
    assert "so they do not rate" in response.content.decode()
    assert not Rater.objects.exists()


def test_a_sitting_too_old_to_go_on_may_be_begun_again(study, visitor):
    client, rater = visitor
    Rater.objects.update(consented_at=now() - timedelta(days=31))
    page = client.get(study.get_absolute_url()).content.decode()
    assert "You may begin again" in page
    assert "Go on where you left off" not in page + client.get("/").content.decode()
    _, again = sit_down(study, client)
    assert again != rater
    assert Rater.objects.filter(pk=rater.pk).exists()

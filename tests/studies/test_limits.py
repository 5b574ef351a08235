"""A script is slowed; a school class is not; no address is kept."""

import re
import warnings
from pathlib import Path

import pytest
from django.core.cache import CacheKeyWarning, cache
from django.db import connection
from django.test import Client, RequestFactory

from gallery.studies.limits import ANSWERS, BEGINNINGS, is_over, network_of
from gallery.studies.models import Rater, Rating
from tests.factories import make_study
from tests.studies.visitors import finish, sit_down

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh(settings) -> None:
    settings.RATE_LIMITS = True
    cache.clear()


def network(address: str) -> str:
    return network_of(RequestFactory().get("/", REMOTE_ADDR=address))


def test_a_network_is_a_block_of_addresses_and_another_one_tomorrow(monkeypatch):
    assert network("192.0.2.1") == network("192.0.2.200")
    assert network("192.0.2.1") != network("192.0.3.1")
    assert network("2001:db8:0:1::1") == network("2001:db8:0:ff::2")
    assert network("2001:db8:0:1::1") != network("2001:db8:1::1")
    assert re.fullmatch(r"[0-9a-f]{16}", network("192.0.2.1"))
    today = network("192.0.2.1")
    cache.clear()  # as the day's salt runs out
    assert network("192.0.2.1") != today


def test_what_it_counts_by_suits_any_cache():
    """memcached takes no spaces."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", CacheKeyWarning)
        assert not is_over(RequestFactory().get("/"), "answers", ANSWERS)


def flood(client: Client, url: str, form: dict[str, int], times: int) -> list[int]:
    return [client.post(url, form).status_code for _ in range(times)]


def test_a_script_is_told_to_wait_and_loses_nothing(settings):
    study = make_study(1)
    client, rater = sit_down(study)
    trial = rater.trials.earliest("position")
    cache.set(f"answers:{network('127.0.0.1')}", ANSWERS.most, ANSWERS.seconds)
    marks = {"coherence": 1, "surprise": 1}
    response = client.post(f"/trials/{trial.code}/answer/", marks)
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "60"
    assert "Nothing is lost" in response.content.decode()
    assert not Rating.objects.exists()
    elsewhere = client.post(f"/trials/{trial.code}/answer/", marks, REMOTE_ADDR="198.51.100.7")
    assert elsewhere.status_code == 302
    cache.clear()
    finish(client, rater)


def test_a_network_begins_only_so_many_sittings_in_an_hour():
    study = make_study(1)
    cache.set(f"beginnings:{network('127.0.0.1')}", BEGINNINGS.most, BEGINNINGS.seconds)
    assert Client().post(f"/studies/{study.slug}/begin/").status_code == 429
    assert not Rater.objects.exists()


def test_a_class_of_forty_at_a_persons_pace_is_within_the_limits():
    assert ANSWERS.most >= 40 * ANSWERS.seconds / 6
    assert BEGINNINGS.most >= 40


def test_no_table_has_a_place_for_an_address():
    client, rater = sit_down(make_study(1))
    finish(client, rater)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            assert "127.0.0.1" not in str(cursor.fetchall()), table


def test_nothing_of_the_visitors_browser_is_read_where_answers_are_taken():
    for path in Path("gallery/studies").rglob("*.py"):
        assert "HTTP_USER_AGENT" not in path.read_text(), path

"""The cache in Redis: shared while it is there, and missed by nobody while it is away."""

import time

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from gallery.studies.limits import ANSWERS, network_of
from gallery.studies.models import Rating
from tests.factories import make_study
from tests.studies.visitors import sit_down

MARKS = {"coherence": 1, "surprise": 1}


@pytest.fixture
def caches_at(settings):
    """Lets the default cache be a Redis at an address, with the project's own options."""

    def point(url: str) -> None:
        settings.RATE_LIMITS = True
        cached = {"BACKEND": "gallery.forgetful.ForgetfulRedisCache", "LOCATION": url}
        options = {"socket_timeout": 1.0, "socket_connect_timeout": 1.0}
        settings.CACHES = settings.CACHES | {"default": cached | {"OPTIONS": options}}

    return point


def test_answers_are_kept_while_redis_is_away(caches_at, db):
    caches_at("redis://127.0.0.1:1/0")
    client, rater = sit_down(make_study(1))
    trial = rater.trials.earliest("position")
    began = time.monotonic()
    assert client.post(f"/trials/{trial.code}/answer/", MARKS).status_code == 302
    assert time.monotonic() - began < 2
    assert Rating.objects.count() == 2


def test_without_redis_the_cache_is_empty_and_raises_nothing_new(caches_at):
    caches_at("redis://127.0.0.1:1/0")
    assert cache.add("a", 1) is True
    cache.set("a", 1)
    assert (cache.get("a"), cache.get("a", 7), cache.delete("a")) == (None, 7, False)
    with pytest.raises(ValueError, match="away"):
        cache.incr("a")


def test_the_limits_hold_again_once_redis_is_there(caches_at, redis_url, db):
    caches_at(redis_url)
    client, rater = sit_down(make_study(1))
    address = f"/trials/{rater.trials.earliest('position').code}/answer/"
    network = network_of(RequestFactory().get("/"))
    cache.set(f"answers:{network}", ANSWERS.most - 1, ANSWERS.seconds)  # as other processes count
    assert [client.post(address, MARKS).status_code for _ in range(2)] == [302, 429]

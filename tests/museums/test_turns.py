"""Museums are asked one thing a second, and left alone when they ask for it."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from time import monotonic

import pytest

from gallery.museums import turns
from gallery.museums.fetching import fetch
from gallery.museums.refusals import NotFetched


def test_two_requests_to_a_host_are_a_second_apart(museum, monkeypatch):
    """Also from two threads at once, and where a redirect leads to the same host."""
    monkeypatch.setattr(turns, "SECONDS_APART", 1.0)
    museum.say("/a", b"", 302, Location="/b")
    museum.say("/b", b"words")
    asks = [lambda: fetch(f"{museum.url}/a", most=9), lambda: fetch(f"{museum.url}/b", most=9)]
    threads = [threading.Thread(target=ask) for ask in asks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times = sorted(time for time, _path, _headers in museum.asked)
    assert len(times) == 3
    assert all(after - before > 0.98 for before, after in pairwise(times))


def test_two_hosts_do_not_wait_for_each_other(museum, monkeypatch):
    monkeypatch.setattr(turns, "SECONDS_APART", 1.0)
    museum.say("/a", b"words")
    begun = monotonic()
    fetch(f"{museum.url}/a", most=9)
    fetch(f"http://museum.test:{museum.port}/a", most=9, resolve=lambda *_: ["127.0.0.1"])
    assert monotonic() - begun < 0.9


@pytest.mark.parametrize("status", [429, 503])
def test_a_museum_that_asks_for_a_pause_gets_it(museum, status):
    """It is not asked again before, and the curator is told how long that is."""
    museum.say("/a", b"", status, Retry_After="120")
    for _ in range(2):
        with pytest.raises(NotFetched) as refused:
            fetch(f"{museum.url}/a", most=9)
        assert str(refused.value) == (
            "127.0.0.1 asks to be left alone for a while. Try again in 120 seconds."
        )
    assert len(museum.asked) == 1


def test_a_short_pause_is_waited_for(museum):
    museum.say("/a", b"", 503, Retry_After="1")
    with pytest.raises(NotFetched, match="in 1 seconds"):
        fetch(f"{museum.url}/a", most=9)
    museum.say("/a", b"words")
    assert fetch(f"{museum.url}/a", most=9) == b"words"
    assert museum.asked[1][0] - museum.asked[0][0] > 0.98


def test_a_pause_may_be_told_as_a_date():
    in_two_minutes = format_datetime(datetime.now(UTC) + timedelta(minutes=2), usegmt=True)
    assert 118 < turns.seconds_of(in_two_minutes) <= 120


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("", 60),
        ("soon", 60),
        ("-5", 60),
        ("1.5", 60),
        ("٣", 60),
        ("0", 1),
        ("30", 30),
        ("999999999", 3600),
        ("9" * 99, 60),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 1),
        ("Wed, 21 Oct 9999 07:28:00 -0000", 3600),
        ("Wed, 99 Oct 2015 07:28:00 GMT", 60),
    ],
)
def test_a_pause_stays_within_reason(said, seconds):
    assert turns.seconds_of(said) == seconds


def test_only_a_few_wait_for_museums_at_once():
    """The other threads are there for visitors."""
    sentence = "Somebody else is asking museums"
    with turns.place(), turns.place(), pytest.raises(NotFetched, match=sentence), turns.place():
        raise AssertionError
    with turns.place(), turns.place():
        pass


# TLS

"""Answers under a crowd and under a kill, on the real server over real HTTP, on both databases."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path

import pytest

from tests.conftest import database_like
from tests.servers import Gallery
from tests.studies.browsers import CURRENT, Browser, next_address

pytestmark = pytest.mark.any_database

MARKS = {"coherence": 2, "surprise": 6}


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def gallery(
    request: pytest.FixtureRequest, furnished: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Gallery]:
    settings = {"PAINT_IN_PROCESS": "0"}
    if request.param == "postgres":
        settings["DATABASE_URL"] = database_like(request.getfixturevalue("postgres_with_tables"))
    gallery = Gallery(tmp_path_factory.mktemp("gallery"), **settings).furnish(furnished).start()
    yield gallery
    gallery.stop()


def make_study(gallery: Gallery, works: int) -> str:
    """A study of so many works a side, all of them in one sitting; its slug."""
    return gallery.python(
        "import itertools, time, uuid; from tests import factories\n"
        "factories._number = itertools.count(time.time_ns())\n"  # names not yet taken here
        "slug = uuid.uuid4().hex\n"
        f"factories.make_study({works}, slug=slug, trials_per_rater={2 * works})\n"
        "print(slug, end='')"
    )


def ratings_by_trial(gallery: Gallery, slug: str) -> dict[str, list[tuple[str, int]]]:
    """For each trial of the study that has any: its ratings, as (item, value)."""
    printed = gallery.python(
        "import json; from gallery.studies.models import Trial\n"
        f"trials = Trial.objects.filter(rater__study__slug='{slug}')\n"
        "print(json.dumps({str(t.code): [[r.item, r.value] for r in t.ratings.order_by('item')]"
        " for t in trials if t.answered_at or t.ratings.exists()}))"
    )
    return {
        code: [(item, value) for item, value in ratings]
        for code, ratings in json.loads(printed).items()
    }


def code_in(address: str) -> str:
    return address.split("/")[2]


def test_a_hundred_posts_of_one_answer_at_once_store_one(gallery):
    slug = make_study(gallery, 2)
    visitor = Browser(gallery.url)
    address = visitor.sit_down(slug)
    gate = threading.Barrier(100)

    def post(value: int) -> int:
        tab = visitor.twin()
        gate.wait()
        return tab.post(address, {"coherence": 1 + value % 7, "surprise": 7 - value % 7})[0]

    with ThreadPoolExecutor(100) as crowd:
        statuses = list(crowd.map(post, range(100)))
    assert statuses == [302] * 100
    ((code, ratings),) = ratings_by_trial(gallery, slug).items()
    assert code == code_in(address)
    (_, coherence), (_, surprise) = ratings
    assert coherence + surprise == 8  # both from one and the same post
    assert visitor.current(slug) != address


def test_guesses_in_two_tabs_at_once_still_end_the_sitting(gallery):
    slug = make_study(gallery, 1)
    for _ in range(5):
        visitor = Browser(gallery.url)
        first = visitor.sit_down(slug)
        visitor.post(first, MARKS)
        second = visitor.current(slug)
        visitor.post(second, MARKS)
        guesses = [address.replace("/answer/", "/guess/") for address in (first, second)]
        gate = threading.Barrier(2)

        def guess(address: str, visitor: Browser = visitor, gate: threading.Barrier = gate) -> int:
            tab = visitor.twin()
            gate.wait()
            return tab.post(address, {"guess": 3})[0]

        with ThreadPoolExecutor(2) as tabs:
            assert list(tabs.map(guess, guesses)) == [302, 302]
        assert visitor.get(f"/studies/{slug}/reveal/")[0] == 200


def test_two_clicks_at_once_make_one_rater(gallery):
    slug = make_study(gallery, 1)
    visitor = Browser(gallery.url)
    _, page = visitor.get(f"/studies/{slug}/")
    (once,) = re.findall(r'name="once" value="([0-9a-f-]{36})"', page)
    gate = threading.Barrier(8)

    def agree(tab: Browser) -> tuple[int, str]:
        gate.wait()
        status, _ = tab.post(f"/studies/{slug}/begin/", {"once": once})
        return status, tab.cookies[f"rater-{slug}"].split(":")[0]

    with ThreadPoolExecutor(8) as tabs:
        answers = set(tabs.map(agree, [visitor.twin() for _ in range(8)]))
    assert len(answers) == 1
    assert {status for status, _ in answers} == {302}


def test_erasing_amid_answers_never_fails_and_leaves_nothing(gallery):
    slug = make_study(gallery, 4)
    for _ in range(3):
        visitor = Browser(gallery.url)
        address = visitor.sit_down(slug)
        code = visitor.cookies[f"rater-{slug}"].split(":")[0].strip('"')
        gate = threading.Barrier(5)

        def answer(tab: Browser, address: str = address, gate: threading.Barrier = gate) -> None:
            gate.wait()
            while address:
                status, page = tab.post(address, MARKS, htmx=True)
                assert status in (200, 404), page  # and no 500
                found = CURRENT.search(page)
                address = found[1] if found else ""

        def erase(
            visitor: Browser = visitor, code: str = code, gate: threading.Barrier = gate
        ) -> None:
            gate.wait()
            status, page = visitor.twin().post("/answers/erase/", {"code": code, "confirmed": "y"})
            assert status == 200, page

        with ThreadPoolExecutor(5) as tabs:
            under_way = [tabs.submit(answer, visitor.twin()) for _ in range(4)]
            under_way.append(tabs.submit(erase))
            for one in under_way:
                one.result()
        status, page = visitor.post(address, MARKS)
        assert status == 404
        assert "There is nothing at this address" in page
    assert ratings_by_trial(gallery, slug) == {}


def rate_until_cut_off(
    visitor: Browser, address: str, ledger: list[str], enough: threading.Event
) -> None:
    """Answer work after work; note each answer that the server has acknowledged."""
    while "/answer/" in address:
        try:
            status, page = visitor.post(address, MARKS, htmx=True)
        except (OSError, HTTPException):
            return
        assert status == 200, page
        ledger.append(code_in(address))
        if len(ledger) >= 30:
            enough.set()
        address = next_address(page)


def test_a_killed_server_loses_no_acknowledged_rating(gallery):
    slug = make_study(gallery, 20)
    visitors = [Browser(gallery.url) for _ in range(4)]
    begun = [(visitor, visitor.sit_down(slug)) for visitor in visitors]
    ledger: list[str] = []
    enough = threading.Event()
    with ThreadPoolExecutor(4) as crowd:
        under_way = [crowd.submit(rate_until_cut_off, *one, ledger, enough) for one in begun]
        assert enough.wait(60)
        gallery.kill()
        for one in under_way:
            one.result()
    assert 30 <= len(ledger) < 160  # the kill came in the midst of it
    gallery.start()
    kept = ratings_by_trial(gallery, slug)
    assert set(ledger) <= set(kept)
    whole = [("coherence", 2), ("surprise", 6)]
    assert all(ratings == whole for ratings in kept.values())
    assert len(kept) <= len(ledger) + 4  # at most one unacknowledged answer for each visitor
    for visitor in visitors:  # and everyone goes on where they were
        assert code_in(visitor.current(slug)) not in kept

"""What a request tells of the time that it may take, from what runs took here."""

import re
from datetime import timedelta

import pytest
from django.utils.timezone import now

from gallery.runs.models import Output, Run
from gallery.runs.services import check_request
from gallery.runs.timing import Timing, estimate_of
from generators.catalog import GENERATORS
from tests.factories import make_artwork, make_run, make_user, sign_in

pytestmark = pytest.mark.django_db

NEW = "/studio/new/entropy/"


@pytest.fixture
def admin(client):
    """A client that is signed in as an admin."""
    sign_in(client, make_user("ada", admin=True))
    return client


def finished(seconds: float, *, device: str = "cpu", count: int = 1, **kw) -> Run:
    """A run that took so long for each of its works."""
    ended = kw.pop("finished", now())
    kw = {"count": count, "attempt": 1, "state": "done"} | kw
    run = make_run(started=ended - timedelta(seconds=seconds * count), finished=ended, **kw)
    recipe = {"generator": run.generator, "seed": 1, "device": device}
    artwork = make_artwork("machine", hung=False, recipe=recipe)
    Output.objects.create(run=run, index=0, artwork=artwork)
    return run


def timing(**params: object) -> Timing | None:
    return estimate_of(check_request("entropy", {"size": 64, **params}, 1)).each


def test_nothing_is_told_before_a_run_has_finished():
    make_run()
    assert timing() is None


def test_it_is_the_median_and_the_span_of_runs_that_cost_the_same():
    for seconds in (35, 52, 40):
        finished(seconds, count=2)
    finished(200, params={"size": 512})
    assert timing() == Timing(3, 35, 40, 52, alike=True)
    # What costs the same need not be the same.
    assert timing(variant="plain field") == timing()


def test_without_a_run_that_cost_the_same_it_is_of_all_and_says_so():
    finished(10)
    finished(30)
    assert timing(size=256) == Timing(2, 10, 20, 30, alike=False)


@pytest.mark.parametrize(
    "other",
    [
        {"attempt": 2},  # interrupted: the clock went on
        {"state": "failed", "error": "It failed."},
        {"version": 0},
        {"generator": "letters", "params": {}},
        {"task": "train", "name": "x"},
        {"knob": "alpha", "rungs": [1.0]},
    ],
)
def test_runs_that_tell_nothing_are_left_out(other):
    finished(99, **other)
    assert timing() is None


def test_only_the_device_that_painted_last_counts():
    finished(100, finished=now() - timedelta(days=1))
    finished(3, device="A card")
    assert timing() == Timing(1, 3, 3, 3, alike=True)


def test_params_that_no_generator_takes_any_more_are_left_out():
    finished(5, params={"size": 64, "brush": "wide"})
    assert timing() is None


def test_the_queue_is_what_waits_and_is_painted_less_what_is_made():
    finished(60)
    half_way = make_run(count=4)
    Output.objects.create(run=half_way, index=0, artwork=make_artwork("machine", hung=False))
    make_run(generator="char_rnn", params={})  # none has finished: what is declared
    make_run(generator="rembrandt")
    estimate = estimate_of(check_request("entropy", {}, 1))
    writer = GENERATORS["char_rnn"]
    assert estimate.before == 3
    assert estimate.wait == pytest.approx(3 * 60 + writer.cost(writer.parse({})))


def test_a_training_in_the_queue_counts_with_its_minutes():
    make_run(generator="char_rnn", task="train", name="x", params={"minutes": 5})
    assert estimate_of(check_request("entropy", {}, 1)).wait == pytest.approx(300, rel=0.5)


def test_a_queue_that_nobody_can_judge_any_more_hinders_no_request():
    make_run(params={"brush": "wide"})
    make_run(generator="char_rnn", task="train", name="x", params={"brush": "wide"})
    estimate = estimate_of(check_request("entropy", {}, 1))
    assert (estimate.before, estimate.wait) == (2, 0)


def told(html: str) -> str:
    (found,) = re.findall(r'<div id="estimate".*?</div>', html, re.DOTALL)
    return " ".join(re.sub("<[^>]*>", " ", found).split())


def test_the_page_tells_it_before_anything_is_pressed(admin):
    assert "No run like this has finished here yet. Nothing waits" in told(admin.get(NEW).text)
    for seconds in (35, 52, 40):
        finished(seconds, params={"size": 512})
    make_run(params={"size": 512}, count=9)
    html = told(admin.get(NEW).text)
    assert (
        "About 40 seconds each on this machine: 3 earlier runs like it took 35 seconds to 52 "
        "seconds. The queue before it: 1 run, about 6 minutes." in html
    )


def test_it_follows_what_is_chosen(admin):
    finished(35, params={"size": 512})
    asked = {"count": "2", "size": "512", "estimate": "yes"}
    html = told(admin.post(NEW, asked, headers={"HX-Request": "true"}).text)
    assert "About 35 seconds each on this machine, as long as one earlier run like it" in html
    html = told(admin.post(NEW, asked | {"size": "64"}).text)  # and without a script
    assert "No run like this has finished here yet. One other run of this artist took" in html
    html = told(admin.post(NEW, asked | {"size": "1"}).text)
    assert "cannot be painted as it stands" in html


def test_a_longer_past_costs_no_more_queries(admin, django_assert_max_num_queries):
    for _ in range(8):
        finished(5)
        make_run()
    with django_assert_max_num_queries(10):
        admin.get(NEW)

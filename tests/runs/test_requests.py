"""What may be asked for. A refusal is a sentence, and leaves nothing behind."""

import math
from typing import Any

import pytest

from gallery.runs.models import LARGEST_SEED, Run
from gallery.runs.refusals import RunRefused
from gallery.runs.services import MOST_PENDING, request_run
from generators.catalog import GENERATORS
from tests.factories import make_artwork, make_run, make_user

pytestmark = pytest.mark.django_db

WORKS_ON_PICTURES = "inceptionism"


def refusal(**asked: Any) -> RunRefused:
    with pytest.raises(RunRefused) as refused:
        request_run(**({"generator": "entropy", "params": {"size": 64}} | asked))
    assert not Run.objects.exists()
    assert str(refused.value)[0].isupper() or ":" in str(refused.value)
    return refused.value


def test_it_queues_a_run():
    user = make_user()
    run = request_run(
        generator="entropy", params={"size": "64"}, seed=5, count=3, requested_by=user
    )
    run.refresh_from_db()
    assert (run.state, run.seed, run.count, run.requested_by) == ("queued", 5, 3, user)
    assert run.params["size"] == 64
    assert run.params["variant"] == "uniform noise"  # defaults are resolved: they may change
    assert run.version == GENERATORS["entropy"].version


def test_it_draws_a_seed_where_none_is_given():
    seeds = {request_run(generator="letters", params={}).seed for _ in range(3)}
    assert len(seeds) == 3
    assert all(0 <= seed <= LARGEST_SEED for seed in seeds)


def test_it_refuses_an_unknown_generator():
    assert "no generator" in str(refusal(generator="rembrandt"))


@pytest.mark.parametrize(
    ("params", "field", "sentence"),
    [
        ({"size": 63}, "size", "Enter 64 or more."),
        ({"size": 10**9}, "size", "Enter 1024 or less."),
        ({"size": -1}, "size", "Enter 64 or more."),
        ({"size": 2**63}, "size", "Enter 1024 or less."),
        ({"size": "large"}, "size", "Enter a whole number."),
        ({"size": 64.5}, "size", "Enter a whole number."),
        ({"size": ""}, "size", "Enter a whole number."),
        ({"size": None}, "size", "Enter a whole number."),
        ({"size": [64]}, "size", "Enter a whole number."),
        ({"size": "9" * 5000}, "size", "Enter a smaller number."),
        ({"alpha": math.nan}, "alpha", "Enter a number."),
        ({"alpha": math.inf}, "alpha", "Enter a number."),
        ({"alpha": 1e308}, "alpha", "Enter 2.0 or less."),
        ({"alpha": "steep"}, "alpha", "Enter a number."),
        ({"alpha": {}}, "alpha", "Enter a number."),
        (
            {"variant": "beauty"},
            "variant",
            "Choose one of 'uniform noise', 'natural spectrum', 'plain field', 'spectrum of the "
            "content', 'colours of the content' or 'colours and spectrum of the content'.",
        ),
        ({"__class__": "x"}, "__class__", "This generator has no such parameter."),
    ],
)
def test_it_refuses_bad_parameters_at_their_field(params, field, sentence):
    assert refusal(params=params).fields == {field: sentence}


def test_it_tells_of_every_wrong_parameter_at_once():
    assert set(refusal(params={"size": 1, "alpha": 9}).fields) == {"size", "alpha"}


@pytest.mark.parametrize("count", [0, -1, 101, 10**9])
def test_it_refuses_a_count_outside_one_to_a_hundred(count):
    assert "count" in refusal(count=count).fields


@pytest.mark.parametrize("seed", [-1, LARGEST_SEED + 1])
def test_it_refuses_a_seed_that_no_column_holds(seed):
    assert "seed" in refusal(seed=seed).fields


def test_it_takes_the_largest_seed():
    run = request_run(generator="letters", params={}, seed=LARGEST_SEED)
    run.refresh_from_db()
    assert run.seed == LARGEST_SEED


def test_it_refuses_a_run_that_costs_too_much_in_all(monkeypatch):
    monkeypatch.setattr("gallery.runs.services.MOST_COST", 30.0)
    assert "Ask for fewer or smaller works" in str(refusal(params={"size": 1024}, count=100))


def test_it_refuses_content_that_the_generator_does_not_take():
    assert "content" in refusal(content=make_artwork()).fields


def test_it_refuses_content_that_does_not_hang():
    candidate = make_artwork(hung=False)
    refused = refusal(generator=WORKS_ON_PICTURES, params={}, content=candidate)
    assert "that hangs here" in refused.fields["content"]


def test_it_refuses_a_text_for_a_generator_of_pictures():
    text = make_artwork(medium="text")
    assert (
        "medium" in refusal(generator=WORKS_ON_PICTURES, params={}, content=text).fields["content"]
    )


def test_it_records_the_work_that_a_run_starts_from():
    artwork = make_artwork()
    run = request_run(generator=WORKS_ON_PICTURES, params={}, content=artwork)
    assert run.inputs.get().artwork == artwork
    assert run.aspects == []  # the content decides the shape


def test_it_refuses_a_run_too_many_for_one_person_only():
    busy, other = make_user(), make_user()
    for _ in range(MOST_PENDING):
        make_run(requested_by=busy)
    with pytest.raises(RunRefused, match="runs waiting"):
        request_run(generator="letters", params={}, requested_by=busy)
    assert Run.objects.count() == MOST_PENDING
    Run.objects.all()[0].cancel()
    request_run(generator="letters", params={}, requested_by=busy)
    request_run(generator="letters", params={}, requested_by=other)


def test_pictures_get_the_proportions_of_works_by_people():
    make_artwork(width=300, height=400)
    make_artwork(width=5000, height=1000)  # wider than the generator can
    make_artwork("machine", width=100, height=100)
    make_artwork(hung=False, width=100, height=120)

    def aspects(seed: int) -> list[float]:
        run = request_run(generator="entropy", params={}, seed=seed, count=50)
        return list(run.aspects)

    assert set(aspects(7)) == {0.75, 2.0}
    assert aspects(7) == aspects(7) != aspects(8)


def test_an_aspect_that_is_asked_for_is_kept():
    make_artwork(width=300, height=400)
    run = request_run(generator="entropy", params={"aspect": 1.5})
    assert (run.aspects, run.params["aspect"]) == ([], 1.5)


def test_the_bell_rings_when_the_row_can_be_seen(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        request_run(generator="letters", params={})
    assert [callback.__name__ for callback in callbacks] == ["ring"]

"""One run over several values of one knob: equally often, in a hidden order, on record."""

from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from gallery.runs.ladders import draw_rungs, in_words, values_in
from gallery.runs.models import Output, Run
from gallery.runs.refusals import RunRefused
from gallery.runs.services import check_request, keep_output, repeat_run, request_run
from generators.catalog import GENERATORS
from tests.factories import make_artwork, make_run, make_user, sign_in
from tests.runs.test_outputs import png

pytestmark = pytest.mark.django_db

INCEPTIONISM = "/studio/new/inceptionism/"


def laddered(values: list[Any], **asked: Any) -> Run:
    """A small run of dreams that tries `values` of its knob."""
    usual: dict[str, Any] = {"generator": "inceptionism", "params": {"size": 64}, "seed": 7}
    return request_run(ladder=values, **(usual | asked))


def refusal(values: list[Any], **asked: Any) -> dict[str, str]:
    with pytest.raises(RunRefused) as refused:
        laddered(values, **asked)
    assert not Run.objects.exists()
    return refused.value.fields


@pytest.mark.parametrize(("rungs", "count"), [(2, 10), (3, 99), (4, 12), (5, 5), (7, 98)])
@pytest.mark.parametrize("seed", [0, 7, 2**63 - 1])
def test_every_rung_is_made_equally_often_and_none_twice_in_a_row(rungs, count, seed):
    values = [float(n) for n in range(rungs)]
    drawn = draw_rungs(values, seed=seed, count=count)
    assert Counter(drawn) == dict.fromkeys(values, count // rungs)
    assert all(one != next_one for one, next_one in pairwise(drawn))
    for start in range(0, count, rungs):  # a run that was cut short has all rungs too
        assert set(drawn[start : start + rungs]) == set(values)


def test_the_seed_decides_the_order():
    orders = {tuple(draw_rungs([1, 2, 3, 4], seed=seed, count=12)) for seed in range(20)}
    assert len(orders) > 15
    one, same = (draw_rungs([1, 2, 3, 4], seed=5, count=12) for _ in range(2))
    assert one == same


def test_a_run_keeps_its_ladder_and_each_output_its_rung():
    run = laddered(["1", "2", "8"], count=6)
    run.refresh_from_db()
    assert (run.knob, run.ladder, Counter(run.rungs)) == ("units", [1, 2, 8], {1: 2, 2: 2, 8: 2})
    assert [run.params_of(index)["units"] for index in range(6)] == run.rungs
    assert all(run.params_of(index)["size"] == 64 for index in range(6))
    claimed = Run.objects.claim("w1")
    assert claimed
    for index in range(2):
        keep_output(claimed, index, png(), {"params": claimed.params_of(index)})
    kept = [(one.knob, one.rung) for one in Output.objects.all()]
    assert kept == [("units", float(rung)) for rung in run.rungs[:2]]


def test_a_run_without_a_ladder_has_no_rungs():
    run = laddered([], count=2)
    assert (run.knob, run.rungs, run.ladder) == ("", [], [])
    assert run.params_of(1) == run.params


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (["1", "many"], "“many” will not do. Enter a whole number."),
        (["1", "65"], "“65” will not do. Enter 64 or less."),
        (["0", "2"], "“0” will not do. Enter 1 or more."),
        (["1", "2.5"], "“2.5” will not do. Enter a whole number."),
        (["1", "nan"], "“nan” will not do. Enter a whole number."),
        (["4"], "A ladder needs two values at least: add one, or leave it empty."),
        (["4", "2", "04"], "Give each value once: all get as many works anyway."),
    ],
)
def test_values_that_will_not_do_are_refused_at_the_ladder(values, sentence):
    assert refusal(values, count=6) == {"ladder": sentence}


@pytest.mark.parametrize(
    ("count", "numbers"),
    [(1, "3 works"), (4, "3 or 6 works"), (8, "6 or 9 works"), (100, "99 works")],
)
def test_a_count_that_cannot_be_shared_equally_is_told_which_would_do(count, numbers):
    assert refusal([1, 2, 3], count=count) == {
        "count": f"3 values cannot share {count} works equally. Ask for {numbers}, or for another "
        "multiple of 3."
    }


def test_a_knob_that_would_be_idle_is_refused():
    (sentence,) = refusal([1, 2], count=2, params={"objective": "whole layer"}).values()
    assert "only matters where “What to strengthen” is “unit set”" in sentence


def test_a_generator_without_a_knob_takes_no_ladder():
    assert not GENERATORS["letters"].knob
    sentences = refusal([1, 2], generator="letters", params={}, count=2)
    assert sentences == {"ladder": "Letters has no knob that a ladder could turn: leave it empty."}


def test_a_ladder_too_long_for_any_count_is_refused():
    params = {"variant": "natural spectrum"}
    values = [n / 100 for n in range(101)]
    sentences = refusal(values, generator="entropy", params=params, count=100)
    assert sentences == {"ladder": "A ladder of 101 values is too long: give at most 100."}


def test_every_knob_is_a_number_that_its_generator_takes():
    for generator in GENERATORS.values():
        if generator.knob:
            schema = generator.params.model_json_schema()["properties"][generator.knob]
            assert schema["type"] in ("integer", "number")
        if generator.knob_needs:
            name, answer = generator.knob_needs
            assert generator.params.model_fields[name].default is not None
            generator.params.model_validate({name: answer})


def test_the_cost_is_that_of_all_rungs(monkeypatch):
    dear = GENERATORS["inceptionism"].params
    monkeypatch.setattr(dear, "cost", lambda params: float(params.units))
    asked = check_request("inceptionism", {}, 6, ["1", "2", "9"])
    assert asked.cost == 2 * (1 + 2 + 9)


def test_a_ladder_made_again_has_the_same_rungs_in_another_order():
    run = laddered([1, 2, 4, 8], count=12)
    again = repeat_run(run, None)
    assert (again.knob, again.ladder) == (run.knob, run.ladder)
    assert again.rungs != run.rungs
    Run.objects.filter(pk=run.pk).update(knob="strength")
    with pytest.raises(RunRefused, match="another knob now"):
        repeat_run(Run.objects.get(pk=run.pk), None)


@pytest.mark.parametrize("text", ["1, 2,4", "1 2 4", "1，2、4", " 1;2,\n4, "])
def test_values_are_read_however_they_are_separated(text):
    assert values_in(text) == ["1", "2", "4"]
    assert values_in(in_words([0.25, 1, 4.0])) == ["0.25", "1", "4"]


def test_an_admin_asks_for_a_ladder_and_sees_it_again(client):
    sign_in(client, make_user(admin=True))
    html = client.get(INCEPTIONISM).text
    assert "Ladder: several values of “Units drawn by chance”" in html
    assert "Ladder" not in client.get("/studio/new/letters/").text
    wrong = client.post(INCEPTIONISM, {"count": "5", "ladder": "1, 2, 4"})
    assert wrong.status_code == 422
    assert "Ask for 3 or 6 works" in wrong.text
    client.post(INCEPTIONISM, {"count": "6", "ladder": "1, 2, 4", "size": "64"})
    run = Run.objects.get()
    assert run.ladder == [1, 2, 4]
    assert "1, 2, 4: a ladder, each equally often" in client.get(run.get_absolute_url()).text
    assert 'value="1, 2, 4"' in client.get(f"{INCEPTIONISM}?from={run.code}").text


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("run_turns_a_knob_iff_it_has_rungs", {"knob": "units"}),
        ("run_turns_a_knob_iff_it_has_rungs", {"rungs": [1, 2]}),
        ("run_has_a_rung_for_each_output_or_for_none", {"knob": "units", "rungs": [1, 2, 3]}),
    ],
)
def test_the_database_refuses_a_ladder_that_makes_no_sense(name, values):
    run = make_run(count=2)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Run.objects.filter(pk=run.pk).update(**values)


@pytest.mark.parametrize("values", [{"knob": "units"}, {"rung": 2.0}])
def test_the_database_refuses_half_a_rung(values):
    with (
        pytest.raises(IntegrityError, match="output_names_a_knob_iff_it_stands_on_a_rung"),
        transaction.atomic(),
    ):
        Output.objects.create(run=make_run(), index=0, artwork=make_artwork("machine"), **values)

"""Whether the result hangs on one maker."""

from dataclasses import replace

import numpy as np
import pytest

from gallery.findings.bootstrap import Interval
from gallery.findings.comparison import compared
from gallery.findings.makers import LEAST_LEFT, MOST_LEFT_OUT, LeftOut, Without, without_one
from gallery.findings.otherwise_story import otherwise_told
from gallery.findings.results import Findings, Otherwise
from tests.findings.crowds import crowd, settled

pytestmark = pytest.mark.any_database


def told(*ways: LeftOut, makers: dict[int, str] | None = None) -> str:
    found = Findings(60, 48, 12, 1440, 2880, 0, 0, 24, True, None)
    ways = tuple(Otherwise("coherence", way) for way in ways)
    return " ".join(otherwise_told(replace(found, otherwise=ways), makers or {}))


def test_a_maker_on_whom_the_verdict_hangs_is_named():
    answers = crowd(0.1, planted={12: 2.2}, raters=60)
    found = without_one(answers, settled(answers))
    assert found.makers == 12
    assert found.turning
    assert found.turning[0].maker == 12
    first = found.turning[0].chance
    assert first.low < 0.5 < first.high
    assert found.lowest == first
    text = told(found, makers={12: "Ada Example"})
    assert "without one of 12 makers of several works" in text
    assert "It hangs on Ada Example: left out, it would be open which side is ahead" in text
    assert "It hangs on one maker: left out" in told(found)


def test_where_no_maker_matters_none_is_named():
    answers = crowd(1.2)
    found = without_one(answers, settled(answers))
    assert found.turning == ()
    assert found.lowest
    assert found.highest
    chance = compared(answers, settled(answers)).chance
    assert found.lowest.estimate <= chance.estimate <= found.highest.estimate
    text = told(found, makers=dict.fromkeys(range(30), "Somebody"))
    assert "hangs on none of them" in text
    assert "Somebody" not in text


def test_a_dozen_makers_at_most_are_left_out_those_with_most_answers():
    answers = crowd(makers=8, each=2, raters=30)
    rare = answers.only((answers.makers[answers.works] != 10) | (answers.raters < 3))
    found = without_one(rare, settled(rare))
    assert found.makers == MOST_LEFT_OUT < 16


def test_too_few_makers_give_a_sentence_and_no_number():
    answers = crowd(raters=30)
    each_its_own = replace(answers, makers=np.arange(len(answers.sides)))
    one_a_side = replace(answers, makers=answers.sides + 1)
    few_left = crowd(raters=30, makers=2, each=LEAST_LEFT - 1)
    for one in (each_its_own, one_a_side, few_left):
        found = without_one(one, settled(one))
        assert found == LeftOut()
        text = told(found)
        assert "no maker has several works here beside enough by others" in text
        assert not any(letter.isdigit() for letter in text)


def test_a_model_that_does_not_settle_gives_a_sentence_and_no_number():
    text = told(LeftOut(unsettled=3))
    assert "the model does not settle" in text
    assert not any(letter.isdigit() for letter in text)


def test_it_is_said_which_side_would_be_ahead_and_how_many_others_turn_it():
    machines = Interval(0.40, 0.33, 0.47)
    people = Interval(0.60, 0.53, 0.67)
    one = LeftOut(3, 1, machines, people, (Without(4, machines), Without(5, people)))
    text = told(one, makers={4: "The filter"})
    assert "It hangs on The filter: left out, machines would be ahead" in text
    assert "Leaving out 1 other would turn it too." in text
    assert "Without 1 other the model did not settle." in text
    one = replace(one, turning=(Without(5, people),))
    assert "people would be ahead with 60% (53% to 67%)" in told(one)

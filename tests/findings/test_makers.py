"""Whether the result hangs on one maker, and whether it would hold for others."""

from dataclasses import replace

import numpy as np
import pytest

from gallery.findings.bootstrap import Interval
from gallery.findings.caveats import limits
from gallery.findings.comparison import compared
from gallery.findings.makers import (
    LEAST_LEFT,
    MOST_LEFT_OUT,
    LeftOut,
    OtherMakers,
    Without,
    for_other_makers,
    without_one,
)
from gallery.findings.order import Ordered
from gallery.findings.otherwise_story import otherwise_told
from gallery.findings.results import Findings, Otherwise
from gallery.findings.steps import Steps
from gallery.findings.thresholds import Missing
from gallery.studies.models import Study
from tests.findings.crowds import crowd, settled

pytestmark = pytest.mark.any_database


NONE = LeftOut()
FEW = OtherMakers((0, 0), missing=Missing.THIN)


def told(
    way: LeftOut = NONE, *, other: OtherMakers = FEW, makers: dict[int, str] | None = None
) -> str:
    found = Findings(60, 48, 12, 1440, 2880, 0, 0, 24, True, None)
    found = replace(
        found, otherwise=(Otherwise("coherence", way, other, Ordered(), Steps(), None),)
    )
    return " ".join(otherwise_told(found, makers or {}))


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
    assert "with each of 12 makers of several works left out in turn" in text
    assert "The result hangs on Ada Example: with these works left out, it would be open" in text
    assert "The result hangs on one maker: with these works left out" in told(found)


def test_where_no_maker_matters_none_is_named():
    answers = crowd(1.2)
    found = without_one(answers, settled(answers))
    assert found.turning == ()
    assert found.lowest
    assert found.highest
    chance = compared(answers, settled(answers)).chance
    assert found.lowest.estimate <= chance.estimate <= found.highest.estimate
    text = told(found, makers=dict.fromkeys(range(30), "Somebody"))
    assert "The result does not hang on any of them." in text
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
    assert "hangs on The filter: with these works left out, machines would be ahead" in text
    assert "Leaving out 1 other would turn it too." in text
    assert "Without 1 other the model did not settle." in text
    one = replace(one, turning=(Without(5, people),))
    assert "people would be ahead, with 60% (53% to 67%)" in told(one)


def test_other_makers_widen_the_interval_where_makers_differ():
    answers = crowd(0.8, makers=8, each=3, sd_maker=0.8, seed=5)
    primary = settled(answers)
    found = for_other_makers(answers, primary)
    assert found.makers == (8, 8)
    assert found.sd == pytest.approx(0.8, abs=0.4)
    assert found.chance
    planned = compared(answers, primary).chance
    assert found.chance.high - found.chance.low > planned.high - planned.low
    text = told(other=found)
    assert "for works by other makers like these" in text


def test_the_primary_result_stays_what_the_protocol_names():
    answers = crowd(0.8, raters=40)
    before = compared(answers, settled(answers))
    for_other_makers(answers, settled(answers))
    assert compared(answers, settled(answers)) == before


def test_fewer_than_five_makers_of_several_works_on_a_side_speak_for_nobody_else():
    answers = crowd(raters=30, makers=6)
    alone = np.where(answers.makers >= 14, 100 + np.arange(len(answers.sides)), answers.makers)
    four = replace(answers, makers=alone)  # four people and no machine have several works
    found = for_other_makers(four, settled(four))
    assert found == OtherMakers((4, 0), missing=Missing.THIN)
    assert told(other=found).count("%") == 0


def test_other_makers_without_a_model_give_a_sentence_and_no_number():
    text = told(other=OtherMakers((5, 6), missing=Missing.UNSETTLED))
    assert "does not settle" in text
    assert not any(letter.isdigit() for letter in text)


def test_the_limits_say_whether_the_result_goes_beyond_these_makers():
    study = Study(title="Told", slug="told", state="closed", protocol={})
    for other, said in (
        (FEW, "takes 5 makers of several works on each side"),
        (OtherMakers((5, 5), Interval(0.6, 0.5, 0.7), 0.4), "other makers like these is told"),
        (OtherMakers((5, 5), missing=Missing.UNSETTLED), "by these makers only, not for all"),
    ):
        found = Findings(60, 48, 12, 1440, 2880, 0, 0, 24, True, None)
        found = replace(
            found, otherwise=(Otherwise("coherence", NONE, other, Ordered(), Steps(), None),)
        )
        assert any(said in sentence for sentence in limits(found, study))

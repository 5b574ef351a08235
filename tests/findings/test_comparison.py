"""People beside machines by the model: the comparison, each machine, works, guesses, pairs."""

from dataclasses import replace

import numpy as np
import pytest

from gallery.findings.comparison import Judged, by_machine, compared, fitted
from gallery.findings.detection import by_belief, detect, taken_for
from gallery.findings.ordinal import OrdinalFit
from gallery.findings.pairwise import Chosen, Pairs, choose
from gallery.findings.plane import placed, plane
from gallery.findings.thresholds import Missing

pytestmark = pytest.mark.any_database


def judged(
    effect: float = 0.8, *, raters: int = 60, works: int = 40, seed: int = 1, link: str = "logit"
) -> Judged:
    """Each rater rates half of the works on seven points; the second half are two machines'."""
    rng = np.random.default_rng(seed)
    rater = np.repeat(np.arange(raters), works // 2)
    work = np.concatenate([rng.permutation(works)[: works // 2] for _ in range(raters)])
    sides = (np.arange(works) >= works // 2).astype(int)
    makers = np.where(sides == 0, 1, 2 + np.arange(works) % 2)
    error = rng.logistic(size=len(rater)) if link == "logit" else rng.normal(size=len(rater))
    eta = effect * (0.5 - sides[work]) + rng.normal(0, 0.8, raters)[rater]
    eta += rng.normal(0, 0.5, works)[work] - 0.6 * (makers[work] == 3) + error
    values = 1 + np.searchsorted(np.linspace(-2.5, 2.5, 6), eta)
    return Judged(values, rater, work, sides, makers)


def settled(answers: Judged, **kw) -> OrdinalFit:
    model = fitted(answers, **kw)
    assert isinstance(model, OrdinalFit)
    return model


def test_logit_and_probit_tell_the_same_difference():
    answers = judged()
    logit = compared(answers, settled(answers))
    probit = compared(answers, settled(answers, link="probit"))
    assert logit.difference.estimate == pytest.approx(probit.difference.estimate, rel=0.15)
    assert logit.chance.low < logit.chance.estimate < logit.chance.high
    assert logit.chance_always.low < logit.chance.low
    assert logit.freedom == 38


def test_each_machine_is_compared_and_the_intervals_hold_at_once():
    found = by_machine(judged(works=80, raters=120))
    assert set(found) == {2, 3}
    assert found[3].estimate - found[2].estimate == pytest.approx(0.6, abs=0.4)
    one = judged()
    assert by_machine(replace(one, makers=one.sides + 1)) == {}


def test_a_work_with_few_answers_is_drawn_to_the_mean_of_its_side():
    answers = judged(works=20)
    few = (answers.works != 3) | (answers.raters < 4)
    best = np.where(answers.works == 3, 7, answers.values)
    some = Judged(best[few], answers.raters[few], answers.works[few], answers.sides, answers.makers)
    every = Judged(best, answers.raters, answers.works, answers.sides, answers.makers)
    drawn, whole = (placed(one, settled(one))[3] for one in (some, every))
    assert drawn.estimate < whole.estimate < 7
    assert drawn.high - drawn.low > whole.high - whole.low
    assert 1 <= drawn.low < drawn.high <= 7


def test_a_works_place_is_near_the_mean_of_many_answers():
    answers = judged(raters=200, works=20)
    places = placed(answers, settled(answers))
    for work in range(20):
        assert places[work].estimate == pytest.approx(
            answers.values[answers.works == work].mean(), abs=0.25
        )
    assert [one.work for one in plane(answers.sides, places, places)] == list(range(20))


def test_guesses_are_told_as_how_well_and_how_readily():
    answers = judged(1.0, raters=100, link="probit")
    found = detect(replace(answers, values=np.clip(answers.values, 1, 6)))
    assert not isinstance(found, Missing)
    assert found.d_prime.estimate == pytest.approx(1.3, abs=0.4)  # 1.0, and 0.3 of the one machine
    assert found.d_prime.low > 0
    assert found.bias


def test_each_work_is_told_by_how_often_it_was_taken_for_a_persons():
    sides = np.array([0, 1, 1])
    guesses = Judged(
        np.array([6, 5, 1, 4, 2, 2]),
        np.array([0, 1, 0, 1, 0, 1]),
        np.array([0, 0, 1, 1, 2, 2]),
        sides,
        sides,
    )
    assert [(one.work, one.share) for one in taken_for(guesses)] == [(0, 1.0), (1, 0.5), (2, 0.0)]
    human, machine = by_belief(guesses, np.array([7, 5, 3, 6, 2, 2]))
    assert human == (6.0, None)
    assert machine == pytest.approx((6.0, 7 / 3))


@pytest.mark.parametrize(
    ("values", "works", "raters", "because"),
    [
        ([4] * 8, [0, 1, 2, 3] * 2, [0, 0, 0, 0, 1, 1, 1, 1], Missing.NO_SPREAD),
        ([1, 2, 3, 4], [0, 1, 2, 3], [0, 0, 0, 0], Missing.THIN),
        ([1, 2, 3, 4], [0, 0, 2, 3], [0, 1, 0, 1], Missing.THIN),
        ([7, 7, 1, 1] * 6, [0, 1, 2, 3] * 6, np.repeat(range(6), 4), Missing.UNSETTLED),
    ],
)
def test_answers_without_a_model_say_why(values, works, raters, because):
    answers = Judged(
        np.array(values),
        np.array(raters),
        np.array(works),
        np.array([0, 0, 1, 1]),
        np.zeros(4, int),
    )
    assert fitted(answers) is because


def test_points_that_nobody_chose_are_no_obstacle():
    answers = judged()
    odd = replace(answers, values=np.where(answers.values == 4, 5, answers.values))
    assert compared(odd, settled(odd)).difference.estimate > 0


def pairs(seed: int = 3, *, ties: bool = True, raters: int = 60) -> Pairs:
    rng = np.random.default_rng(seed)
    sides = np.repeat([0, 1], 15)
    strength = rng.normal(0, 0.6, (2, 15))
    strength = (strength - strength.mean(axis=1, keepdims=True)).ravel() + 0.7 * (sides == 0)
    human, machine = rng.integers(0, 15, raters * 12), rng.integers(15, 30, raters * 12)
    turned = rng.integers(0, 2, raters * 12) == 1
    left, right = np.where(turned, machine, human), np.where(turned, human, machine)
    eta = strength[left] - strength[right] + rng.logistic(size=len(left))
    outcomes = 1 + np.searchsorted([-0.4, 0.4], eta) if ties else np.where(eta > 0, 3, 1)
    return Pairs(outcomes, np.repeat(np.arange(raters), 12), left, right, sides)


@pytest.mark.parametrize("ties", [True, False])
def test_pairs_tell_which_side_is_chosen_and_how_strong_each_work_is(ties):
    found = choose(pairs(ties=ties))
    assert isinstance(found, Chosen)
    assert found.difference.estimate == pytest.approx(0.7, abs=0.45)
    assert found.preferred.low < 0.66 < found.preferred.high
    assert found.tied == pytest.approx(0.15 if ties else 0, abs=0.06)
    assert abs(found.leaning) < 0.3
    assert len(found.strengths) == 30


def test_pairs_without_a_model_say_why():
    some = pairs(raters=3)
    assert choose(replace(some, outcomes=np.full(36, 2))) is Missing.NO_SPREAD
    one = Pairs(some.outcomes[:3], some.raters[:3], some.left[:3], some.right[:3], some.sides)
    assert choose(replace(one, outcomes=np.array([1, 3, 1]))) in {Missing.THIN, Missing.UNSETTLED}

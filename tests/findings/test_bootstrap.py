"""The pigeonhole bootstrap: exact where it can be, and honest where ratings alone are not."""

import itertools
import subprocess
import sys

import numpy as np
import pytest
from scipy.special import stdtrit

from gallery.findings import bootstrap
from gallery.findings.bootstrap import Crossed, Interval, TooThin, difference, mean

pytestmark = pytest.mark.any_database


def crossed(table, sides) -> Crossed:
    """Answers of a full table of shape (raters, works)."""
    table = np.asarray(table, dtype=float)
    raters, works = np.indices(table.shape)
    return Crossed(table.ravel(), raters.ravel(), works.ravel(), np.asarray(sides))


def standard_error(interval: Interval, works: int, fewest: int) -> float:
    """The bootstrap's own, without Student's factor and the correction for few works."""
    reach = (interval.high - interval.low) / 2
    return float(reach / stdtrit(works - 2, 0.975) / (fewest / (fewest - 1)) ** 0.5)


def test_its_error_is_that_of_every_possible_draw():
    table = np.array([[7, 3, 2, 6], [5, 4, 1, 1]])
    outcomes = []
    for raters in itertools.product((0, 1), repeat=2):
        for human, machine in itertools.product(itertools.product((0, 1), repeat=2), repeat=2):
            drawn = table[list(raters)]
            outcomes.append(
                drawn[:, list(human)].mean() - drawn[:, [2 + m for m in machine]].mean()
            )
    assert len(outcomes) == 64

    found = difference(crossed(table, [0, 0, 1, 1]), seed=1, resamples=40_000)

    assert found.estimate == pytest.approx(4.75 - 2.5)
    assert standard_error(found, 4, 2) == pytest.approx(np.std(outcomes), rel=0.02)


def test_it_weighs_unequal_cells_by_the_product_of_draws():
    """An unbalanced table, in which a resample is a ratio and not a mean of means."""
    rows = [(0, 0, 7), (0, 2, 2), (1, 0, 5), (1, 1, 3), (1, 2, 4), (1, 3, 1), (0, 1, 2), (0, 3, 2)]
    rows += [(1, 1, 6), (0, 0, 1)]  # some pairs twice
    raters, works, values = (np.array(column) for column in zip(*rows, strict=True))
    answers = Crossed(values.astype(float), raters, works, np.array([0, 0, 1, 1]))
    outcomes = []
    for draw in itertools.product(*[list(itertools.product((0, 1), repeat=2)) for _ in range(3)]):
        times = [np.bincount(d, minlength=2) for d in draw]
        weight = times[0][raters] * np.concatenate(times[1:])[works]
        side = works // 2
        means = [np.average(values[side == s], weights=weight[side == s]) for s in (0, 1)]
        outcomes.append(means[0] - means[1])

    found = difference(answers, seed=1, resamples=40_000)

    assert found.estimate == pytest.approx(24 / 6 - 9 / 4)
    assert standard_error(found, 4, 2) == pytest.approx(np.std(outcomes), rel=0.02)


def test_what_a_rater_adds_to_every_work_cancels():
    severity = np.add.outer([-2, 0, 1, 3], [5, 5, 3, 3])
    found = difference(crossed(severity, [0, 0, 1, 1]), seed=3)
    assert (found.low, found.high) == pytest.approx((2, 2))


def test_differences_between_works_are_carried_in_full():
    human, machine = np.array([2.0, 4, 6, 4]), np.array([1.0, 5, 3])
    table = np.tile(np.concatenate([human, machine]), (50, 1))
    found = difference(crossed(table, [0] * 4 + [1] * 3), seed=4, resamples=40_000)
    expected = (human.var() / 4 + machine.var() / 3) ** 0.5
    assert standard_error(found, 7, 3) == pytest.approx(expected, rel=0.02)


def test_a_share_is_a_mean_over_both_sides():
    right = np.array([[1, 0, 1, 1], [1, 1, 0, 1], [0, 1, 1, 1]])
    found = mean(crossed(right, [0, 0, 1, 1]), seed=5)
    assert found.estimate == pytest.approx(9 / 12)
    assert found.low < 9 / 12 < found.high


def test_the_same_answers_in_any_order_give_the_same_interval():
    answers = simulated(np.random.default_rng(1), raters=12, works=6)
    order = np.random.default_rng(2).permutation(len(answers.values))
    shuffled = Crossed(
        answers.values[order], answers.raters[order], answers.works[order], answers.sides
    )
    assert difference(answers, seed=9) == difference(shuffled, seed=9)
    assert difference(answers, seed=9) != difference(answers, seed=10)


def test_draws_in_pieces_find_the_same_width(monkeypatch):
    answers = simulated(np.random.default_rng(1), raters=12, works=6)
    at_once = difference(answers, seed=9, resamples=20_000)
    monkeypatch.setattr(bootstrap, "CELLS_AT_ONCE", 1000)
    in_pieces = difference(answers, seed=9, resamples=20_000)
    assert in_pieces.estimate == at_once.estimate
    assert in_pieces.high - in_pieces.low == pytest.approx(at_once.high - at_once.low, rel=0.03)


@pytest.mark.parametrize("estimate", [difference, mean])
def test_it_refuses_one_work_on_a_side(estimate):
    with pytest.raises(TooThin):
        estimate(crossed([[1, 2, 3], [3, 2, 1]], [0, 1, 1]), seed=1)


@pytest.mark.parametrize("estimate", [difference, mean])
def test_it_refuses_a_side_without_answers(estimate):
    answers = Crossed(np.ones(4), np.arange(4), np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1]))
    with pytest.raises(TooThin):
        estimate(answers, seed=1)


def test_it_refuses_answers_so_few_that_resamples_come_out_empty():
    raters = works = np.arange(4)
    answers = Crossed(np.array([1.0, 7, 2, 5]), raters, works, np.array([0, 0, 1, 1]))
    with pytest.raises(TooThin):
        difference(answers, seed=1)


def simulated(rng, *, raters, works, shift=0.0) -> Crossed:
    """Seven-point answers of a full table; logits with work SD .9, rater SD 1.1, slope SD .3."""
    sides = np.repeat([0, 1], works)
    logits = (
        (shift + rng.normal(0, 0.3, (raters, 1))) * (0.5 - sides)
        + rng.normal(0, 1.1, (raters, 1))
        + rng.normal(0, 0.9, 2 * works)
        + rng.logistic(size=(raters, 2 * works))
    )
    steps = np.array([-3, -1.8, -0.7, 0.3, 1.4, 2.6])
    return crossed(1 + (logits[..., None] > steps).sum(-1), sides)


def resampled_ratings_only(answers: Crossed, rng) -> bool:
    """Whether a bootstrap of single ratings would call the difference one."""
    sides = answers.sides[answers.works]
    human, machine = answers.values[sides == 0], answers.values[sides == 1]
    drawn = [rng.choice(side, (200, len(side))).mean(axis=1) for side in (human, machine)]
    low, high = np.quantile(drawn[0] - drawn[1], [0.025, 0.975])
    return not low <= 0 <= high


def test_it_holds_its_level_where_resampling_ratings_does_not():
    """200 studies in which people and machines do not differ: 30 raters, 8 works a side."""
    rng = np.random.default_rng(11)
    studies = [simulated(rng, raters=30, works=8) for _ in range(200)]
    found = [not difference(s, seed=1, resamples=300).holds_zero for s in studies]
    naive = [resampled_ratings_only(s, rng) for s in studies]
    assert np.mean(naive) > 0.3
    assert np.mean(found) <= 0.08  # .05 and two standard errors of the simulation


def test_its_interval_covers_the_true_difference():
    """The truth is the mean over a very large study of the same kind."""
    rng = np.random.default_rng(12)
    whole = simulated(rng, raters=400, works=2000, shift=1.0)
    side = whole.sides[whole.works]
    truth = whole.values[side == 0].mean() - whole.values[side == 1].mean()
    found = [
        difference(simulated(rng, raters=30, works=5, shift=1.0), seed=1, resamples=300)
        for _ in range(200)
    ]
    assert np.mean([i.low <= truth <= i.high for i in found]) >= 0.92


def test_it_knows_no_django():
    code = "import sys, gallery.findings.bootstrap; print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"

"""Correlated slopes, pairs, contrasts and nested models of the ordinal engine; R asked afresh."""

import shutil

import numpy as np
import pytest
from scipy.stats import norm

from bench import ordinal as bench
from gallery.findings.laplace import Model
from gallery.findings.ordinal import OrdinalRefused, _terms, fit, likelihood_ratio
from tests.findings.gradients import assert_gradient_follows

pytestmark = pytest.mark.any_database


def test_the_gradient_follows_a_correlation_and_a_pair():
    rng = np.random.default_rng(3)
    rater, left = (column.ravel() for column in np.indices((8, 7)))
    pair = np.column_stack([left, (left + 1 + rater % 5) % 7])
    side = rng.normal(size=len(rater))
    terms = _terms({"rater": rater, "work": pair}, {"side": side}, {"rater": "side"})
    weights = rng.uniform(0.3, 1.0, len(rater))
    y = rng.integers(1, 4, len(rater))
    model = Model(y, side[:, None], terms, "logit", correlated=True, weights=weights)
    psi = np.array([-0.8, 0.3, 0.4, -0.3, -0.9, -0.2, 0.6])
    assert_gradient_follows(model, psi)


def test_an_answer_that_weighs_double_counts_as_two():
    data = bench.answers(30, 20, 10)
    twice = data["rater"] < 10
    rows = np.concatenate([np.arange(len(twice)), np.flatnonzero(twice)])
    crossed = {"rater": data["rater"], "work": data["work"]}
    one = fit(data["y"], {"side": data["side"]}, crossed, weights=1.0 + twice)
    other = fit(
        data["y"][rows],
        {"side": data["side"][rows]},
        {name: codes[rows] for name, codes in crossed.items()},
    )
    assert one.loglik == pytest.approx(other.loglik, abs=1e-6)
    assert one.coefficients["side"] == pytest.approx(other.coefficients["side"], abs=1e-5)
    assert one.standard_errors["side"] == pytest.approx(other.standard_errors["side"], abs=1e-4)


def test_works_compared_in_pairs_get_the_strengths_that_were_put_in():
    """Rao and Kupper's ties: three ordered outcomes, thresholds as far on both sides of zero."""
    rng = np.random.default_rng(7)
    strengths = rng.normal(0, 1.0, 30)
    rater, left = np.repeat(np.arange(60), 20), rng.integers(0, 30, 1200)
    right = (left + rng.integers(1, 30, 1200)) % 30
    eta = strengths[left] - strengths[right] + rng.logistic(size=1200)
    y = 1 + np.searchsorted([-0.5, 0.5], eta)
    found = fit(y, {}, {"rater": rater, "work": np.column_stack([left, right])})
    assert found.thresholds == pytest.approx([-0.5, 0.5], abs=0.2)
    assert found.sds["work"] == pytest.approx(1.0, abs=0.3)
    assert np.corrcoef(found.modes["work"], strengths)[0, 1] > 0.9
    turned = fit(4 - y, {}, {"rater": rater, "work": np.column_stack([right, left])})
    assert turned.loglik == pytest.approx(found.loglik, abs=1e-5)
    assert turned.modes["work"] == pytest.approx(found.modes["work"], abs=1e-3)


def test_a_contrast_is_a_difference_with_its_own_error():
    data = bench.answers(30, 40, 20)
    human = (np.arange(40) % 2 == 0)[data["work"]].astype(float)
    other = (np.arange(40) % 4 == 1)[data["work"]].astype(float)
    columns = {"human": human, "other": other}
    found = fit(data["y"], columns, {"rater": data["rater"], "work": data["work"]})
    again = fit(
        data["y"],
        {"human": human, "either": human + other},
        {"rater": data["rater"], "work": data["work"]},
    )
    estimate, error = found.contrast({"human": 1.0, "other": -1.0})
    assert estimate == pytest.approx(again.coefficients["human"], abs=1e-3)
    assert error == pytest.approx(again.standard_errors["human"], abs=1e-3)


def test_nested_models_are_compared_and_others_refused():
    data = bench.answers(40, 40, 20)
    crossed = {"rater": data["rater"], "work": data["work"]}
    larger = fit(data["y"], {"side": data["side"]}, crossed)
    smaller = fit(data["y"], {}, crossed)
    alone = fit(data["y"], {"side": data["side"]}, {"rater": data["rater"]})
    z = larger.coefficients["side"] / larger.standard_errors["side"]
    assert likelihood_ratio(larger, smaller) == pytest.approx(2 * norm.sf(abs(z)), abs=0.02)
    assert likelihood_ratio(larger, alone, spreads=1) < 1e-6
    with pytest.raises(ValueError, match="not nested"):
        likelihood_ratio(smaller, larger)


@pytest.mark.parametrize("slope", [False, True])
def test_r_finds_the_same_in_new_answers(slope):
    if not shutil.which("Rscript"):
        pytest.skip("needs R with ordinal (Debian: apt-get install r-base-core r-cran-ordinal)")
    data = bench.answers(24, 20, 12, seed=11)
    r, mine = bench.theirs(data, slope=slope), bench.ours(data, slope=slope)
    assert mine[1] == pytest.approx(r[1], abs=1e-3)
    assert mine[2] == pytest.approx(r[2], abs=1e-3)


def test_the_gradient_follows_thresholds_that_differ_between_two_sides():
    rng = np.random.default_rng(4)
    rater, work = (column.ravel() for column in np.indices((9, 8)))
    side = np.where(work < 4, 0.5, -0.5)
    terms = _terms({"rater": rater, "work": work}, {"side": side}, {"rater": "side"})
    y = rng.integers(1, 4, len(rater))
    nothing = np.empty((len(y), 0))
    model = Model(y, nothing, terms, "logit", sets=(side > 0).astype(np.int64))
    psi = np.array([-0.8, 0.3, -0.5, 0.1, -0.3, -0.9, -0.2])
    assert_gradient_follows(model, psi)


def test_a_fit_that_begins_where_another_ended_ends_where_it_would_have_anyway():
    data = bench.answers(60, 20, 10)
    side, crossed = {"side": data["side"]}, {"rater": data["rater"], "work": data["work"]}
    whole = fit(data["y"], side, crossed, slopes={"rater": "side"})
    some = data["work"] > 2
    fewer = {name: codes[some] for name, codes in crossed.items()}
    given = data["y"][some], {"side": data["side"][some]}, fewer
    cold = fit(*given, slopes={"rater": "side"})
    warm = fit(*given, slopes={"rater": "side"}, start=whole)
    assert warm.loglik == pytest.approx(cold.loglik, abs=1e-4)
    assert warm.coefficients["side"] == pytest.approx(cold.coefficients["side"], abs=1e-3)
    assert warm.standard_errors == pytest.approx(cold.standard_errors, rel=1e-3)
    probit = fit(*given, slopes={"rater": "side"}, link="probit")
    other = fit(*given, slopes={"rater": "side"}, link="probit", start=whole)
    assert other.coefficients["side"] == pytest.approx(probit.coefficients["side"], abs=1e-3)


def test_an_effect_that_is_alike_at_every_threshold_needs_only_one():
    """And one that moves the upper half of the scale alone does not do with one."""
    rng = np.random.default_rng(8)
    rater, work = (column.ravel() for column in np.indices((120, 16)))
    side = np.where(work < 8, 0.5, -0.5)
    eta = 0.8 * side + rng.normal(0, 1, 120)[rater] + rng.normal(0, 0.3, 16)[work]
    eta += rng.logistic(size=len(work))
    alike = 1 + np.searchsorted([-1.5, 0.0, 1.5], eta)
    rarer = np.where((side < 0) & (alike == 4) & (rng.random(len(eta)) < 0.6), 3, alike)
    crossed = {"rater": rater, "work": work}
    for y, same in ((alike, True), (rarer, False)):
        one = fit(y, {"side": side}, crossed)
        each = fit(y, {"side": side}, crossed, apart="side", start=one)
        assert each.parameters == one.parameters + 2
        assert (likelihood_ratio(each, one) > 0.05) is same
        if same:
            shift, error = each.contrast({"0: 1|2": 1.0, "1: 1|2": -1.0})
            assert shift == pytest.approx(one.coefficients["side"], abs=2 * error)


def test_a_category_that_one_side_never_chose_is_no_infinite_threshold():
    data = bench.answers(30, 20, 10)
    y = np.where((data["side"] > 0) & (data["y"] == data["y"].max()), 1, data["y"])
    with pytest.raises(OrdinalRefused, match="empty for one side"):
        fit(y, {"side": data["side"]}, {"work": data["work"]}, apart="side")

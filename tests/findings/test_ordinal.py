"""The crossed ordinal model agrees with R's clmm, follows its gradient, and refuses to guess."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from gallery.findings.laplace import Model
from gallery.findings.links import log_probability, pieces
from gallery.findings.ordinal import OrdinalRefused, _terms, fit
from tests.findings.gradients import assert_gradient_follows

pytestmark = pytest.mark.any_database
LINKS = ["logit", "probit"]


def simulated(
    seed: int = 1, *, raters: int = 40, works: int = 30, effect: float = 0.8, points: int = 5
) -> dict[str, Any]:
    """Crossed ratings with known spreads: raters 1.0, their slopes 0.5, works 0.8."""
    rng = np.random.default_rng(seed)
    rater, work = (column.ravel() for column in np.indices((raters, works)))
    side = np.where(np.arange(works) % 2, 0.5, -0.5)[work]
    eta = effect * side + rng.normal(0, 1.0, raters)[rater] + rng.normal(0, 0.8, works)[work]
    eta += rng.normal(0, 0.5, raters)[rater] * side + rng.logistic(size=len(side))
    cuts = np.linspace(-2, 2, points - 1)
    return {"y": 1 + np.searchsorted(cuts, eta), "side": side, "rater": rater, "work": work}


@pytest.fixture(scope="module")
def reference(shared_data: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(
        (shared_data / "statistics/reference_values.json").read_text()
    )
    return told


@pytest.fixture(scope="module")
def wine(shared_data: Path) -> dict[str, Any]:
    with (shared_data / "statistics/wine/wine.csv").open() as file:
        rows = list(csv.DictReader(file))
    return {
        "y": [int(row["rating"]) for row in rows],
        "fixed": {
            "tempwarm": [float(row["temp"] == "warm") for row in rows],
            "contactyes": [float(row["contact"] == "yes") for row in rows],
        },
        "judge": [int(row["judge"]) for row in rows],
        "bottle": [int(row["bottle"]) for row in rows],
    }


def test_it_agrees_with_clmm_on_the_wines(wine, reference):
    known = reference["wine"]["clmm(rating~temp+contact+(1|judge)) logit Laplace"]
    found = fit(wine["y"], wine["fixed"], {"judge": wine["judge"]})
    assert found.loglik == pytest.approx(known["logLik"], abs=1e-4)
    assert found.thresholds == pytest.approx(known["thresholds"], abs=1e-3)
    assert found.coefficients["tempwarm"] == pytest.approx(known["tempwarm"], abs=1e-3)
    assert found.coefficients["contactyes"] == pytest.approx(known["contactyes"], abs=1e-3)
    assert list(found.standard_errors.values()) == pytest.approx(known["se"], abs=1e-3)
    assert found.sds["judge"] == pytest.approx(known["sd_judge"], abs=1e-3)
    assert found.aic == pytest.approx(known["AIC"], abs=1e-3)
    modes, variances = (reference["wine"][k] for k in ("ranef judge (modes)", "condVar judge"))
    assert found.modes["judge"] == pytest.approx(modes, abs=1e-3)
    assert found.variances["judge"][: len(variances)] == pytest.approx(variances, abs=1e-3)


def test_it_agrees_with_clmm_under_the_probit_link(wine, reference):
    known = reference["wine"]["probit Laplace"]
    found = fit(wine["y"], wine["fixed"], {"judge": wine["judge"]}, link="probit")
    assert found.loglik == pytest.approx(known["logLik"], abs=1e-4)
    assert found.thresholds == pytest.approx(known["thresholds"], abs=1e-3)
    assert found.coefficients["tempwarm"] == pytest.approx(known["tempwarm"], abs=1e-3)
    assert found.sds["judge"] == pytest.approx(known["sd_judge"], abs=1e-3)


def test_a_factor_that_explains_nothing_is_at_its_boundary(wine, reference):
    found = fit(wine["y"], wine["fixed"], {"judge": wine["judge"], "bottle": wine["bottle"]})
    assert found.sds["bottle"] == 0.0
    assert found.loglik == pytest.approx(reference["wine"]["judge+bottle"]["logLik"], abs=1e-4)
    assert found.converged


def test_it_agrees_with_clmm_on_crossed_ratings(shared_data, reference):
    known = reference["synthetic"]["clmm(y~s+(1|rater)+(1|work)), s=human-0.5"]
    with (shared_data / "statistics/synthetic/synth_120x80.csv").open() as file:
        rows = [{name: int(value) for name, value in row.items()} for row in csv.DictReader(file)]
    found = fit(
        [row["y"] for row in rows],
        {"s": [row["human"] - 0.5 for row in rows]},
        {name: [row[name] for row in rows] for name in ("rater", "work")},
    )
    assert found.loglik == pytest.approx(known["logLik"], abs=1e-4)
    assert found.thresholds == pytest.approx(known["thresholds"], abs=1e-3)
    assert found.coefficients["s"] == pytest.approx(known["s"], abs=1e-3)
    assert found.standard_errors["s"] == pytest.approx(known["se_s"], abs=1e-3)
    assert found.sds["rater"] == pytest.approx(known["sd_rater"], abs=1e-3)
    assert found.sds["work"] == pytest.approx(known["sd_work"], abs=1e-3)


@pytest.mark.parametrize("link", LINKS)
def test_the_gradient_is_that_of_the_likelihood(link):
    data = simulated(raters=12, works=9)
    terms = _terms(
        {"rater": data["rater"], "work": data["work"]}, {"side": data["side"]}, {"rater": "side"}
    )
    model = Model(data["y"], data["side"][:, None], terms, link)
    psi = np.array([-1.8, 0.1, 0.2, -0.1, 0.6, -0.2, -0.9, -0.4])
    assert_gradient_follows(model, psi)


@pytest.mark.parametrize("link", LINKS)
def test_derivatives_of_one_answer_are_right_also_far_out_in_the_tails(link):
    a = np.array([-30.0, -3.0, 0.5, 4.0, 31.0, np.inf, 2.0])
    c = np.array([-31.0, -4.0, -0.5, 3.0, 30.0, 1.0, -np.inf])
    found, h = pieces(a, c, link), 1e-6
    assert np.isfinite(found.loglik).all()
    by_eta = (pieces(a - h, c - h, link).loglik - pieces(a + h, c + h, link).loglik) / (-2 * h)
    assert found.g == pytest.approx(-by_eta, rel=1e-4, abs=1e-6)
    for name, upper, lower in (("w_a", a + h, c), ("w_c", a, c + h)):
        there = (pieces(upper, lower, link).w - found.w) / h
        middle = slice(1, 4)  # where differences are worth something
        assert getattr(found, name)[middle] == pytest.approx(there[middle], rel=1e-3, abs=1e-5)
    assert (found.w > 0).all()


def test_a_difference_of_tails_keeps_its_digits():
    told = log_probability(np.array([-9.0]), np.array([-9.5]), "probit")
    assert told == pytest.approx(np.log(norm.cdf(-9.0) - norm.cdf(-9.5)), rel=1e-9)


def test_it_finds_what_was_put_in():
    data = simulated(3, raters=80, works=60)
    found = fit(
        data["y"],
        {"side": data["side"]},
        {"rater": data["rater"], "work": data["work"]},
        slopes={"rater": "side"},
    )
    assert abs(found.coefficients["side"] - 0.8) < 3 * found.standard_errors["side"]
    assert 0.15 < found.standard_errors["side"] < 0.3  # works set it: sqrt(2 * 0.8^2 / 30) = 0.21
    assert found.sds["rater"] == pytest.approx(1.0, abs=0.25)
    assert found.sds["work"] == pytest.approx(0.8, abs=0.2)
    assert found.sds["rater:side"] == pytest.approx(0.5, abs=0.25)
    assert found.levels == {"rater": 80, "work": 60}


def test_yes_and_no_are_two_categories():
    data = simulated(5, points=2)
    found = fit(data["y"], {"side": data["side"]}, {"rater": data["rater"], "work": data["work"]})
    assert len(found.thresholds) == 1
    assert found.converged


def test_the_order_of_rows_and_the_names_of_levels_do_not_matter():
    data = simulated(2)
    order = np.random.default_rng(0).permutation(len(data["y"]))
    one = fit(data["y"], {"side": data["side"]}, {"work": data["work"], "rater": data["rater"]})
    other = fit(
        data["y"][order],
        {"side": data["side"][order]},
        {"rater": 7 * data["rater"][order] + 100, "work": data["work"][order]},
    )
    assert one.loglik == pytest.approx(other.loglik, abs=1e-6)
    assert one.coefficients["side"] == pytest.approx(other.coefficients["side"], abs=1e-4)


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ({"y": []}, "no answers"),
        ({"y": [3, 3, 3, 3, 3, 3]}, "Nobody answered 1, 2"),
        ({"y": [1, 1, 1, 1, 1, 1]}, "All answers are the same"),
        ({"y": [1, 2, 4, 4, 2, 1]}, "Nobody answered 3"),
        ({"side": [1.0] * 6}, "the same for every answer"),
        ({"rater": [1] * 6}, "only one level"),
    ],
)
def test_what_cannot_be_fitted_is_refused_with_a_sentence(change, because):
    data: dict[str, Any] = {
        "y": [1, 2, 3, 1, 2, 3],
        "side": [0.5, -0.5, 0.5, -0.5, 0.5, -0.5],
        "rater": [1, 1, 2, 2, 3, 3],
    } | change
    size = len(data["y"])
    with pytest.raises(OrdinalRefused, match=because):
        fit(data["y"], {"side": data["side"][:size]}, {"rater": data["rater"][:size]})


def test_answers_that_a_side_separates_completely_are_refused():
    side = np.tile([0.5, -0.5], 40)
    rater = np.repeat(np.arange(20), 4)
    with pytest.raises(OrdinalRefused, match=r"separates|settle"):
        fit(np.where(side > 0, 2, 1), {"side": side}, {"rater": rater})


def test_without_a_factor_there_is_no_mixed_model():
    with pytest.raises(OrdinalRefused, match="needs a factor"):
        fit([1, 2], {"side": [0.5, -0.5]}, {})

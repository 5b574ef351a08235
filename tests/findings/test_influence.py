"""One network can move a published mean only so far, however many names it takes."""

import numpy as np
import pytest

from gallery.findings.bootstrap import Crossed, difference
from gallery.findings.influence import weights_of

pytestmark = pytest.mark.any_database
HONEST, BOTS, PER_RATER, WORKS = 150, 50, 20, 60
MAKERS = 3  # of each side, twenty works each
SCALE = 6  # points from end to end


def honest(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ratings by 150 people of 60 + 60 works: raters, works, values."""
    works = np.concatenate([rng.choice(2 * WORKS, 16, replace=False) for _ in range(HONEST)])
    raters = np.repeat(np.arange(HONEST), 16)
    maker = np.repeat(np.array([0.3, -0.9, 1.5, -0.3, 0.9, -1.5]), 20)
    taste = rng.normal(0, 1, HONEST)
    level = 4 + maker[works] + rng.normal(0, 0.9, 2 * WORKS)[works] + taste[raters]
    return raters, works, np.clip(np.rint(level + rng.normal(0, 1, len(works))), 1, 7)


def scripted(rng: np.random.Generator, strategy: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A thousand ratings under fifty names, all for one end."""
    works = np.concatenate([rng.choice(2 * WORKS, PER_RATER, replace=False) for _ in range(BOTS)])
    raters = np.repeat(np.arange(HONEST, HONEST + BOTS), PER_RATER)
    values = np.where(works < WORKS, 7.0, 1.0)
    if strategy == "one maker":  # the last of all is to rise; the rest is camouflage
        values = np.where(works // 20 == 2 * MAKERS - 1, 7.0, 4.0)
    return raters, works, values


def published(parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]], most: float):
    """The difference between the sides, and the means of all makers."""
    raters, works, values = (np.concatenate(column) for column in zip(*parts, strict=True))
    networks = [f"home {r}" if r < HONEST else f"bots {r % 3}" for r in range(raters.max() + 1)]
    weights = weights_of(np.bincount(raters), networks, most)[raters]
    sides = (np.arange(2 * WORKS) >= WORKS).astype(np.int64)
    crossed = Crossed(values, raters, works, sides, weights=weights)
    maker = works // 20
    means = np.bincount(maker, weights * values) / np.bincount(maker, weights)
    return difference(crossed, seed=1, resamples=50).estimate, means


@pytest.mark.parametrize("strategy", ["one side", "one maker"])
def test_a_thousand_scripted_ratings_from_three_networks_move_nothing_that_counts(strategy):
    rng = np.random.default_rng(7)
    people, bots = honest(rng), scripted(rng, strategy)
    before, makers = published([people], 0.01)
    after, makers_after = published([people, bots], 0.01)
    assert abs(after - before) < 0.05 * SCALE
    assert np.abs(makers_after - makers).max() < 0.05 * SCALE
    assert (np.argsort(makers) == np.argsort(makers_after)).all()
    raw, makers_raw = published([people, bots], 0)
    if strategy == "one side":
        assert abs(raw - before) > 0.05 * SCALE  # what would be published without the bound
    assert (np.argsort(makers) != np.argsort(makers_raw)).any()


def test_nothing_is_bounded_where_everybody_comes_from_elsewhere():
    networks = [f"network {n}" for n in range(200)]
    assert (weights_of(np.full(200, 16), networks, 0.01) == 1).all()
    assert (weights_of(np.full(200, 16), [""] * 200, 0.01) == 1).all()


def test_a_class_counts_as_far_as_the_bound_goes_and_wholly_where_there_is_none():
    networks = ["class"] * 30 + [f"network {n}" for n in range(300)]
    weights = weights_of(np.full(330, 16), networks, 0.01)
    assert weights[:30].sum() == pytest.approx(0.01 * weights.sum(), rel=0.01)
    assert (weights[30:] == 1).all()
    assert (weights_of(np.full(330, 16), networks, 0) == 1).all()


def test_one_network_alone_is_bounded_to_one_rater_of_weight():
    weights = weights_of(np.array([16, 16]), ["here", "here"], 0.01)
    assert weights.sum() == pytest.approx(1)


def test_no_raters_have_no_weights():
    assert len(weights_of(np.array([], dtype=int), [], 0.01)) == 0

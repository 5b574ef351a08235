"""Simulated raters answer by the model that they say they follow."""

from statistics import mean

import pytest

from gallery.simulation.answering import Rater, Truth, Work

pytestmark = pytest.mark.any_database
PEOPLE = [Work(n, 0.5) for n in range(60)]
MACHINES = [Work(n, -0.5) for n in range(60, 120)]


def difference(truth: Truth, item: str, raters: int = 200) -> float:
    """People less machines, in points."""
    told = [Rater(n, truth) for n in range(raters)]
    sides = [
        mean(rater.mark(item, work, 7, 0) for rater in told for work in works[:16])
        for works in (PEOPLE, MACHINES)
    ]
    return sides[0] - sides[1]


def test_an_effect_shows_in_its_direction_and_size():
    still = Truth({}, sd_work=0.0)
    assert abs(difference(still, "coherence")) < 0.1
    strong = Truth({"coherence": 1.0, "surprise": -1.0}, sd_work=0.0)
    assert 0.5 < difference(strong, "coherence") < 1.1
    assert -1.1 < difference(strong, "surprise") < -0.5


def test_the_same_seed_gives_the_same_answers():
    def answers(seed: int) -> list[int]:
        rater = Rater(3, Truth({}, seed=seed))
        return [rater.mark("coherence", work, 7, 0) for work in PEOPLE]

    assert answers(1) == answers(1)
    assert answers(1) != answers(2)


def test_careful_raters_know_the_anchors_and_the_row_that_names_its_answer():
    noise, plain = Work(1, 0, "noise"), Work(2, 0, "plain")
    for n in range(100):
        rater = Rater(n, Truth({}))
        assert rater.latent("coherence", noise) < rater.latent("coherence", plain)
        assert rater.latent("surprise", noise) > rater.latent("surprise", plain)
        assert rater.named(6, 0) == 6


def test_careless_raters_come_in_their_share_and_in_every_kind():
    kinds = [Rater(n, Truth({}, careless=0.5)).care for n in range(400)]
    assert 0.4 < mean(kind != "careful" for kind in kinds) < 0.6
    assert set(kinds) == {"careful", "random", "straight", "fast", "onset"}
    straight = next(n for n, kind in enumerate(kinds) if kind == "straight")
    rater = Rater(straight, Truth({}, careless=0.5))
    assert {rater.mark("surprise", work, 7, 0.2) for work in PEOPLE} == {4}
    fast = Rater(next(n for n, kind in enumerate(kinds) if kind == "fast"), Truth({}, careless=0.5))
    assert mean(fast.ms(0) for _ in range(50)) < 1500


def test_guesses_follow_the_ability_to_tell():
    def right(dprime: float) -> float:
        raters = [Rater(n, Truth({}, dprime=dprime)) for n in range(100)]
        return mean(
            (rater.guess(work, 0) > 3) is (work.side > 0)
            for rater in raters
            for work in (*PEOPLE[:8], *MACHINES[:8])
        )

    assert 0.45 < right(0.0) < 0.55
    assert 0.80 < right(2.0) < 0.88  # Phi(1) = 0.84


def test_pairs_follow_the_latent_difference_with_ties_between():
    rater = Rater(1, Truth({"coherence": 4.0}, sd_work=0.0, sd_slope=0.0))
    told = [rater.side("coherence", PEOPLE[0], MACHINES[0], 0) for _ in range(300)]
    assert told.count("left") > 250
    equal = [rater.side("coherence", PEOPLE[0], PEOPLE[0], 0) for _ in range(300)]
    assert 40 < equal.count("tie") < 120

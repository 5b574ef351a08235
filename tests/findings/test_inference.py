"""What is said of an estimate: intervals, equivalence, several tests, chances, agreement."""

import numpy as np
import pytest

from gallery.findings.inference import (
    always_valid,
    holm,
    is_equivalent,
    joint_quantile,
    student,
    superiority,
)
from gallery.findings.reliability import agreement, ratings_needed, spearman_brown
from gallery.findings.two_lines import two_lines

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("shift", "chance"), [(0, 0.5), (0.3, 0.550), (0.5, 0.583), (0.8, 0.631), (1.5, 0.733)]
)
def test_a_shift_in_logits_is_a_chance_to_be_rated_higher(shift, chance):
    assert superiority(shift) == pytest.approx(chance, abs=6e-4)
    assert superiority(-shift) == pytest.approx(1 - chance, abs=6e-4)


def test_works_that_differ_bring_the_chance_nearer_to_a_half_as_counting_finds():
    rng = np.random.default_rng(1)
    one, other = (rng.logistic(size=400_000) for _ in range(2))
    counted = np.mean(0.8 + rng.normal(0, 1.3, 400_000) + one > other)
    assert superiority(0.8, 1.3) == pytest.approx(counted, abs=0.003)
    assert superiority(0.8, 1.3) < superiority(0.8)


def test_an_interval_for_many_looks_is_wider_than_one_for_a_single_look():
    one, many = student(0.4, 0.2, 118), always_valid(0.4, 0.2)
    assert many.low < one.low < one.high < many.high
    assert many.high - 0.4 == pytest.approx(0.2 * 2.9, abs=0.1)  # about 1.5 times 1.98


def test_looking_ten_times_errs_in_at_most_one_study_of_twenty():
    """Estimates that firm up as answers come in, with nothing to find: 2,000 studies."""
    rng = np.random.default_rng(4)
    looks = np.linspace(100, 1000, 10).astype(int)
    steps = rng.normal(size=(2000, 1000)).cumsum(axis=1)[:, looks - 1] / looks
    errors = 3.0 / np.sqrt(looks)
    naive = (np.abs(3 * steps) > 1.96 * errors).any(axis=1).mean()
    reach = [always_valid(0.0, float(e)).high for e in errors]
    careful = (np.abs(3 * steps) > reach).any(axis=1).mean()
    assert naive > 0.12
    assert careful <= 0.05


def test_equal_means_within_the_band_and_not_merely_no_difference():
    assert is_equivalent(0.0, 0.10, 398)
    assert not is_equivalent(0.0, 0.25, 398)
    assert not is_equivalent(0.28, 0.10, 398)


def test_holm_adjusts_and_keeps_the_order():
    assert holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])
    assert holm([0.9]) == [0.9]
    assert holm([]) == []


def test_several_independent_estimates_need_what_sidak_says():
    found = joint_quantile(np.eye(5), freedom=1e6)
    assert found == pytest.approx(2.569, abs=0.04)  # of 0.95 ** (1 / 5)
    assert joint_quantile(np.eye(1), freedom=1e6) == pytest.approx(1.96, abs=0.03)


@pytest.mark.parametrize(("single", "needed"), [(0.05, 76), (0.11, 33), (0.2, 16), (0.3, 10)])
def test_as_many_ratings_are_needed_as_spearman_and_brown_say(single, needed):
    assert ratings_needed(single) == needed
    assert spearman_brown(single, needed) >= 0.8 > spearman_brown(single, needed - 1)
    assert ratings_needed(0.0) is None


def test_agreement_is_krippendorffs_ordinal_alpha(shared_data):
    rows = ["1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . 3", ". 3 3 3 2 3 4 2 2 5 1 ."]
    rows.append("1 2 3 3 2 4 4 1 2 5 1 .")
    told = [
        (work, int(value)) for row in rows for work, value in enumerate(row.split()) if value != "."
    ]
    works, values = (np.array(column) for column in zip(*told, strict=True))
    assert agreement(values, works) == pytest.approx(0.8154, abs=1e-3)
    assert agreement(np.array([3, 3, 3]), np.array([0, 0, 1])) is None
    assert agreement(np.array([3, 4]), np.array([0, 1])) is None


def test_two_lines_find_a_peak_and_not_a_plateau():
    rng = np.random.default_rng(2)
    x = np.repeat(np.arange(5.0), 20)
    noise = rng.normal(0, 0.3, 100)
    peaked = two_lines(x, -((x - 2) ** 2) / 2 + noise)
    assert peaked
    assert peaked.rises_and_falls
    assert peaked.peak == 2.0
    level = two_lines(x, np.minimum(x, 3.0) + noise)
    assert level
    assert not level.rises_and_falls
    assert two_lines(np.repeat([0.0, 1.0, 2.0], 10), np.arange(30.0)) is None

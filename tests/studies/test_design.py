"""The draw: balanced, seeded, and no teacher of what comes next."""

from collections import Counter
from itertools import pairwise

import pytest

from gallery.studies.design import LONGEST_STREAK, Candidate, NothingToShow, longest_streak, plan

pytestmark = pytest.mark.any_database


def candidates(a: int, b: int, completed=lambda work: 0) -> list[Candidate]:
    arms = "a" * a + "b" * b
    return [Candidate(work, arm, completed(work)) for work, arm in enumerate(arms)]


def arms_of(works, among) -> str:
    arm = {candidate.work: candidate.arm for candidate in among}
    return "".join(arm[work] for work in works)


@pytest.mark.parametrize("trials", [2, 4, 6, 16, 40])
def test_half_the_works_come_from_each_arm_and_none_twice(trials):
    among = candidates(50, 30)
    for seed in range(50):
        works = plan(among, trials=trials, seed=seed).works
        assert Counter(arms_of(works, among)) == {"a": trials // 2, "b": trials // 2}
        assert len(set(works)) == trials


def test_the_seed_decides_the_sitting_and_the_order_of_the_rows_does_not():
    among = candidates(20, 20)
    assert plan(among, trials=16, seed=7) == plan(among[::-1], trials=16, seed=7)
    assert len({tuple(plan(among, trials=16, seed=seed).works) for seed in range(100)}) == 100


def test_works_with_the_fewest_completed_ratings_come_first():
    among = candidates(12, 12, completed=lambda work: 0 if work % 3 == 0 else 5)
    works = plan(among, trials=8, seed=1).works
    assert set(works) == {work for work in range(24) if work % 3 == 0}


def test_no_more_than_three_of_one_arm_come_in_a_row():
    among = candidates(30, 30)
    streaks: Counter[int] = Counter()
    for seed in range(500):
        streaks[longest_streak(plan(among, trials=40, seed=seed).drawn)] += 1
    assert max(streaks) == LONGEST_STREAK
    assert min(streaks) > 1  # never strict alternation, which would teach the next arm at once


def test_even_a_sitting_of_two_is_shuffled():
    among = candidates(1, 1)
    first = Counter(plan(among, trials=2, seed=seed).works[0] for seed in range(1000))
    assert 420 < first[0] < 580


def test_each_position_is_as_likely_to_show_either_arm():
    among = candidates(20, 20)
    at = [0] * 16
    for seed in range(2000):
        order = arms_of(plan(among, trials=16, seed=seed).works, among)
        at = [count + (arm == "a") for count, arm in zip(at, order, strict=True)]
    assert all(900 < count < 1100 for count in at)  # 1000 +/- 4.5 standard errors


def test_the_next_arm_is_hard_to_foresee_without_knowing_the_last():
    """Best guess by position alone: 50 %. Nobody is told an arm before the reveal; someone who saw
    through every work so far and bet on a change would be right in 61 %, the price of equal
    halves and short streaks."""
    among = candidates(20, 20)
    right_by_position = changes = steps = 0
    learned = [plan(among, trials=16, seed=seed).works for seed in range(2000)]
    majority = [
        Counter(column).most_common(1)[0][0]
        for column in zip(*(arms_of(works, among) for works in learned), strict=True)
    ]
    for seed in range(2000, 4000):
        order = arms_of(plan(among, trials=16, seed=seed).works, among)
        right_by_position += sum(x == y for x, y in zip(order, majority, strict=True))
        changes += sum(x != y for x, y in pairwise(order))
        steps += 15
    assert right_by_position / (2000 * 16) < 0.52
    assert changes / steps < 0.63


def test_either_question_leads_equally_often():
    among = candidates(4, 4)
    first = [plan(among, trials=4, seed=seed).first < 0.5 for seed in range(1000)]
    assert 420 < sum(first) < 580


def test_ratings_stay_balanced_over_a_thousand_sittings():
    """Each finished before the next begins; a fifth leave half-way. Counts of completed ratings
    stay within two of one another in either arm."""
    done = Counter(dict.fromkeys(range(45), 0))
    for seed in range(1000):
        among = [Candidate(work, "a" if work < 25 else "b", done[work]) for work in range(45)]
        works = plan(among, trials=16, seed=seed).works
        done.update(works[:8] if seed % 5 == 0 else works)
    for arm in (range(25), range(25, 45)):
        counts = [done[work] for work in arm]
        assert max(counts) - min(counts) <= 2


def test_a_short_arm_makes_a_shorter_sitting_with_equal_halves():
    among = candidates(3, 30)
    works = plan(among, trials=16, seed=5).works
    assert Counter(arms_of(works, among)) == {"a": 3, "b": 3}


@pytest.mark.parametrize(("a", "b"), [(0, 8), (8, 0), (0, 0)])
def test_without_both_arms_nothing_is_shown(a, b):
    with pytest.raises(NothingToShow):
        plan(candidates(a, b), trials=8, seed=1)

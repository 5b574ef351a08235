"""The draw: balanced, seeded, and no teacher of what comes next."""

from collections import Counter

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
def test_each_arm_gets_a_quarter_at_least_and_no_work_comes_twice(trials):
    among = candidates(50, 30)
    sizes: Counter[int] = Counter()
    for seed in range(100):
        works = plan(among, trials=trials, seed=seed).works
        counted = Counter(arms_of(works, among))
        assert min(counted["a"], counted["b"]) >= max(1, trials // 4)
        assert len(set(works)) == trials
        sizes[counted["a"]] += 1
    assert trials == 2 or len(sizes) > 2  # no rater can count how many of an arm are left


def test_pairs_get_as_many_from_each_arm():
    among = candidates(50, 30)
    for seed in range(20):
        works = plan(among, trials=16, seed=seed, equal=True).works
        assert Counter(arms_of(works, among)) == {"a": 8, "b": 8}


def test_the_seed_decides_the_sitting_and_the_order_of_the_rows_does_not():
    among = candidates(20, 20)
    assert plan(among, trials=16, seed=7) == plan(among[::-1], trials=16, seed=7)
    assert len({tuple(plan(among, trials=16, seed=seed).works) for seed in range(100)}) == 100


def test_works_with_the_fewest_completed_ratings_come_first():
    among = candidates(12, 12, completed=lambda work: 0 if work % 3 == 0 else 5)
    works = plan(among, trials=8, seed=1, equal=True).works
    assert set(works) == {work for work in range(24) if work % 3 == 0}


def test_no_more_than_six_of_one_arm_come_in_a_row():
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


def bets(order: str, place: int, learned: dict[str, Counter[str]]) -> dict[str, str]:
    """What comes next by four rules, for someone who saw through every work so far."""
    last, past = order[place - 1], Counter(order[:place])
    other = {"a": "b", "b": "a"}
    rarer = "a" if past["a"] < past["b"] else "b"
    known = learned.get(order[max(0, place - 3) : place])
    return {
        "another than the last": other[last],
        "the one that came less often": other[last] if past["a"] == past["b"] else rarer,
        "what followed the last three before": known.most_common(1)[0][0] if known else last,
        "what this place mostly shows": learned[f"place {place}"].most_common(1)[0][0],
    }


def test_what_comes_next_cannot_be_foreseen_in_ten_thousand_sittings():
    among = candidates(60, 60)
    orders = [arms_of(plan(among, trials=16, seed=seed).works, among) for seed in range(10_000)]
    learned: dict[str, Counter[str]] = {}
    for order in orders[:5000]:
        for place in range(1, 16):
            for what in (order[max(0, place - 3) : place], f"place {place}"):
                learned.setdefault(what, Counter())[order[place]] += 1
    won: Counter[str] = Counter()
    for order in orders[5000:]:
        for place in range(1, 16):
            for rule, bet in bets(order, place, learned).items():
                won[rule] += bet == order[place]
    assert {rule: count for rule, count in won.items() if count > 0.52 * 5000 * 15} == {}
    assert max(won.values()) > 0.49 * 5000 * 15


def test_either_question_leads_equally_often():
    among = candidates(4, 4)
    first = [plan(among, trials=4, seed=seed).first < 0.5 for seed in range(1000)]
    assert 420 < sum(first) < 580


def test_ratings_stay_balanced_over_ten_thousand_sittings():
    """Each finished before the next begins; a fifth leave half-way. Counts of completed ratings
    stay within two of one another in either arm."""
    done = Counter(dict.fromkeys(range(45), 0))
    for seed in range(10_000):
        among = [Candidate(work, "a" if work < 25 else "b", done[work]) for work in range(45)]
        works = plan(among, trials=16, seed=seed).works
        done.update(works[:8] if seed % 5 == 0 else works)
    for arm in (range(25), range(25, 45)):
        counts = [done[work] for work in arm]
        assert max(counts) - min(counts) <= 2


def test_a_short_arm_makes_a_shorter_sitting():
    among = candidates(3, 30)
    works = plan(among, trials=16, seed=5).works
    assert len(works) == 6
    assert 1 <= Counter(arms_of(works, among))["a"] <= 3


@pytest.mark.parametrize(("a", "b"), [(0, 8), (8, 0), (0, 0)])
def test_without_both_arms_nothing_is_shown(a, b):
    with pytest.raises(NothingToShow):
        plan(candidates(a, b), trials=8, seed=1)

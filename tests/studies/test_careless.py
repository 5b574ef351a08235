"""Careless answers are found by what they are, and only three frozen rules leave anybody out."""

import random
from collections.abc import Sequence

import pytest

from gallery.studies.careless import (
    Answered,
    Indices,
    indices,
    odd_ones,
    verdict,
)
from gallery.studies.models import CareVerdict, Rater, Rating, Study, Trial
from gallery.studies.protocol import Exclusions
from gallery.studies.sifting import sift, sift_next
from tests.factories import make_rater, make_study
from tests.studies.visitors import finish, sit_down


def trials(
    marks: Sequence[tuple[int, int]], *, ms: int = 8000, noise=(1, 7), plain=(7, 1)
) -> list[Answered]:
    """Rated works with these marks of coherence and surprise, and both anchors."""
    rated = [
        Answered("rated", n, {"coherence": c, "surprise": s}, ms=ms)
        for n, (c, s) in enumerate(marks)
    ]
    ends = {"noise": noise, "plain": plain}
    return rated + [
        Answered(kind, 100 + n, {"coherence": mark[0], "surprise": mark[1]}, ms=ms)
        for n, (kind, mark) in enumerate(ends.items())
    ]


VARIED = [(1 + n % 7, 1 + 3 * n % 7) for n in range(16)]
careful = verdict(indices(trials(VARIED), {}), Exclusions())


def judged(given: list[Answered], **kw):
    return verdict(indices(given, {}), Exclusions(**kw))


@pytest.mark.any_database
class TestRules:
    def test_careful_answers_are_neither_left_out_nor_flagged(self):
        assert careful.excluded_by == ""
        assert careful.flags == []

    def test_answers_too_fast_to_have_looked_leave_a_rater_out(self):
        assert judged(trials(VARIED, ms=900)).excluded_by == "speed"
        some = trials(VARIED[:6], ms=900) + trials(VARIED, ms=8000)
        assert judged(some).excluded_by == ""

    def test_both_anchors_the_wrong_way_round_leave_a_rater_out(self):
        wrong = trials(VARIED, noise=(6, 2), plain=(3, 5))
        assert judged(wrong).excluded_by == "anchors"
        assert judged(wrong, anchors=False).excluded_by == ""

    def test_one_anchor_the_wrong_way_round_is_an_opinion(self):
        assert judged(trials(VARIED, noise=(6, 6), plain=(3, 5))).excluded_by == ""

    def test_the_wrong_answer_on_the_row_that_names_it_leaves_a_rater_out(self):
        named = [
            Answered("rated", 50, {"coherence": 3, "surprise": 2, "instructed": 5}, 9000, named=4)
        ]
        assert judged(trials(VARIED) + named).excluded_by == "instructed"
        assert judged(trials(VARIED) + named, instructed=False).excluded_by == ""

    def test_a_text_must_have_been_read_for_a_fifth_of_its_time(self):
        slow = [
            Answered("rated", n, {"coherence": 1 + n % 7}, ms=5000, least_ms=12_000)
            for n in range(8)
        ]
        assert judged(slow).excluded_by == "speed"


@pytest.mark.any_database
class TestFlags:
    @pytest.mark.parametrize(
        ("given", "flag"),
        [
            (trials([(4, 4)] * 12 + VARIED[:4]), "long string"),
            (trials([(4, 4)] * 16), "spread"),
            (
                [*trials(VARIED), Answered("repeat", 0, {"coherence": 7, "surprise": 7}, 9000)],
                "retest",
            ),
        ],
    )
    def test_what_is_remarkable_is_flagged_and_nothing_more(self, given, flag):
        found = judged(given)
        assert flag in found.flags
        assert found.excluded_by == ""

    def test_dissent_is_flagged_and_counted(self):
        means = {(n, item): (0, 0) for n in range(16) for item in ("coherence", "surprise")}
        for n, (c, s) in enumerate(VARIED):
            means[n, "coherence"] = (5 * (8 - c) + c, 6)
            means[n, "surprise"] = (5 * (8 - s) + s, 6)
        found = indices(trials(VARIED), means)
        assert found.fit == pytest.approx(-1)
        assert verdict(found, Exclusions()).flags == ["fit"]

    def test_one_who_is_unlike_all_others_is_flagged_among_twenty(self):
        chance = random.Random(1)
        usual = [
            Indices(
                mean=chance.gauss(4, 0.3),
                spread=chance.gauss(1.5, 0.2),
                log_ms=chance.gauss(9, 0.2),
            )
            for _ in range(30)
        ]
        odd = Indices(mean=6.9, spread=0.1, log_ms=6.5)
        assert odd_ones([*usual, odd])[-1] is True
        assert sum(odd_ones([*usual, odd])) <= 2
        assert odd_ones([*usual[:10], odd]) == [False] * 11


@pytest.mark.any_database
class TestTooLittle:
    def test_nothing_is_said_of_one_answer(self):
        found = indices(trials([(1, 1)])[:1], {})
        assert found == Indices(mean=1.0, log_ms=found.log_ms)

    @pytest.mark.parametrize("given", [[], [Answered("rated", 1, {})]])
    def test_no_answers_give_no_indices(self, given):
        found = indices(given, {})
        assert verdict(found, Exclusions()).flags == []
        assert verdict(found, Exclusions()).excluded_by == ""

    def test_raters_of_whom_nothing_is_known_are_not_odd(self):
        assert odd_ones([Indices()] * 25) == [False] * 25
        assert odd_ones([]) == []


@pytest.mark.django_db
class TestSifting:
    def sat(self, study: Study, *, ms: int = 9000) -> Rater:
        client, rater = sit_down(study)
        finish(client, rater)
        Trial.objects.filter(rater=rater).update(rt_ms=ms)
        return rater

    def test_it_looks_at_each_rater_who_ended_once(self):
        study = make_study(4)
        careless, careful = self.sat(study, ms=500), self.sat(study)
        sit_down(study)
        assert sift_next()
        assert not sift_next()
        found = dict(CareVerdict.objects.values_list("rater", "excluded_by"))
        assert found == {careless.pk: "speed", careful.pk: ""}
        assert set(Rater.objects.filter(study=study).careful()) == set(
            study.raters.exclude(pk=careless.pk)
        )

    def test_it_looks_again_when_others_have_come_but_not_at_once(self):
        study = make_study(4)
        first = self.sat(study)
        sift(study)
        self.sat(study)
        assert not sift_next()  # within the minute
        CareVerdict.objects.update(computed_at=first.consented_at.replace(year=2020))
        assert sift_next()
        assert CareVerdict.objects.count() == 2

    def test_it_costs_the_same_number_of_queries_for_any_number_of_raters(
        self, django_assert_max_num_queries
    ):
        study = make_study(4)
        for _ in range(3):
            self.sat(study)
        with django_assert_max_num_queries(8):
            sift(study)

    def test_an_erased_rater_takes_the_verdict_along(self):
        study = make_study(1)
        rater = make_rater(study, revealed_at=study.opened_at)
        sift(study)
        rater.delete()
        assert not CareVerdict.objects.exists()

    def test_answers_are_kept_whatever_the_verdict(self):
        study = make_study(4)
        self.sat(study, ms=500)
        before = Rating.objects.count()
        sift(study)
        assert Rating.objects.count() == before == 16

"""The order of a sitting, the steps of a scale and guessing with each work: planted, absent, and
where nothing can be told."""

from dataclasses import replace

import numpy as np
import pytest

from gallery.findings.answering_story import answering_tables, answering_told
from gallery.findings.answers import read
from gallery.findings.bootstrap import Interval
from gallery.findings.comparison import SIDE, Judged
from gallery.findings.makers import LeftOut, OtherMakers
from gallery.findings.order import Ordered, ordered
from gallery.findings.reactivity import LEAST_EACH, Reacted, reacted
from gallery.findings.results import Findings, Otherwise
from gallery.findings.steps import Steps, steps
from gallery.findings.thresholds import Missing
from tests.factories import make_study
from tests.findings.crowds import crowd, settled
from tests.findings.rows import sit

pytestmark = pytest.mark.any_database

LITTLE = Steps(missing=Missing.NO_SPREAD)
ALIKE = Ordered(alike=True, later=Interval(0, -0.1, 0.1))


def moved(answers: Judged, shifts: np.ndarray, seed: int = 2) -> Judged:
    """The same answers, each a step higher with the chance that its shift stands for."""
    rng = np.random.default_rng(seed)
    up, down = rng.random(len(shifts)) < shifts, rng.random(len(shifts)) < -shifts
    return replace(answers, values=np.clip(answers.values + up - down.astype(int), 1, 7))


def found_with(*ways: Otherwise) -> Findings:
    found = Findings(60, 48, 12, 1440, 2880, 0, 0, 24, True, None)
    return replace(found, otherwise=ways)


def told(
    order: Ordered = ALIKE,
    step: Steps = LITTLE,
    reaction: Reacted | None = None,
    item: str = "coherence",
) -> Otherwise:
    few = OtherMakers((0, 0), missing=Missing.THIN)
    return Otherwise(item, LeftOut(), few, order, step, reaction)


def said(*ways: Otherwise) -> str:
    return " ".join(answering_told(found_with(*ways)))


def some() -> tuple[Judged, np.ndarray, np.ndarray]:
    """Answers, their places in the sitting, and whether the scale was asked first."""
    answers = crowd(0.5, raters=100)
    places = np.random.default_rng(3).random(len(answers.values))
    return answers, places, answers.raters % 2 == 0


@pytest.mark.parametrize(
    ("slope", "words"), [(0.9, "later works were rated higher"), (-0.9, "rated lower")]
)
def test_a_planted_drift_is_found_and_the_difference_stays(slope, words):
    answers, places, first = some()
    drifting = moved(answers, slope * (places - 0.5))
    primary = settled(drifting)
    found = ordered(drifting, primary, places, first)
    assert found.later
    assert found.later.low * slope > 0
    assert found.later.high * slope > 0
    assert found.chance
    assert found.chance.estimate == pytest.approx(0.6, abs=0.1)
    assert words in said(told(found))


def test_without_a_drift_early_and_late_works_are_told_alike():
    answers, places, first = some()
    found = ordered(answers, settled(answers), places, first)
    assert found.later
    assert found.later.holds_zero
    assert found.first
    assert found.first.holds_zero
    text = said(told(found))
    assert text.startswith("Coherence: early and late works of a sitting were rated alike.")


def test_few_answers_leave_open_whether_later_works_are_rated_otherwise():
    answers = crowd(0.5, raters=8)
    places = np.random.default_rng(3).random(len(answers.values))
    found = ordered(answers, settled(answers), places, answers.raters < 0)
    assert found.first is None
    assert not found.alike
    assert "whether later works are rated higher or lower is open" in said(told(found))


def test_what_is_asked_first_and_rated_higher_is_found():
    answers, places, first = some()
    raised = moved(answers, 0.9 * first)
    found = ordered(raised, settled(raised), places, first)
    assert found.first
    assert found.first.low > 0
    tables = answering_tables(found_with(told(found)))
    assert tables[0].head == (
        *("What moves ratings, in logits", "last page less first", "asked first less later"),
    )


def test_works_that_all_came_at_one_place_give_a_sentence_and_no_number():
    answers, places, first = some()
    found = ordered(answers, settled(answers), np.zeros_like(places), first)
    assert found == Ordered(missing=Missing.NO_SPREAD)
    text = said(told(found))
    assert "whether later works are rated otherwise cannot be told" in text
    assert not any(letter.isdigit() for letter in text)


def test_scales_of_which_the_same_is_said_share_a_sentence():
    text = said(told(), told(item="surprise"))
    assert text.count("were rated alike") == 1
    assert "Coherence, Surprise: early and late" in text


def test_one_difference_for_all_steps_is_enough_where_it_is_one():
    answers, _places, _first = some()
    primary = settled(answers)
    found = steps(answers, primary)
    assert found.p is not None
    assert found.p > 0.05
    assert [point for point, _shift in found.each] == [1, 2, 3, 4, 5, 6]
    for _point, shift in found.each:
        assert shift.low < primary.coefficients[SIDE] < shift.high
    text = said(told(step=found))
    assert "no clear sign that the difference changes along the scale" in text
    (table,) = answering_tables(found_with(told(Ordered(missing=Missing.UNSETTLED), found)))
    assert table.rows[0][0] == "above 1"
    assert table.rows[-1][0] == "p, of one difference for all"


def test_a_difference_of_the_upper_half_alone_is_told():
    answers, _places, _first = some()
    machines = answers.sides[answers.works] == 1
    rare = np.random.default_rng(5).random(len(machines)) < 0.7
    values = np.where(machines & rare & (answers.values > 5), 5, answers.values)
    changed = replace(answers, values=values)
    found = steps(changed, settled(changed))
    assert found.p is not None
    assert found.p < 0.001
    each = dict(found.each)
    assert each[5].estimate - each[1].estimate > 0.5
    assert "is not the same all along the scale" in said(told(step=found))


def test_points_that_one_side_hardly_chose_are_joined():
    answers, _places, _first = some()
    people = answers.sides[answers.works] == 0
    values = np.where(people & (answers.values == 1), 2, answers.values)
    changed = replace(answers, values=values)
    found = steps(changed, settled(changed))
    assert found.p is not None
    assert [point for point, _shift in found.each] == [2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (LITTLE, "too few points of the scale were used"),
        (Steps(missing=Missing.UNSETTLED), "a model that lets it change does not settle"),
    ],
)
def test_steps_that_cannot_be_told_apart_give_a_sentence_and_no_number(step, words):
    text = said(told(step=step))
    assert words in text
    assert not any(letter.isdigit() for letter in text)


def test_a_scale_of_which_two_points_were_used_has_one_step():
    answers = crowd(0.5, raters=30)
    two = replace(answers, values=np.where(answers.values > 4, 5, 4))
    assert steps(two, settled(two)) == LITTLE


def test_guessing_that_moves_ratings_is_found_and_guessing_that_does_not_is_not():
    answers = crowd(0.5, raters=120)
    beside = np.arange(120) % 3 == 0
    side = 0.5 - answers.sides[answers.works]
    still = reacted(answers, settled(answers), beside)
    assert still
    assert still.moved
    assert still.raters == 40
    assert still.moved.holds_zero
    assert "no difference could be told between the 40 visitors" in said(told(reaction=still))
    for sign, words in ((1, "people's works higher"), (-1, "people's works lower")):
        swayed = moved(answers, sign * 1.6 * side * beside[answers.raters])
        found = reacted(swayed, settled(swayed), beside)
        assert found
        assert found.moved
        assert found.moved.low * sign > 0
        assert found.moved.high * sign > 0
        assert words in said(told(reaction=found))


def test_below_thirty_visitors_of_a_kind_nothing_is_said_of_guessing():
    answers = crowd(0.5, raters=80)
    primary = settled(answers)
    assert reacted(answers, primary, np.arange(80) < LEAST_EACH - 1) is None
    assert reacted(answers, primary, np.arange(80) >= LEAST_EACH - 1) is None
    assert "guess" not in said(told())


def test_guessing_without_a_model_gives_a_sentence_and_no_number():
    text = said(told(reaction=Reacted(31, missing=Missing.UNSETTLED)))
    assert "cannot be told" in text
    assert not any(letter.isdigit() for letter in text)


@pytest.mark.django_db
def test_answers_know_their_place_who_was_asked_first_and_who_guessed_with_each_work():
    study = make_study(4)
    one, two = sit(study, 2)
    type(one).objects.filter(pk=one.pk).update(first_item="surprise", guess_timing="interleaved")
    answers = read(study)
    assert sorted(set(answers.places.tolist())) == pytest.approx(np.linspace(0, 1, 8).tolist())
    assert answers.first == ("surprise", two.first_item)
    assert answers.beside.tolist() == [True, False]

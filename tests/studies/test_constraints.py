"""What the database itself refuses, whoever asks."""

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from gallery.studies.models import Guess, Item, Rater, Rating, Study, StudyWork, Trial
from tests.factories import make_rater, make_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def study():
    return make_study(2)


@pytest.fixture
def rater(study):
    return make_rater(study)


@pytest.fixture
def trial(rater):
    return rater.trials.first()


def refused(change, name: str) -> None:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        change()
    if "UNIQUE" not in str(refusal.value):  # SQLite names columns, not the constraint, for these
        assert name in str(refusal.value)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"state": "ajar"}, "study_state_is_known"),
        ({"medium": "sound"}, "study_medium_is_known"),
        ({"closed_at": now()}, "study_has_an_end_iff_closed"),
        ({"state": "closed"}, "study_has_an_end_iff_closed"),
        ({"trials_per_rater": 0}, "study_shows_an_even_number_of_works_up_to_forty"),
        ({"trials_per_rater": 7}, "study_shows_an_even_number_of_works_up_to_forty"),
        ({"trials_per_rater": 42}, "study_shows_an_even_number_of_works_up_to_forty"),
    ],
)
def test_the_database_refuses_an_impossible_study(study, values, name):
    refused(lambda: Study.objects.filter(pk=study.pk).update(**values), name)


def test_the_database_refuses_a_third_arm_and_a_work_twice(study):
    work = study.works.first()
    refused(lambda: StudyWork.objects.filter(pk=work.pk).update(arm="c"), "studywork_arm_is_known")
    refused(
        lambda: StudyWork.objects.create(study=study, artwork=work.artwork, arm="a"),
        "studywork_enters_a_study_once",
    )


def test_the_database_refuses_an_unknown_first_question(rater):
    refused(
        lambda: Rater.objects.filter(pk=rater.pk).update(first_item="beauty"),
        "rater_first_item_is_known",
    )


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"skip_reason": "unwell"}, "trial_is_skipped_only_when_answered"),
        ({"skip_reason": "bored", "answered_at": now()}, "trial_skip_reason_is_known"),
        ({"recognised": "often", "answered_at": now()}, "trial_recognised_is_known"),
        ({"position": 2}, "trial_fills_one_position"),
        ({"code": uuid.UUID(int=1)}, ""),
    ],
)
def test_the_database_refuses_an_impossible_trial(trial, values, name):
    if not name:  # codes are unique
        Trial.objects.exclude(pk=trial.pk).filter(rater=trial.rater, position=2).update(**values)
        name = "code"
    refused(lambda: Trial.objects.filter(pk=trial.pk).update(**values), name)


def test_the_database_refuses_a_work_twice_in_a_sitting(rater, trial):
    refused(
        lambda: Trial.objects.create(rater=rater, study_work=trial.study_work, position=99),
        "trial_shows_a_work_once",
    )


@pytest.mark.parametrize("value", [0, 8])
def test_the_database_refuses_a_rating_off_the_scale(trial, value):
    refused(
        lambda: Rating.objects.create(trial=trial, item=Item.SURPRISE, value=value),
        "rating_is_one_to_seven",
    )


def test_the_database_refuses_a_third_question_and_a_second_answer(trial):
    refused(
        lambda: Rating.objects.create(trial=trial, item="beauty", value=4), "rating_item_is_known"
    )
    Rating.objects.create(trial=trial, item=Item.SURPRISE, value=4)
    refused(
        lambda: Rating.objects.create(trial=trial, item=Item.SURPRISE, value=5),
        "rating_answers_an_item_once",
    )


@pytest.mark.parametrize("value", [0, 7])
def test_the_database_refuses_a_guess_off_the_scale(trial, value):
    refused(lambda: Guess.objects.create(trial=trial, value=value), "guess_is_one_to_six")


def test_the_database_refuses_a_second_guess(trial):
    Guess.objects.create(trial=trial, value=1)
    refused(lambda: Guess.objects.create(trial=trial, value=2), "trial_id")


def test_the_database_refuses_to_change_a_rating_or_a_guess(trial):
    Rating.objects.create(trial=trial, item=Item.SURPRISE, value=4)
    Guess.objects.create(trial=trial, value=1)
    refused(lambda: Rating.objects.update(value=5), "rating_is_never_changed")
    refused(lambda: Guess.objects.update(value=5), "guess_is_never_changed")
    assert Rating.objects.get().value == 4


def test_a_work_under_study_cannot_be_deleted(study):
    with pytest.raises(Exception, match="protected"):
        study.works.first().artwork.delete()

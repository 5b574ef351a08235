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
        ({"closed_at": now()}, "study_has_an_end_iff_closed"),
        ({"state": "closed", "ended_by": "admin"}, "study_has_an_end_iff_closed"),
        ({"state": "closed", "closed_at": now()}, "study_says_why_it_ended_iff_closed"),
        ({"ended_by": "admin"}, "study_says_why_it_ended_iff_closed"),
    ],
)
def test_the_database_refuses_an_impossible_study(study, values, name):
    refused(lambda: Study.objects.filter(pk=study.pk).update(**values), name)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"medium": "sound"}, "study_medium_is_known"),
        ({"trials_per_rater": 0}, "study_shows_an_even_number_of_works_up_to_forty"),
        ({"trials_per_rater": 7}, "study_shows_an_even_number_of_works_up_to_forty"),
        ({"trials_per_rater": 42}, "study_shows_an_even_number_of_works_up_to_forty"),
        ({"opened_at": now()}, "study_is_dated_unless_a_draft"),
        ({"document_sha256": "0" * 64}, "study_is_sealed_unless_a_draft"),
        ({"version": 2}, "study_follows_another_iff_a_later_version"),
    ],
)
def test_the_database_refuses_an_impossible_draft(values, name):
    draft = make_study(1, state="draft")
    refused(lambda: Study.objects.filter(pk=draft.pk).update(**values), name)


FROZEN = {
    "title": "Another title",
    "purpose": "Another purpose",
    "seed": 99,
    "trials_per_rater": 4,
    "protocol": {"tell_others_marks": False},
    "simulated": True,
    "document": {},
    "document_sha256": "0" * 64,
    "key": {"works": []},
    "opened_at": now(),
}


@pytest.mark.parametrize("column", FROZEN)
@pytest.mark.parametrize("state", ["open", "closed"])
def test_the_database_refuses_to_change_what_was_frozen(state, column):
    study = make_study(1, state=state)
    before = Study.objects.filter(pk=study.pk).values().get()
    change = {column: FROZEN[column]}
    refused(lambda: Study.objects.filter(pk=study.pk).update(**change), "study_is_frozen_once_open")
    assert Study.objects.filter(pk=study.pk).values().get() == before


def test_the_database_refuses_to_reopen_a_study(study):
    study.close()
    draft = {"state": "draft", "closed_at": None, "ended_by": ""}
    for values in ({"state": "open", "closed_at": None, "ended_by": ""}, draft):
        refused(
            lambda values=values: Study.objects.filter(pk=study.pk).update(**values),
            "study_never_goes_back",
        )


def test_a_version_has_one_successor(study):
    def follow(n: int) -> Study:
        return Study.objects.create(
            slug=f"next-{n}", title="Next", medium="image", seed=1, version=2, previous=study
        )

    follow(1)
    refused(lambda: follow(2), "previous")


def test_the_database_refuses_an_unknown_arm_and_a_work_twice(study):
    work = study.works.first()
    refused(lambda: StudyWork.objects.filter(pk=work.pk).update(arm="z"), "studywork_arm_is_known")
    refused(
        lambda: StudyWork.objects.create(study=study, artwork=work.artwork, arm="a"),
        "studywork_enters_a_study_once",
    )


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"role": "rated", "arm": ""}, "studywork_has_an_arm_iff_rated"),
        ({"role": "noise"}, "studywork_has_an_arm_iff_rated"),
        ({"role": "extra", "arm": ""}, "studywork_role_is_known"),
    ],
)
def test_the_database_refuses_an_impossible_role(study, values, name):
    work = study.works.first()
    refused(lambda: StudyWork.objects.filter(pk=work.pk).update(**values), name)


def test_the_database_refuses_an_unknown_timing_and_facts_that_nobody_asked_for(rater):
    these = Rater.objects.filter(pk=rater.pk)
    refused(lambda: these.update(guess_timing="soon"), "rater_guess_timing_is_known")
    refused(lambda: these.update(facts={"age": "60-"}), "rater_tells_facts_only_when_asked")


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
        ({"kind": "joke"}, "trial_kind_is_known"),
        ({"allocation_p": 0.0}, "trial_allocation_p_is_a_probability"),
        ({"allocation_p": 1.5}, "trial_allocation_p_is_a_probability"),
        ({"instructed": 8}, "trial_instructs_one_to_seven"),
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

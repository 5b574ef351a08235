"""What the database itself refuses, whoever asks."""

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from gallery.runs.models import Attempt, Input, Output, Run
from tests.factories import make_artwork, make_run

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("run_state_is_known", {"state": "dreaming"}),
        ("run_is_leased_iff_running", {"state": "running"}),
        ("run_is_leased_iff_running", {"lease_until": now()}),
        ("run_is_finished_iff_over", {"state": "done"}),
        ("run_is_finished_iff_over", {"finished": now()}),
        ("run_fails_only_with_a_reason", {"state": "failed", "finished": now()}),
        ("run_is_tried_at_most_three_times", {"tries": 4}),
        ("run_asks_for_one_to_a_hundred_outputs", {"count": 0}),
        ("run_asks_for_one_to_a_hundred_outputs", {"count": 101}),
        ("run_step_is_within_steps", {"step": 2, "steps": 1}),
    ],
)
def test_the_database_refuses_a_run_that_makes_no_sense(name, values):
    run = make_run()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Run.objects.filter(pk=run.pk).update(**values)


def test_the_database_refuses_a_second_output_of_one_index():
    run = make_run()
    Output.objects.create(run=run, index=0, artwork=make_artwork("machine"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Output.objects.create(run=run, index=0, artwork=make_artwork("machine"))


def test_the_database_refuses_one_work_as_two_outputs():
    artwork = make_artwork("machine")
    Output.objects.create(run=make_run(), index=0, artwork=artwork)
    with pytest.raises(IntegrityError), transaction.atomic():
        Output.objects.create(run=make_run(), index=0, artwork=artwork)


def test_the_database_refuses_two_inputs_in_one_place():
    run = make_run()
    Input.objects.create(run=run, role="content", artwork=make_artwork())
    with pytest.raises(IntegrityError), transaction.atomic():
        Input.objects.create(run=run, role="content", artwork=make_artwork())


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("input_role_is_known", {"role": "muse"}),
        ("input_is_one_content_or_one_of_four_styles", {"role": "content", "position": 1}),
        ("input_is_one_content_or_one_of_four_styles", {"role": "style", "position": 4}),
    ],
)
def test_the_database_refuses_an_input_that_makes_no_sense(name, values):
    run = make_run()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Input.objects.create(run=run, artwork=make_artwork(), **values)


def test_the_database_refuses_one_work_as_two_styles():
    run, artwork = make_run(), make_artwork()
    Input.objects.create(run=run, role="style", position=0, artwork=artwork)
    Input.objects.create(run=run, role="content", artwork=artwork)  # its own style it may have
    with pytest.raises(IntegrityError), transaction.atomic():
        Input.objects.create(run=run, role="style", position=1, artwork=artwork)


def test_the_database_refuses_to_log_an_attempt_twice():
    run = make_run()
    Attempt.objects.create(run=run, number=1, worker="w1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.create(run=run, number=1, worker="w2")


@pytest.mark.parametrize("values", [{"ended": now()}, {"outcome": "Finished."}])
def test_the_database_refuses_an_attempt_that_ended_without_an_outcome_or_the_reverse(values):
    with (
        pytest.raises(IntegrityError, match="attempt_has_an_outcome_iff_ended"),
        transaction.atomic(),
    ):
        Attempt.objects.create(run=make_run(), number=1, worker="w1", **values)

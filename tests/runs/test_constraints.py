"""What the database itself refuses, whoever asks."""

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from gallery.runs.models import MOST_LESSONS, Attempt, Bookmark, Checkpoint, Input, Output, Run
from tests.factories import make_artwork, make_run

pytestmark = pytest.mark.django_db

TRAINS = "run_that_trains_leaves_one_thing_and_varies_nothing"


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
        ("run_task_is_known", {"task": "dream"}),
        ("run_has_a_name_iff_it_trains", {"task": "train"}),
        ("run_has_a_name_iff_it_trains", {"name": "Cats"}),
        (TRAINS, {"task": "train", "name": "Cats", "count": 2}),
        (TRAINS, {"task": "train", "name": "Cats", "aspects": [1.0]}),
        (TRAINS, {"task": "train", "name": "Cats", "knob": "size", "rungs": [64]}),
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
        ("input_is_one_content_one_of_four_styles_or_a_lesson", {"role": "content", "position": 1}),
        ("input_is_one_content_one_of_four_styles_or_a_lesson", {"role": "style", "position": 4}),
        (
            "input_is_one_content_one_of_four_styles_or_a_lesson",
            {"role": "lesson", "position": MOST_LESSONS},
        ),
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


def checkpoint_of(run: Run, **values: object) -> Checkpoint:
    told = {"file": "checkpoints/one.safetensors", "sha256": "0" * 64, "size": 1, **values}
    return Checkpoint.objects.create(run=run, **told)


def test_a_run_may_have_a_whole_collection():
    run = make_run(task="train", name="Cats")
    for position in (0, 4, MOST_LESSONS - 1):
        Input.objects.create(run=run, role="lesson", position=position, artwork=make_artwork())
    assert run.inputs.lessons().count() == 3


def test_the_database_refuses_a_training_that_starts_from_a_checkpoint():
    left = checkpoint_of(make_run(task="train", name="Cats"))
    with pytest.raises(IntegrityError, match=TRAINS), transaction.atomic():
        make_run(task="train", name="Dogs", checkpoint=left)


def test_the_database_refuses_a_second_checkpoint_of_one_run():
    run = make_run(task="train", name="Cats")
    checkpoint_of(run)
    with pytest.raises(IntegrityError), transaction.atomic():
        checkpoint_of(run)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("checkpoint_holds_something", {"size": 0}),
        ("checkpoint_has_a_file", {"file": ""}),
        ("checkpoint_is_known_by_its_hash", {"sha256": "0" * 63}),
    ],
)
def test_the_database_refuses_a_checkpoint_that_makes_no_sense(name, values):
    run = make_run(task="train", name="Cats")
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        checkpoint_of(run, **values)


def test_the_database_refuses_a_bookmark_without_a_file():
    run = make_run(task="train", name="Cats")
    with (
        pytest.raises(IntegrityError, match="bookmark_has_a_file"),
        transaction.atomic(),
    ):
        Bookmark.objects.create(run=run, file="", sha256="0" * 64)

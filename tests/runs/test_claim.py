"""The queue: who may have which run, and what is left of those who fell silent."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import translation
from django.utils.timezone import now

from gallery.runs.models import LeaseLost, Run, State
from gallery.runs.querysets import MOST_TRIES
from tests.factories import make_run

pytestmark = pytest.mark.django_db


def expire(run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(lease_until=now() - timedelta(seconds=1))


def claim(worker: str = "w1") -> Run:
    run = Run.objects.claim(worker)
    assert run is not None
    return run


def test_it_claims_the_oldest_run_first():
    older, newer = make_run(), make_run()
    assert [claim(), claim()] == [older, newer]
    assert Run.objects.claim("w1") is None


def test_a_claim_raises_the_attempt_and_opens_a_log_entry():
    make_run()
    run = claim()
    assert (run.state, run.attempt, run.tries, run.worker) == (State.RUNNING, 1, 1, "w1")
    assert run.lease_until is not None
    assert run.started is not None
    entry = run.attempts.get()
    assert (entry.number, entry.worker, entry.outcome) == (1, "w1", "")


def test_it_leaves_a_run_to_a_worker_that_beats():
    make_run()
    run = claim()
    run.beat()
    assert Run.objects.claim("w2") is None


def test_the_lease_lasts_as_long_as_the_settings_say(settings):
    settings.PAINT_LEASE_SECONDS = 100
    make_run()
    lease = claim().lease_until
    assert lease is not None
    assert timedelta(seconds=95) < lease - now() < timedelta(seconds=105)


def test_it_takes_over_from_a_silent_worker():
    make_run()
    first = claim("w1")
    expire(first)
    second = claim("w2")
    assert second == first
    assert (second.attempt, second.tries) == (2, 2)
    outcomes = second.attempts.values_list("worker", "outcome")
    assert list(outcomes) == [("w1", "The worker fell silent."), ("w2", "")]


@pytest.mark.parametrize(
    "write",
    [
        Run.beat,
        Run.check_held,
        Run.count_output,
        Run.finish,
        Run.release,
        lambda run: run.report(1, 2, ""),
        lambda run: run.fail("It broke."),
        lambda run: run.stumble("It broke."),
    ],
)
def test_a_worker_that_lost_its_run_can_write_nothing(write):
    make_run()
    stale = claim("w1")
    expire(stale)
    claim("w1")  # even under the same name
    before = Run.objects.values().get(), list(stale.attempts.values())
    with pytest.raises(LeaseLost):
        write(stale)
    assert (Run.objects.values().get(), list(stale.attempts.values())) == before


def test_progress_is_stored_and_renews_the_lease():
    make_run()
    run = claim()
    expire(run)
    run.report(3, 9, "x" * 500)
    run.refresh_from_db()
    assert (run.step, run.steps, len(run.note)) == (3, 9, 200)
    assert Run.objects.claim("w2") is None


def test_a_finished_run_is_over():
    make_run()
    run = claim()
    run.finish()
    assert (run.state, run.lease_until, run.is_over) == (State.DONE, None, True)
    assert run.attempts.get().outcome == "Finished."
    assert Run.objects.claim("w2") is None


def test_a_released_run_waits_again_and_the_try_does_not_count():
    make_run()
    for _ in range(5):
        run = claim()
        run.release()
    assert (run.state, run.tries, run.attempt) == (State.QUEUED, 0, 5)
    assert claim() == run


def test_a_run_is_tried_three_times_then_fails_with_the_reason():
    make_run()
    for _ in range(3):
        run = claim()
        run.stumble("It broke.")
    assert (run.state, run.error) == (State.FAILED, "It broke.")
    assert Run.objects.claim("w1") is None
    assert list(run.attempts.values_list("outcome", flat=True)) == ["It broke."] * 3


def test_a_finished_output_gives_the_run_its_tries_back():
    make_run()
    for _ in range(3):
        run = claim()
        if run.tries == MOST_TRIES:
            run.count_output()
        run.stumble("It broke.")
    assert (run.state, run.tries) == (State.QUEUED, 1)


def test_an_output_that_was_not_kept_gives_no_tries_back():
    make_run()
    for _ in range(3):
        run = claim()
        with suppress(OSError), transaction.atomic():
            run.count_output()
            raise OSError("the disk is full")
        run.stumble("It broke.")
    assert run.state == State.FAILED


def test_a_failure_that_would_repeat_itself_ends_the_run_at_once():
    make_run()
    run = claim()
    run.fail("This picture is flat.")
    assert (run.state, run.tries, run.error) == (State.FAILED, 1, "This picture is flat.")


def test_a_run_that_outlives_three_workers_is_buried_with_a_sentence():
    make_run()
    for _ in range(3):
        run = claim()
        expire(run)
    assert Run.objects.claim("w1") is None
    assert Run.objects.bury() == 1
    run.refresh_from_db()
    assert run.state == State.FAILED
    assert "three times in a row" in run.error
    assert not run.attempts.filter(outcome="").exists()


def test_it_buries_no_run_that_may_still_be_tried_or_is_alive():
    make_run()
    for _ in range(2):
        expire(claim())
    alive = claim()
    assert Run.objects.bury() == 0
    alive.beat()


@pytest.mark.parametrize("running", [True, False])
def test_a_run_can_be_cancelled_until_it_is_over(running):
    run = make_run()
    if running:
        run = claim()
    assert run.cancel()
    assert (run.state, run.lease_until) == (State.CANCELLED, None)
    assert not run.cancel()
    assert not run.attempts.filter(outcome="").exists()
    assert Run.objects.claim("w1") is None


def test_the_worker_of_a_cancelled_run_learns_of_it():
    make_run()
    held = claim()
    Run.objects.get().cancel()
    with pytest.raises(LeaseLost):
        held.check_held()


@pytest.mark.parametrize("end", [Run.cancel, lambda run: run.fail("It broke.")])
def test_a_failed_or_cancelled_run_can_be_tried_again(end):
    make_run()
    run = claim()
    end(run)
    assert run.retry()
    assert (run.state, run.tries, run.error, run.finished) == (State.QUEUED, 0, "", None)
    again = claim()
    assert again.attempt == 2  # the fence never goes back


def test_a_run_that_is_done_or_at_work_is_not_tried_again():
    make_run()
    run = claim()
    assert not run.retry()
    held = Run.objects.get()
    held.finish()
    assert not held.retry()


def test_places_in_line_count_only_those_who_wait():
    runs = [make_run() for _ in range(4)]
    claim()
    assert [run.queue_position for run in Run.objects.in_order()] == [0, 1, 2, 3]
    waiting = [run for run in Run.objects.pending().with_positions() if run.state == State.QUEUED]
    assert waiting == runs[1:]
    assert [run.position for run in waiting] == [1, 2, 3]  # type: ignore[attr-defined]


def end_by_silence(run: Run) -> None:
    expire(run)
    claim().release()


def end_by_burial(run: Run) -> None:
    Run.objects.update(tries=MOST_TRIES)
    expire(run)
    Run.objects.bury()


@pytest.mark.parametrize(
    "end", [Run.finish, Run.release, Run.cancel, end_by_silence, end_by_burial]
)
def test_sentences_are_stored_in_english_whoever_asks(end):
    make_run()
    with translation.override("zh-hans"):
        end(claim())
    run = Run.objects.get()
    told = run.error + "".join(run.attempts.values_list("outcome", flat=True))
    assert told
    assert told.isascii()

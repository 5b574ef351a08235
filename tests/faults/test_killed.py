"""Kill what paints, at the worst moment: every run ends by itself, with exactly what an undisturbed
run makes."""

import os
import signal
import time
from contextlib import contextmanager

import pytest

from tests.faults.witness import (
    kill,
    lives,
    look,
    originals,
    outcomes,
    request,
    wait_for,
    wait_for_painter,
)
from tests.servers import Gallery, wait_until

LONG = {"size": 1024, "steps": 100, "octaves": 1}  # half a minute of any machine
QUICK = {"PAINT_LEASE_SECONDS": "3", "PAINT_BEAT_SECONDS": "0.5", "PAINT_TICK_SECONDS": "0.5"}


@contextmanager
def working(gallery, *options):
    """A `paintworker`; killed at the end if it still lives."""
    worker = gallery.worker(*options)
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()


@pytest.fixture(scope="module")
def server(furnished, tmp_path_factory):
    """One that serves with the settings that everybody has, and goes on serving."""
    serving = Gallery(tmp_path_factory.mktemp("serving") / "gallery").furnish(furnished).start()
    yield serving
    serving.stop()


def assert_made_as_ever(gallery, code, undisturbed):
    wait_for(gallery, code, state="done", made=len(undisturbed))
    assert originals(gallery, code) == undisturbed
    spool = gallery.folder / "spool"
    wait_until(lambda: not any(spool.iterdir()), what="the clearing of the spool")


def test_a_killed_server_goes_on_within_twenty_seconds_of_the_kill(gallery, undisturbed):
    server = gallery().start()  # with the settings that everybody has
    code = request(server)
    wait_for(server, code, made=1, state="running")
    painter = wait_for_painter(server.process.pid)
    server.kill()
    killed = time.monotonic()
    wait_until(lambda: not lives(painter), seconds=3, what="the end of the orphaned painter")
    made = look(server, code)["made"]
    server.start()
    wait_for(server, code, attempt=2, seconds=20 - (time.monotonic() - killed))
    print(f"claimed again {time.monotonic() - killed:.1f} s after the kill")
    wait_for(server, code, made=made + 1, seconds=20 - (time.monotonic() - killed))
    print(f"the next work was kept {time.monotonic() - killed:.1f} s after the kill")
    assert_made_as_ever(server, code, undisturbed)
    assert outcomes(server, code) == ["The worker fell silent.", "Finished."]


def test_a_killed_painter_is_replaced_at_once(server, undisturbed):
    code = request(server)
    wait_for(server, code, made=1, state="running")
    kill(wait_for_painter(server.process.pid))
    killed = time.monotonic()
    wait_for(server, code, attempt=2, seconds=5)
    print(f"claimed again {time.monotonic() - killed:.1f} s after the kill")
    assert_made_as_ever(server, code, undisturbed)
    assert "SIGKILL" in outcomes(server, code)[0]


@pytest.mark.soak
def test_a_ladder_goes_on_with_the_rungs_that_it_was_asked_for(gallery):
    server = gallery().start()
    steps = {"ladder": [1, 3], "count": 4}
    calm = request(server, **steps)
    wait_for(server, calm, state="done")
    code = request(server, **steps)
    wait_for(server, code, made=1, state="running")
    kill(wait_for_painter(server.process.pid))
    assert_made_as_ever(server, code, originals(server, calm))
    assert look(server, code)["attempt"] == 2


def test_another_worker_takes_over_from_a_killed_one(gallery, undisturbed):
    shared = gallery(**QUICK)
    code = request(shared)
    with working(shared) as first:
        wait_for(shared, code, made=1, state="running")
        painter = wait_for_painter(first.pid)
        with working(shared):
            first.kill()
            wait_until(lambda: not lives(painter), seconds=3, what="the painter's end")
            assert_made_as_ever(shared, code, undisturbed)
    assert outcomes(shared, code) == ["The worker fell silent.", "Finished."]


def test_a_worker_that_slept_through_its_lease_adds_nothing(gallery, undisturbed):
    shared = gallery(**QUICK)
    code = request(shared)
    with working(shared) as sleeper:
        wait_for(shared, code, made=1, state="running")
        os.kill(sleeper.pid, signal.SIGSTOP)
        with working(shared) as other:
            wait_for(shared, code, attempt=2)
            os.kill(sleeper.pid, signal.SIGCONT)  # both paint now; only one may write
            assert_made_as_ever(shared, code, undisturbed)
            other.terminate()
            other.wait(10)
        assert outcomes(shared, code) == ["The worker fell silent.", "Finished."]
        later = request(shared, seed=12, count=1)
        wait_for(shared, later, state="done")  # and it is of use again


def test_a_worker_that_is_asked_to_stop_gives_its_run_back(gallery, undisturbed):
    shared = gallery(**QUICK)
    code = request(shared)
    with working(shared) as first:
        wait_for(shared, code, made=1, state="running")
        painter = wait_for_painter(first.pid)
        first.terminate()
        assert first.wait(5) == 0
    assert not lives(painter)
    row = look(shared, code)
    assert (row["state"], row["tries"]) == ("queued", 0)
    shared.manage("paintworker", "--until-empty")
    assert_made_as_ever(shared, code, undisturbed)


@pytest.mark.soak
@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_a_worker_that_is_stopped_before_all_is_painted_says_so(gallery, asked):
    shared = gallery(**QUICK)
    code = request(shared)
    with working(shared, "--until-empty") as worker:
        wait_for(shared, code, made=1, state="running")
        worker.send_signal(asked)
        assert worker.wait(8) == 130
    row = look(shared, code)
    assert (row["state"], row["tries"]) == ("queued", 0)
    assert "Stopped before every run was painted" in (shared.folder / "worker.log").read_text()


@pytest.mark.soak
def test_a_worker_until_empty_waits_for_what_a_dead_one_still_holds(gallery, undisturbed):
    shared = gallery(**QUICK)
    code = request(shared)
    with working(shared) as first:
        wait_for(shared, code, made=1, state="running")
        first.kill()
    shared.manage("paintworker", "--until-empty")
    assert look(shared, code)["state"] == "done"
    assert originals(shared, code) == undisturbed


@pytest.mark.soak
def test_a_dead_run_is_buried_while_a_long_one_is_painted(gallery):
    shared = gallery(**QUICK)
    long = request(shared, params=LONG, count=1)
    with working(shared):
        wait_for(shared, long, state="running")
        dead = request(shared)
        shared.python(
            "from datetime import timedelta\n"
            "from django.utils.timezone import now\n"
            "from gallery.runs.models import Run\n"
            f"Run.objects.filter(code='{dead}').update(state='running', tries=3, attempt=3,\n"
            "    worker='gone', lease_until=now() - timedelta(seconds=1))"
        )
        wait_for(shared, dead, state="failed", seconds=10)
        assert look(shared, long)["state"] == "running"


@pytest.mark.soak  # as a worker of its own does, above; and see tests/runs/test_lifespan.py
def test_a_server_that_is_asked_to_stop_gives_its_run_back(gallery):
    server = gallery().start()
    code = request(server)
    wait_for(server, code, state="running")
    painter = wait_for_painter(server.process.pid)
    asked = time.monotonic()
    server.process.terminate()
    server.process.wait(8)
    print(f"stopped in {time.monotonic() - asked:.1f} s")
    assert not lives(painter)
    assert look(server, code)["state"] == "queued"


def test_a_cancelled_run_stops_within_three_seconds(server):
    code = request(server, params=LONG, count=1)
    wait_for(server, code, state="running")
    painter = wait_for_painter(server.process.pid)
    wait_until(lambda: look(server, code)["step"] > 0, what="the first frame")
    cancelled = float(
        server.python(
            "import time\n"
            "from gallery.runs.models import Run\n"
            "from gallery.runs.services import cancel_run\n"
            f"cancel_run(Run.objects.get(code='{code}'))\n"
            "print(time.time())"
        )
    )
    wait_until(lambda: not lives(painter), seconds=3 - (time.time() - cancelled), what="the end")
    print(f"cancelled in {time.time() - cancelled:.2f} s")
    assert look(server, code)["made"] == 0
    assert outcomes(server, code) == ["Cancelled."]
    fresh = wait_for_painter(server.process.pid)  # warm for the next
    assert fresh != painter


@pytest.mark.soak
def test_a_painter_that_lacks_memory_fails_its_run_with_the_reason_and_harms_nobody(gallery):
    server = gallery(PAINT_MEMORY_MB="950").start()
    hungry = request(server, params={"size": 1024}, count=1)
    frugal = request(server, generator="entropy", params={"size": 64}, count=1)
    wait_for(server, hungry, state="failed")
    told = "There was not enough memory to paint this. Choose a smaller size."
    assert outcomes(server, hungry) == [told] * 3
    wait_for(server, frugal, state="done")
    assert server.answers()


def test_a_painter_that_cannot_even_start_fails_its_run_with_a_reason(gallery):
    poor = gallery(PAINT_MEMORY_MB="200")
    code = request(poor, count=1)
    poor.manage("paintworker", "--until-empty")
    row = look(poor, code)
    assert row["state"] == "failed"
    assert row["error"]


@pytest.mark.soak
def test_a_reason_is_stored_in_english_whoever_started_the_worker(gallery):
    poor = gallery(PAINT_MEMORY_MB="200")
    code = request(poor, count=1)
    poor.python(
        "from django.core.management import call_command\n"
        "from django.utils import translation\n"
        "translation.activate('zh-hans')\n"
        "call_command('paintworker', until_empty=True)"
    )
    row = look(poor, code)
    assert row["state"] == "failed"
    assert row["error"].isascii()


def test_a_painter_that_takes_too_long_fails_its_run_with_the_reason(gallery):
    hasty = gallery(PAINT_OUTPUT_SECONDS="0.2")
    code = request(hasty, params={"size": 512}, count=1)
    hasty.manage("paintworker", "--until-empty")
    row = look(hasty, code)
    assert row["state"] == "failed"
    assert "longer than the limit" in row["error"]


def test_runs_are_found_and_painted_while_redis_is_away(gallery, undisturbed):
    nowhere = "redis://127.0.0.1:1/0"
    shared = gallery(REDIS_URL=nowhere, **QUICK)
    with working(shared):
        code = request(shared, count=1)
        assert_made_as_ever(shared, code, undisturbed[:1])

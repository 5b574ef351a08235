"""Kill what trains: it goes on from what it had learnt, and ends with the same bytes."""

import shutil

import pytest

from tests.faults.test_killed import QUICK, working
from tests.faults.witness import ask, lives, outcomes, wait_for, wait_for_painter
from tests.runs.training.lessons import hang_texts, request, told
from tests.servers import Gallery, wait_until

SLOW = {"steps": 500, "units": 48, "dropout": 0.2}  # a few seconds


@pytest.fixture
def shared(gallery) -> Gallery:
    """A gallery with texts to learn from."""
    one: Gallery = gallery(**QUICK)
    hang_texts(one)
    return one


def bookmarked(gallery: Gallery) -> bool:
    return bool(ask(gallery, "select count(*) from runs_bookmark")[0][0])


def test_another_worker_goes_on_from_what_a_killed_one_had_learnt(shared):
    """On another machine: nothing that the first wrote beside storage is left."""
    calm, disturbed = (request(shared, params=SLOW) for _ in range(2))
    with working(shared) as first:
        wait_for(shared, calm, state="done")
        wait_until(lambda: bookmarked(shared), what="a saved state", seconds=60)
        painter = wait_for_painter(first.pid)
        first.kill()
        wait_until(lambda: not lives(painter), seconds=3, what="the painter's end")
    shutil.rmtree(shared.folder / "spool")
    shared.manage("paintworker", "--until-empty")
    left, undisturbed = told(shared, disturbed), told(shared, calm)
    assert outcomes(shared, disturbed) == ["The worker fell silent.", "Finished."]
    assert left["left"]["found"] == undisturbed["left"]["found"]
    assert left["left"]["facts"] == undisturbed["left"]["facts"]
    assert not any((shared.folder / "media" / "bookmarks").iterdir())


@pytest.mark.soak
def test_a_cancelled_training_leaves_no_checkpoint(shared):
    code = request(shared, params=SLOW | {"steps": 100_000})
    with working(shared) as worker:
        wait_until(lambda: bookmarked(shared), what="a saved state", seconds=60)
        painter = wait_for_painter(worker.pid)
        shared.python(
            "from gallery.runs.models import Run\n"
            "from gallery.runs.services import cancel_run\n"
            "cancel_run(Run.objects.get())"
        )
        wait_until(lambda: not lives(painter), seconds=3, what="the end")
    assert (told(shared, code)["state"], told(shared, code)["left"]) == ("cancelled", None)
    assert not any((shared.folder / "media").glob("checkpoints/*"))

"""A training from the request to works made with what it learnt, by a real worker."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from gallery.runs import painter
from gallery.runs.child import Child
from gallery.runs.models import Bookmark, Run
from gallery.runs.training.collection import Collection
from gallery.runs.training.services import keep_bookmark, keep_checkpoint, request_training
from gallery.runs.training.working import Training
from generators.gan.artist import open_artist
from generators.training import gan, painted, rivals
from generators.training.trainers import TRAINERS
from tests.factories import make_artwork
from tests.generators.training.collection import picture
from tests.runs.training.lessons import hang_texts, request, told
from tests.runs.training.test_services import ask, make_text
from tests.servers import Gallery

FEW = 40  # pictures, so that little is looked at
SAMPLE = """
import json
from gallery.runs.services import repeat_run, request_run
run = request_run(generator="char_rnn", params={"writer": SOURCE, "longest": 200}, seed=3)
print(json.dumps([str(run.code), str(repeat_run(run, None).code)]))
"""
WORKS = """
import json
from gallery.runs.models import Run
print(json.dumps([[run.state, run.error, [o.artwork.recipe for o in run.outputs.all()]]
                  for run in Run.objects.filter(task="paint").in_order()]))
"""


@pytest.fixture(scope="module")
def day(tmp_path_factory, furnished) -> dict[str, Any]:
    """A training, one of a text that repeats itself, and two runs that paint with the first."""
    gallery = Gallery(tmp_path_factory.mktemp("day") / "gallery").furnish(furnished)
    hang_texts(gallery)
    hang_texts(gallery, {"Aaa": "a" * 2100})
    code, dull = request(gallery, words="Cats"), request(gallery, words="Aaa")
    gallery.manage("paintworker", "--until-empty")
    left = told(gallery, code)
    gallery.python(f"SOURCE = {left['left']['source']!r}\n{SAMPLE}")
    gallery.manage("paintworker", "--until-empty")
    works = json.loads(gallery.python(WORKS))
    return {"left": left, "dull": told(gallery, dull), "works": works, "folder": gallery.folder}


def test_it_leaves_a_checkpoint_with_its_facts(day):
    assert day["left"]["state"] == "done"
    left = day["left"]["left"]
    assert left["sha256"] == left["found"] == left["facts"]["weights_sha256"]
    assert left["facts"]["works"] == day["left"]["lessons"] == 2
    assert left["facts"]["licences"] == {"CC0 1.0": 2}
    assert left["facts"]["makers"] == 1
    assert left["facts"]["steps"] == "30"
    assert float(left["facts"]["held_out_nats"]) > 0
    assert left["facts"]["torch"]


def test_a_text_of_one_character_ends_the_run_with_a_sentence_and_no_checkpoint(day):
    assert (day["dull"]["state"], day["dull"]["attempt"]) == ("failed", 1)
    assert day["dull"]["error"].startswith("The text repeats one character")
    assert day["dull"]["left"] is None


def test_a_run_paints_with_it_and_its_recipe_names_it(day):
    left = day["left"]["left"]
    for state, error, recipes in day["works"]:
        assert (state, error) == ("done", "")
        (recipe,) = recipes
        assert recipe["params"]["writer"] == left["source"] == recipe["writer"]
        assert left["source"] == f"file:{recipe['checkpoint']}.safetensors"
        assert recipe["weights_sha256"] == left["sha256"]
    assert len(day["works"]) == 2  # also when it is repeated


def test_nothing_is_left_in_the_spool_or_of_the_saved_states(day):
    media = day["folder"] / "media"
    assert not list((day["folder"] / "spool").rglob("*"))
    assert not list((media / "bookmarks").glob("*"))
    assert not day["left"]["bookmarked"]
    assert len(list((media / "checkpoints").iterdir())) == 1


@pytest.fixture
def bookmarked(db, tmp_path) -> Run:
    """A training of three texts that has saved its state."""
    for _ in range(3):
        make_text()
    ask()
    run = Run.objects.claim("w1")
    assert run
    (tmp_path / "state").write_bytes(b"state")
    keep_bookmark(run, tmp_path / "state")
    return run


def test_texts_and_the_saved_state_are_written_for_the_process_that_learns(bookmarked):
    training = Training(bookmarked, Child())
    job = training._set_out()
    assert job
    files = sorted(Path(job["collection"]).iterdir())
    lessons = bookmarked.inputs.lessons().with_artworks()
    assert [file.name for file in files] == [
        f"{place:05}_{one.artwork.code}.txt" for place, one in enumerate(lessons)
    ]
    assert [file.read_text("utf-8") for file in files] == [one.artwork.text for one in lessons]
    assert Path(job["checkpoint"]).read_bytes() == b"state"


def test_pictures_are_written_as_they_are_shown(bookmarked):
    picture = make_artwork()
    bookmarked.inputs.create(role="lesson", position=3, artwork=picture)
    job = Training(bookmarked, Child())._set_out()
    assert job
    written = Path(job["collection"]) / f"00003_{picture.code}.webp"
    assert written.read_bytes() == picture.renditions.get(kind="display").file.read()


@pytest.mark.parametrize("harm", ["damage", "lose"])
def test_a_saved_state_that_is_damaged_or_gone_is_not_used(bookmarked, harm, caplog):
    state = Path(Bookmark.objects.get().file.path)
    state.unlink() if harm == "lose" else state.write_bytes(b"stat")
    job = Training(bookmarked, Child())._set_out()
    assert job
    assert not Path(job["checkpoint"]).exists()
    assert "it begins anew" in caplog.text


def test_what_an_earlier_attempt_has_kept_is_not_learnt_again(bookmarked, tmp_path):
    keep_checkpoint(bookmarked, tmp_path / "state", {})
    assert Training(Run.objects.get(), Child())._set_out() is None


@pytest.mark.any_database
def test_a_painter_of_a_chosen_side_is_trained(db, tmp_path, monkeypatch):
    """What the process that learns is told, and what it leaves."""
    monkeypatch.setattr(Collection, "complaint", "")
    monkeypatch.setattr(painted, "FEWEST_PICTURES", FEW)
    monkeypatch.setattr(rivals, "SETTLING", 1)
    monkeypatch.setitem(gan.taught.__kwdefaults__, "examined", 4)
    for _ in range(FEW):
        make_artwork()
    request_training(
        generator="gan",
        params={"steps": 1, "side": "128 pixels"},
        name="Painter",
        collection=Collection(TRAINERS["gan"]),
        seed=1,
    )
    run = Run.objects.claim("w1")
    assert run
    job = Training(run, Child())._set_out()
    assert job
    for seed, file in enumerate(sorted(Path(job["collection"]).iterdir())):
        picture(seed, 40, 30).save(file)  # the factory's are all alike
    facts = painter.train(job, "cpu", io.StringIO())
    left = keep_checkpoint(run, Path(job["output"]), facts)
    assert left.facts["side_in_pixels"] == "128"
    assert open_artist(left.written(tmp_path)).side == 128

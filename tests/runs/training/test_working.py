"""A training from the request to works made with what it learnt, by a real worker."""

import json
from typing import Any

import pytest

from tests.runs.training.lessons import hang_texts, request, told
from tests.servers import Gallery

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
def day(tmp_path_factory) -> dict[str, Any]:
    """A training, one of a text that repeats itself, and two runs that paint with the first."""
    gallery = Gallery(tmp_path_factory.mktemp("day") / "gallery")
    gallery.manage("migrate", "-v0")
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
    assert not list((media / "spool").rglob("*"))
    assert not list((media / "bookmarks").glob("*"))
    assert not day["left"]["bookmarked"]
    assert len(list((media / "checkpoints").iterdir())) == 1

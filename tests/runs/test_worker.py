"""A worker's whole day: what waits is painted, kept and recorded, and what cannot be is told."""

import hashlib
import json
from typing import Any

import pytest

from generators.catalog import GENERATORS
from generators.pictures import to_png
from generators.seeds import output_seed
from tests.servers import Gallery

ASK = """
import io, json
from PIL import Image
from gallery.runs.services import request_run
from gallery.works.ingest import prepare
from gallery.works.services import accession, person

def hang(picture):
    file = io.BytesIO()
    picture.save(file, "PNG")
    artwork = accession(prepare("image", file.getvalue()), maker=person("Ada"), licence="CC0 1.0")
    artwork.hang()
    return artwork

tall = hang(Image.effect_noise((150, 300), 80).convert("RGB"))
rough = hang(Image.effect_noise((200, 200), 40).convert("RGB"))
flat = hang(Image.new("RGB", (200, 200), "grey"))
quick = {"size": 64, "octaves": 1, "steps": 2, "layer": "shallow", "network": "random"}
runs = {
    "shaped": request_run(generator="entropy", params={"size": 100}, seed=7, count=6),
    "text": request_run(generator="letters", params={"length": 200}, seed=7, count=2),
    "content": request_run(generator="inceptionism", params=quick, seed=7, content=tall),
    "alone": request_run(generator="inceptionism", params={**quick, "aspect": 0.5}, seed=7),
    "flat": request_run(generator="inceptionism", params=quick, seed=7, content=flat),
    "styled": request_run(
        generator="deep_style", params={"size": 64, "steps": 10, "network": "random"}, seed=7,
        content=tall, styles=[rough, tall],
    ),
    "ladder": request_run(
        generator="inceptionism", params={**quick, "aspect": 1}, seed=7, count=4, ladder=[1, 5]
    ),
    "last": request_run(generator="letters", params={}, seed=7),
}
print(json.dumps({name: str(run.code) for name, run in runs.items()}
                 | {"tall": str(tall.code), "rough": str(rough.code)}))
"""
PAINTED = ("shaped", "text", "content", "alone", "styled", "ladder", "last")
TELL = """
import json, sys
from gallery.runs.models import Run
def told(run):
    works = [output.artwork for output in run.outputs.all()]
    return {
        "rungs": [[output.knob, output.rung] for output in run.outputs.all()],
        "state": run.state, "error": run.error, "tries": run.tries, "attempt": run.attempt,
        "aspects": run.aspects, "steps": run.steps,
        "works": [[w.sha256, w.state, w.text, w.width, w.height, w.recipe] for w in works],
    }
print(json.dumps({str(run.code): told(run) for run in Run.objects.all()}))
"""


@pytest.fixture(scope="module")
def day(tmp_path_factory, furnished) -> dict[str, Any]:
    """Each run by its name in ASK, as it was left; also the log and the folder."""
    gallery = Gallery(tmp_path_factory.mktemp("day") / "gallery").furnish(furnished)
    codes = json.loads(gallery.python(ASK))
    log = gallery.manage("paintworker", "--until-empty").stderr
    told = json.loads(gallery.python(TELL))
    left = {name: told[code] for name, code in codes.items() if code in told}
    return left | {"log": log, "folder": gallery.folder, "codes": codes}


def test_every_run_is_painted_in_full(day):
    states = {name: day[name]["state"] for name in PAINTED}
    assert set(states.values()) == {"done"}
    assert len(day["shaped"]["works"]) == 6
    assert all(work[1] == "candidate" for work in day["shaped"]["works"])


def test_each_finished_work_is_a_line_in_the_log(day):
    for number in range(1, 7):
        assert f"entropy: work {number} of 6 made in " in day["log"]


def test_pictures_have_the_proportions_that_were_drawn(day):
    shapes = [(work[3], work[4]) for work in day["shaped"]["works"]]
    assert set(day["shaped"]["aspects"]) == {0.5, 1.0}
    wanted = {0.5: (50, 100), 1.0: (100, 100)}
    assert shapes == [wanted[aspect] for aspect in day["shaped"]["aspects"]]


def test_a_work_can_be_painted_again_from_its_recipe(day):
    """With the generators alone, without Django."""
    for sha256, *_, recipe in day["shaped"]["works"]:
        generator = GENERATORS[recipe["generator"]]
        frames = list(generator.load()(generator.parse(recipe["params"]), seed=recipe["seed"]))
        image = frames[-1].image
        assert image is not None
        assert hashlib.sha256(to_png(image)).hexdigest() == sha256


def test_a_recipe_records_what_the_bytes_depend_on(day):
    for index, (*_, recipe) in enumerate(day["shaped"]["works"]):
        assert recipe["seed"] == output_seed(7, index)
        assert (recipe["run_seed"], recipe["index"]) == (7, index)
        assert recipe["run"] == day["codes"]["shaped"]
        assert recipe["params"]["aspect"] == day["shaped"]["aspects"][index]
        assert recipe["torch"]
        assert recipe["device"] == "cpu"
        assert recipe["inputs"] == []
    weights = day["content"]["works"][0][5]
    assert weights["network"]
    assert weights["inputs"] == [{"code": day["codes"]["tall"], "role": "content"}]


def test_a_styled_work_records_each_parent_and_what_it_was(day):
    codes, (work,) = day["codes"], day["styled"]["works"]
    parents = [("tall", "content"), ("rough", "style"), ("tall", "style")]
    assert work[5]["inputs"] == [{"code": codes[name], "role": role} for name, role in parents]
    assert (work[3], work[4]) == (32, 64)  # of the content


def test_each_work_of_a_ladder_records_the_value_that_it_was_made_with(day):
    made = [recipe["params"]["units"] for *_, recipe in day["ladder"]["works"]]
    assert sorted(made) == [1, 1, 5, 5]
    assert day["ladder"]["rungs"] == [["units", value] for value in made]
    bits = {
        (recipe["params"]["units"], recipe["bits_of_chance"])
        for *_, recipe in day["ladder"]["works"]
    }
    assert len(bits) == 2  # the generator was given it, too


def test_the_content_decides_the_work(day):
    content, alone = (day[name]["works"][0] for name in ("content", "alone"))
    assert (content[3], content[4]) == (alone[3], alone[4]) == (32, 64)
    assert content[0] != alone[0]


def test_a_refused_content_ends_the_run_at_once_with_the_generators_sentence(day):
    flat = day["flat"]
    assert (flat["state"], flat["tries"], flat["works"]) == ("failed", 1, [])
    assert flat["error"].endswith(".")
    assert "Error" not in flat["error"]


def test_nothing_is_left_in_the_spool(day):
    assert not list((day["folder"] / "spool").rglob("*"))

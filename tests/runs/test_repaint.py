"""`manage.py repaint`: a recipe is a promise, and here it is called in."""

import json

import pytest

from tests.servers import Gallery

pytestmark = pytest.mark.any_database

ASK = """
import io, json
from PIL import Image
from gallery.runs.services import request_run
from gallery.works.ingest import prepare
from gallery.works.services import accession, person

def hang(medium, data):
    work = accession(prepare(medium, data), maker=person("Ada"), licence="CC0 1.0")
    work.hang()
    return work

file = io.BytesIO()
Image.effect_noise((150, 100), 80).convert("RGB").save(file, "PNG")
picture = hang("image", file.getvalue())
words = hang("text", b"The tide comes in and the tide goes out, and nobody counts the stones.")
spectrum = {"size": 64, "variant": "spectrum of the content"}
runs = {
    "noise": request_run(generator="entropy", params={"size": 64}, seed=7, count=2),
    "otherwise": request_run(generator="entropy", params={"size": 64}, seed=9, count=7),
    "impossible": request_run(generator="entropy", params={"size": 64}, seed=11, count=5),
    "letters": request_run(generator="letters", params={"length": 100}, seed=7),
    "shuffled": request_run(
        generator="letters", params={"variant": "shuffled words"}, seed=7, content=words),
    "spectrum": request_run(generator="entropy", params=spectrum, seed=7, content=picture),
}
print(json.dumps({name: str(run.code) for name, run in runs.items()}
                 | {"picture": str(picture.code)}))
"""
TELL = """
import json
from gallery.runs.models import Output
print(json.dumps({str(o.run.code): str(o.artwork.code) for o in Output.objects.order_by("-index")}))
"""


@pytest.fixture(scope="module")
def gallery(tmp_path_factory, furnished) -> Gallery:
    return Gallery(tmp_path_factory.mktemp("repaint") / "gallery").furnish(furnished)


@pytest.fixture(scope="module")
def codes(gallery) -> dict[str, str]:
    """Of a finished run by each name in ASK, and of a person's picture."""
    asked: dict[str, str] = json.loads(gallery.python(ASK))
    gallery.manage("paintworker", "--until-empty")
    return asked


@pytest.fixture(scope="module")
def works(gallery, codes) -> dict[str, str]:
    """The first work of each run."""
    first = json.loads(gallery.python(TELL))
    return {name: first[code] for name, code in codes.items() if code in first}


def repaint(gallery: Gallery, code: str, *options: str) -> tuple[int, str, str]:
    done = gallery.manage("repaint", code, *options, check=False)
    return done.returncode, done.stdout, done.stderr


def alter(gallery: Gallery, code: str, *lines: str) -> None:
    """Do something to a work `w`."""
    found = f"from gallery.works.models import Artwork\nw = Artwork.objects.get(code={code!r})\n"
    gallery.python("\n".join([found, *lines, "w.save()"]))


def alter_output(gallery: Gallery, run: str, index: int, *lines: str) -> None:
    found = f"Output.objects.get(run__code={run!r}, index={index})"
    code = gallery.python(f"from gallery.runs.models import Output\nprint({found}.artwork.code)")
    alter(gallery, code.strip(), *lines)


def test_all_works_of_a_run_are_had_again_byte_for_byte(gallery, codes, tmp_path):
    status, told, _ = repaint(gallery, codes["noise"], "--verify", "-o", str(tmp_path / "n.png"))
    assert status == 0
    assert [line.split()[1:] for line in told.splitlines()] == [["same"], ["same"]]
    kept = {path.read_bytes() for path in (gallery.folder / "media/originals").rglob("*/*")}
    for number in (1, 2):
        assert (tmp_path / f"n-{number}.png").read_bytes() in kept


@pytest.mark.parametrize(
    "name", [pytest.param("letters", marks=pytest.mark.soak), "shuffled", "spectrum"]
)
def test_a_work_is_had_again_from_its_code_and_from_what_it_was_made_from(gallery, works, name):
    assert repaint(gallery, works[name], "--verify")[:2] == (0, f"{works[name]} same\n")


def test_without_comparing_it_is_only_painted(gallery, works, tmp_path):
    path = tmp_path / "letters.txt"
    assert repaint(gallery, works["letters"], "-o", str(path))[:2] == (
        0,
        f"{works['letters']} painted\n",
    )
    assert 0 < len(path.read_text()) <= 100


def test_it_asks_what_to_do_and_where(gallery, works, tmp_path):
    status, _, told = repaint(gallery, works["letters"])
    assert (status, "give --verify" in told) == (2, True)
    status, _, told = repaint(gallery, works["letters"], "-o", str(tmp_path / "no" / "file.txt"))
    assert (status, "cannot be written" in told) == (1, True)


OTHERWISE = [
    ("pass", "the recipe was altered"),
    ("w.recipe['torch'] = '1.0'", "It was made with torch 1.0, and this is torch 2."),
    ("w.recipe['device'] = 'A card'", "It was made on A card, and this is cpu."),
    ("w.recipe['version'] = 0", "It was made by version 0 of the generator, and this is version"),
]


@pytest.fixture(scope="module")
def verdicts(gallery, codes) -> list[str]:
    """Of a run whose first works have other recipes, and whose last three had this befall them."""
    changes = [f"w.recipe['seed'] += 1; {change}" for change, _why in OTHERWISE]
    changes += [
        "w.recipe['torch'] = '1.0'",
        "(settings.MEDIA_ROOT / w.original_path).write_bytes(b'another picture')",
        "(settings.MEDIA_ROOT / w.original_path).unlink()",
    ]
    for index, change in enumerate(changes):
        settings = "from django.conf import settings"
        alter_output(gallery, codes["otherwise"], index, settings, change)
    status, told, complaint = repaint(gallery, codes["otherwise"], "--verify")
    assert (status, "6 of 7" in complaint) == (1, True)
    return told.splitlines()


def test_another_recipe_makes_another_work_and_the_reason_is_told(verdicts):
    for line, (_change, why) in zip(verdicts, OTHERWISE, strict=False):
        assert " differs: " in line
        assert why in line


def test_what_was_recorded_of_the_machine_does_not_matter_where_the_bytes_are_same(verdicts):
    assert verdicts[4].endswith(" same")


def test_altered_bytes_in_storage_are_noticed(verdicts):
    assert "differs: Storage keeps other bytes than were recorded" in verdicts[5]
    assert "is as recorded." in verdicts[5]


def test_an_original_that_storage_lost_is_told(verdicts):
    assert "differs: Storage keeps no original" in verdicts[6]


NOBODY = "00000000-0000-4000-8000-000000000000"
IMPOSSIBLE = [
    (
        f"w.recipe['inputs'] = [{{'code': '{NOBODY}', 'role': 'content'}}]",
        f"A work that it was made from is not here any more: {NOBODY}.",
    ),
    ("w.recipe['checkpoint'] = 'gone'", "The checkpoint that it was made with is not here"),
    ("w.recipe['generator'] = 'rembrandt'", "There is no generator “rembrandt” any more."),
    ("w.recipe['params'] = {'size': 1}", "size: input should be greater than or equal to 64"),
    ("del w.recipe['seed']", "The recipe does not tell seed."),
]


def test_what_cannot_be_painted_is_told_and_counts_as_a_difference(gallery, codes):
    for index, (change, _why) in enumerate(IMPOSSIBLE):
        alter_output(gallery, codes["impossible"], index, change)
    status, told, _ = repaint(gallery, codes["impossible"], "--verify")
    assert status == 1
    for line, (_change, why) in zip(told.splitlines(), IMPOSSIBLE, strict=True):
        assert f" not painted: {why}" in line


def test_an_input_whose_file_is_gone_is_told(gallery, codes, works):
    alter(
        gallery,
        codes["picture"],
        "w.renditions.get(kind='display').file.delete(save=False)",
    )
    status, told, _ = repaint(gallery, works["spectrum"], "--verify")
    assert status == 1
    assert "not painted: The file of a work that this run starts from is missing." in told


def test_a_work_by_a_person_is_refused(gallery, codes):
    status, _, told = repaint(gallery, codes["picture"], "--verify")
    assert (status, "This work is by a person" in told) == (2, True)


@pytest.mark.parametrize("code", [NOBODY, "nonsense"])
def test_an_unknown_code_is_refused(gallery, code):
    status, _, told = repaint(gallery, code, "--verify")
    assert (status, f"No work and no run here has the code {code}." in told) == (2, True)


@pytest.mark.parametrize(
    ("run", "why"),
    [("make_run()", "has made no work"), ("make_run(task='train', name='x')", "This run trained")],
)
def test_a_run_without_works_is_refused(gallery, run, why):
    code = gallery.python(f"from tests.factories import make_run\nprint({run}.code)").strip()
    status, _, told = repaint(gallery, code, "--verify")
    assert (status, why in told) == (2, True)

"""Works that a program draws: what their page says, and the files that it offers."""

import subprocess
import sys
from xml.etree import ElementTree

import pytest

from generators.low_complexity.code import read_program
from generators.low_complexity.svg import to_svg
from tests.factories import make_artwork, make_study
from tests.runs.drawings import KEPT, PROGRAM, make_drawing

pytestmark = pytest.mark.django_db


def files(artwork) -> list[str]:
    return [f"/works/{artwork.code}/drawing.svg", f"/works/{artwork.code}/program"]


def test_the_page_says_how_short_the_program_is_and_offers_it(client):
    artwork = make_drawing()
    page = " ".join(client.get(artwork.get_absolute_url()).text.split())
    assert f"A program of {len(PROGRAM.bits)} bits draws all of it: 2 arcs" in page
    for path in files(artwork):
        assert f'href="{path}"' in page
    assert KEPT not in page


def test_other_works_offer_no_files(client):
    for artwork in (make_artwork(), make_artwork("machine")):
        page = client.get(artwork.get_absolute_url()).text
        for path in files(artwork):
            assert path not in page
            assert client.get(path).status_code == 404


def test_the_svg_is_redrawn_and_the_program_is_the_stored_one(client):
    svg, program = (client.get(path) for path in files(make_drawing()))
    assert svg["Content-Type"] == "image/svg+xml"
    assert svg.text == to_svg(PROGRAM.drawing)
    assert ElementTree.fromstring(svg.text).get("width") == "320"
    assert read_program(program.content) == PROGRAM
    for response in (svg, program):
        assert response["Content-Disposition"].startswith("attachment")
        assert "sandbox" in response["Content-Security-Policy"]


@pytest.mark.parametrize("broken", ["", "AA==", "!", "a", "____"])
def test_a_broken_program_is_not_found(client, broken):
    artwork = make_drawing(recipe={"program": broken})
    assert client.get(artwork.get_absolute_url()).status_code == 200
    assert client.get(files(artwork)[0]).status_code == 404


def test_a_drawing_that_an_open_study_shows_offers_nothing(client):
    artwork = make_drawing()
    study = make_study(1)
    study.works.filter(artwork__origin="machine").update(artwork=artwork)
    for path in [artwork.get_absolute_url(), *files(artwork)]:
        assert client.get(path).status_code == 404


def test_a_candidate_offers_nothing(client):
    for path in files(make_drawing(hung=False)):
        assert client.get(path).status_code == 404


def test_redrawing_loads_neither_torch_nor_numpy():
    code = "import generators.low_complexity.code, generators.low_complexity.svg, sys; "
    code += "sys.exit('torch' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

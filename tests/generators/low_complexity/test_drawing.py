"""What is drawn, how exactly, and that a program alone draws it again."""

import math
import subprocess
import sys
from base64 import urlsafe_b64decode

import numpy as np
import pytest
import torch

from generators.catalog import GENERATORS
from generators.low_complexity.code import Arc, Program, length_of, read_program
from generators.low_complexity.lattice import Circle
from generators.low_complexity.raster import coverage, pictures, tones
from generators.low_complexity.redraw import redrawn
from generators.low_complexity.search import Search, anneal, evolve
from generators.low_complexity.sketch import Sketch, imagined, sketch_of
from generators.low_complexity.strokes import FILLED, SYMMETRIES, Drawing, Sheet, Stroke
from generators.pictures import to_png
from generators.refused import Refused
from generators.spectrum import natural_spectrum

WHOLE = Stroke(Circle(1, 0, 0), 0.0, math.tau, FILLED, 3)


def stroke(**kw) -> Stroke:
    return WHOLE._replace(**kw)


def test_a_disc_covers_its_area():
    sheet = Sheet(200, 200)
    area = tones([Drawing(sheet, (WHOLE,))]).sum()
    assert float(area) == pytest.approx(math.pi * (sheet.scale / 2) ** 2, rel=1e-3)


def test_a_segment_lies_between_the_arc_and_its_chord():
    sheet = Sheet(200, 200)
    for sweep in (math.tau / 6, math.tau / 2, 5 * math.tau / 6):
        area = tones([Drawing(sheet, (stroke(start=0.7, sweep=sweep),))]).sum()
        expected = (sheet.scale / 2) ** 2 * (sweep - math.sin(sweep)) / 2
        assert float(area) == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize("pen", [0, 1, 2])
def test_a_line_covers_its_length_times_its_width_however_thin(pen):
    for side in (60, 300):
        sheet = Sheet(side, side)
        (mark,) = sheet.marks(stroke(pen=pen))
        area = coverage([mark], side, side).sum()
        assert float(area) == pytest.approx(math.tau * mark.radius * mark.width, rel=0.08)


def test_only_what_a_stroke_may_reach_is_touched():
    sheet = Sheet(120, 90, "three", whole=False)
    strokes = (stroke(circle=Circle(2, 1, 1), start=1.0, sweep=2.0, pen=2), WHOLE)
    together = torch.zeros(90, 120)
    for mark in sheet.all_marks(strokes):
        cover = coverage([mark], 90, 120)[0]
        together += cover * (mark.tone - together)
    torch.testing.assert_close(tones([Drawing(sheet, strokes)])[0], together)


def test_a_batch_is_its_drawings_one_by_one():
    drawings = [
        Drawing(Sheet(50, 40, symmetry), (stroke(circle=Circle(2, 2, 0)),))
        for symmetry in SYMMETRIES
    ]
    batch = pictures(drawings)
    assert batch.shape == (4, 3, 40, 50)
    for one, drawing in zip(batch, drawings, strict=True):
        assert torch.equal(one, pictures([drawing])[0])


@pytest.mark.parametrize(("symmetry", "turned"), [("mirror", None), ("three", 3), ("six", 6)])
def test_a_symmetric_drawing_is_symmetric(symmetry, turned):
    sheet = Sheet(80, 80, symmetry)
    shape = stroke(circle=Circle(2, 2, 1), start=0.3, sweep=2.0, pen=2)
    tone = tones([Drawing(sheet, (shape,))])[0]
    if symmetry == "mirror":
        torch.testing.assert_close(tone, tone.flip(1), atol=1e-3, rtol=0)
    else:
        parts = tones([Drawing(Sheet(80, 80), (shape,))])[0].sum()
        assert float(tone.sum()) == pytest.approx(turned * float(parts), rel=0.01)
    if symmetry == "six":
        torch.testing.assert_close(tone, tone.flip(0, 1), atol=1e-3, rtol=0)


def painted(content=None, **values):
    generator = GENERATORS["low_complexity"]
    params = generator.parse({"size": 96, "steps": 12, **values})
    return list(generator.load()(params, seed=5, content=content))


@pytest.mark.parametrize("code", ["arcs", "walk"])
def test_the_program_in_the_record_draws_the_picture_bit_by_bit(code, tmp_path):
    last = painted(code=code, aspect=1.5, symmetry="three")[-1]
    data = urlsafe_b64decode(last.facts["program"])
    (tmp_path / "work.arcs").write_bytes(data)
    command = ["-m", "generators", "redraw", tmp_path / "work.arcs", "-o", tmp_path / "work.png"]
    subprocess.run([sys.executable, *command], check=True)
    assert (tmp_path / "work.png").read_bytes() == to_png(last.image)
    program = read_program(data)
    assert last.facts["bits"] == str(len(program.bits))
    assert last.facts["arcs"] == str(len(program.drawing.strokes))


@pytest.mark.parametrize("bits", [64, 100, 300])
@pytest.mark.parametrize("method", ["annealing", "evolution"])
@pytest.mark.parametrize("code", ["arcs", "walk"])
def test_no_program_is_longer_than_was_asked_for(code, method, bits):
    facts = painted(code=code, method=method, bits=bits)[-1].facts
    assert int(facts["bits"]) <= bits


def test_without_filled_forms_there_are_lines_only():
    for method in ("annealing", "evolution"):
        facts = painted(fills="none", method=method)[-1].facts
        program = read_program(urlsafe_b64decode(facts["program"]))
        assert program.arcs
        assert all(arc.pen != FILLED for arc in program.arcs)


def test_the_essence_of_a_work_has_its_shape_and_comes_nearer_to_it():
    content = natural_spectrum(64, 96, 1.5, torch.Generator().manual_seed(2))
    frames = painted(content, steps=60, bits=1024)
    assert frames[-1].image.shape == (3, 64, 96)
    distances = [float(frame.note.rpartition(" ")[2]) for frame in frames]
    assert distances[-1] < 0.8 * distances[0]


def test_what_a_change_does_is_foretold_exactly():
    """The gains by which arcs are offered are the differences of tones drawn in full."""
    sheet = Sheet(64, 48, "mirror", whole=False)
    target = imagined(sheet, torch.Generator().manual_seed(1), 0.5)
    sketch = Sketch(sheet, target)
    search = Search(sketch, 400, 15, 0.5, np.random.default_rng(1))
    for found in anneal(search, walks=False):
        arcs = found.program.arcs
    from generators.low_complexity.search import Pursuit

    pursuit = Pursuit(search)
    gap = pursuit._gap(list(arcs), 1)
    offered = pursuit.pool[:5]
    gains = pursuit._gains(gap, pursuit.covers[:5], pursuit.squares[:5])
    for arc, row in zip(offered, gains, strict=True):
        for tone in range(4):
            changed = [*arcs[:1], arc._replace(tone=tone), *arcs[1:]]
            seen = sketch.tone([one.stroke for one in changed])
            before = sketch.tone([one.stroke for one in arcs])
            weight, goal = sketch.weight.flatten(), target.flatten()
            error = (weight * ((seen - goal) ** 2 - (before - goal) ** 2)).mean()
            assert float(row[tone]) == pytest.approx(float(error) / sketch.tone_unit, abs=1e-4)


def test_evolution_never_loses_what_it_has():
    sketch = Sketch(Sheet(64, 64), imagined(Sheet(64, 64), torch.Generator().manual_seed(3), 0.5))
    search = Search(sketch, 300, 12, 0.5, np.random.default_rng(0))
    values = [found.value for found in evolve(search, walks=True)]
    assert values == sorted(values, reverse=True)


def test_a_sketch_has_the_contents_lights_and_darks():
    picture = torch.ones(3, 64, 64)
    picture[:, :, :20] = 0.1
    picture[:, 10:20, 30:40] = 0.6
    ink = sketch_of(picture, Sheet(64, 64, whole=False))
    assert float(ink[:, :15].mean()) > float(ink[10:20, 30:40].mean()) > float(ink[40:, 40:].mean())


def test_a_program_that_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(Refused, match="cannot be read"):
        redrawn(tmp_path / "missing", ".png")
    (tmp_path / "long").write_bytes(b"\x00" * 5000)
    with pytest.raises(Refused, match="not the program of a drawing"):
        redrawn(tmp_path / "long", ".svg")


def test_a_drawing_is_a_png_or_an_svg(tmp_path):
    asked = [sys.executable, "-m", "generators", "redraw", "work.arcs", "-o", tmp_path / "work.gif"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "A drawing is a .png or an .svg file" in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_longer_program_of_arcs_counts_each(tmp_path):
    arcs = (Arc(Circle(0, 0, 0), 0, 0, 6, 0, 3),) * 3
    assert length_of(arcs) == len(Program(Sheet(64, 64), arcs=arcs).bits)
    (tmp_path / "three").write_bytes(Program(Sheet(64, 64), arcs=arcs).data)
    assert redrawn(tmp_path / "three", ".svg").count(b"<path") == 4

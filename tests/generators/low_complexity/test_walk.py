"""Sixteen commands, and no row of them that is wrong."""

import math

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.low_complexity import walk
from generators.low_complexity.code import Program
from generators.low_complexity.lattice import Circle, visible
from generators.low_complexity.raster import tones
from generators.low_complexity.strokes import FILLED, SYMMETRIES, TONES, Sheet
from generators.low_complexity.svg import to_svg

commands = st.lists(st.integers(0, 15), max_size=200)


@given(commands)
def test_every_row_of_commands_draws_legal_arcs(row):
    for stroke in walk.strokes(row):
        assert visible(stroke.circle)
        assert 0 < stroke.sweep <= math.tau
        assert 0 <= stroke.pen <= FILLED
        assert 0 <= stroke.tone < len(TONES)


@settings(max_examples=25)
@given(commands, st.sampled_from(SYMMETRIES))
def test_every_row_of_commands_can_be_painted(row, symmetry):
    drawing = Program(Sheet(40, 32, symmetry), commands=tuple(row)).drawing
    tone = tones([drawing])
    assert tone.shape == (1, 32, 40)
    assert bool(torch.isfinite(tone).all())
    assert 0 <= tone.min() <= tone.max() <= 1.00001
    assert to_svg(drawing).endswith("</svg>\n")


def test_an_arc_bulges_to_the_side_that_was_asked_for():
    (left,) = walk.strokes([0, walk.LEFT])  # one step to the right
    (right,) = walk.strokes([0, walk.RIGHT])
    for stroke, side in ((left, 1), (right, -1)):
        middle = stroke.start + stroke.sweep / 2
        chord_to_arc = stroke.circle.centre[1] + stroke.circle.radius * math.sin(middle)
        assert side * chord_to_arc > 0
        assert math.isclose(stroke.sweep, math.tau / 6, abs_tol=1e-6)


def test_arcs_go_on_where_the_last_one_ended():
    first, second = walk.strokes([0, walk.LEFT, 1, walk.LEFT])
    ends = [
        {
            (round(x, 6), round(y, 6))
            for angle in (stroke.start, stroke.start + stroke.sweep)
            for x in [stroke.circle.centre[0] + stroke.circle.radius * math.cos(angle)]
            for y in [stroke.circle.centre[1] + stroke.circle.radius * math.sin(angle)]
        }
        for stroke in (first, second)
    ]
    assert len(ends[0] & ends[1]) == 1


def test_at_the_mark_the_whole_circle_is_drawn_and_may_be_filled():
    circle, fill = walk.strokes([walk.SMALLER, walk.LEFT, walk.LIGHTER, walk.FILL])
    assert circle.circle == fill.circle == Circle(2, 0, 0)
    assert circle.sweep == math.tau
    assert (fill.pen, fill.tone) == (FILLED, circle.tone - 1)


def test_steps_out_of_the_frame_do_nothing():
    assert walk.strokes([*[0] * 50, walk.MARK, walk.LEFT]) == walk.strokes(
        [0, 0, walk.MARK, walk.LEFT]
    )

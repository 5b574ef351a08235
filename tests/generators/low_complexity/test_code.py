"""Programs say what they draw in as many bits as they say."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.low_complexity.bits import Reader, flat, gamma, packed, unpacked
from generators.low_complexity.code import (
    INKS,
    PAPERS,
    SHEET_BITS,
    Arc,
    Program,
    length_of,
    read_program,
)
from generators.low_complexity.lattice import Circle, circles, meeting_points
from generators.low_complexity.strokes import SYMMETRIES, Sheet
from generators.refused import Refused


@st.composite
def arcs(draw):
    circle = draw(st.integers(0, 5).flatmap(lambda level: st.sampled_from(circles(level))))
    fineness = draw(st.integers(0, 2))
    points = len(meeting_points(fineness))
    start, sweep = draw(st.integers(0, points - 1)), draw(st.integers(1, points))
    return Arc(circle, fineness, start, sweep, draw(st.integers(0, 3)), draw(st.integers(0, 3)))


sheets = st.builds(
    Sheet,
    st.integers(1, 2048),
    st.integers(1, 2048),
    st.sampled_from(SYMMETRIES),
    st.sampled_from(PAPERS),
    st.sampled_from(INKS),
    st.booleans(),
)
commands = st.lists(st.integers(0, 15), max_size=60).map(tuple)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n - 1), st.just(n))))
def test_flat_numbers_are_read_as_written(pair):
    number, count = pair
    bits = flat(number, count)
    assert Reader(bits).flat(count) == number
    assert len(bits) <= math.ceil(math.log2(count))


@given(st.integers(1, 10**6))
def test_gamma_numbers_are_read_as_written(number):
    assert Reader(gamma(number)).gamma() == number
    assert len(gamma(number)) == 2 * math.floor(math.log2(number)) + 1


@given(st.text("01", max_size=100))
def test_bits_in_bytes_keep_their_length(bits):
    assert unpacked(packed(bits)) == bits
    assert len(packed(bits)) == len(bits) // 8 + 1


@given(sheets, st.lists(arcs(), max_size=12).map(tuple))
def test_arcs_are_read_as_written_and_as_long_as_stated(sheet, drawn):
    program = Program(sheet, arcs=drawn)
    assert read_program(program.data) == program
    assert len(program.bits) == length_of(drawn) == SHEET_BITS + sum(arc.length for arc in drawn)


@given(sheets, commands)
def test_walks_are_read_as_written_and_take_four_bits_a_command(sheet, row):
    program = Program(sheet, commands=row)
    assert read_program(program.data) == program
    assert len(program.bits) == SHEET_BITS + 4 * len(row)


def test_large_circles_are_cheap():
    lengths = [Arc(Circle(level, 0, 0), 0, 0, 6, 1, 3).length for level in range(6)]
    assert lengths == sorted(lengths)
    assert lengths[0] <= 15 < 2 * lengths[0] <= lengths[-1] + 6


@given(arcs())
def test_an_arc_is_drawn_between_meeting_points(arc):
    stroke = arc.stroke
    points = meeting_points(arc.fineness)
    assert 0 < stroke.sweep <= math.tau
    assert stroke.start in points
    end = (stroke.start + stroke.sweep) % math.tau
    assert any(math.isclose(math.cos(end - point), 1, abs_tol=1e-12) for point in points)


@given(st.binary(max_size=60))
def test_other_bytes_are_a_program_or_refused(data):
    try:
        program = read_program(data)
    except Refused:
        return
    assert program.data == data


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x80", b"\xff", b"\x00" * 9])
def test_what_is_no_program_is_refused(data):
    with pytest.raises(Refused, match="not the program of a drawing"):
        read_program(data)


def test_an_arc_cut_short_is_refused():
    bits = Program(Sheet(64, 64), arcs=(Arc(Circle(2, 1, 0), 1, 3, 4, 0, 2),)).bits
    for missing in range(1, len(bits) - SHEET_BITS):
        with pytest.raises(Refused):
            read_program(packed(bits[:-missing]))

"""The circles of 1997, and where they meet."""

import math
from itertools import pairwise

import pytest

from generators.low_complexity.lattice import (
    LEVELS,
    NEIGHBOURS,
    Circle,
    circles,
    meeting_points,
    numbers,
    through,
    visible,
)


def test_as_many_circles_are_visible_as_in_the_paper():
    counts = [len(circles(level)) for level in range(LEVELS)]
    assert counts == [13, 31, 85, 295, 1039, 3943]


def test_numbers_are_stable_and_begin_in_the_middle():
    for level in range(LEVELS):
        assert circles(level)[0] == Circle(level, 0, 0)
        assert [numbers(level)[circle] for circle in circles(level)] == list(
            range(len(circles(level)))
        )
    assert circles(1)[1:4] == (Circle(1, -1, 0), Circle(1, -1, 1), Circle(1, 0, -1))


def test_only_circles_that_reach_into_the_frame_are_visible():
    for circle in circles(2):
        assert math.hypot(*circle.centre) < 1 + circle.radius
    assert not visible(Circle(0, 2, 0))


def test_each_circle_has_one_of_half_its_size_inside():
    for circle in circles(2):
        half = Circle(3, 2 * circle.a, 2 * circle.b)
        assert half.centre == pytest.approx(circle.centre)


@pytest.mark.parametrize("fineness", [0, 1, 2])
def test_legal_circles_meet_at_every_meeting_point_and_nowhere_else(fineness):
    """Found anew by walking around the circle."""
    small = 1 / (1 << fineness)
    reach = (2 << fineness) + 2
    centres: list[tuple[float, float]] = [
        (small * (a + b / 2), small * b * math.sqrt(3) / 2)
        for a in range(-2 * reach, 2 * reach + 1)
        for b in range(-2 * reach, 2 * reach + 1)
        if (a, b) != (0, 0)
    ]

    def off(angle: float) -> float:
        x, y = math.cos(angle), math.sin(angle)
        return float(min(abs(math.hypot(x - cx, y - cy) - small) for cx, cy in centres))

    for angle in meeting_points(fineness):
        assert off(angle) < 1e-8
    rising = meeting_points(fineness)
    assert sorted(rising) == list(rising)
    middles = [(a + b) / 2 for a, b in pairwise(rising)]
    assert min(off(angle) for angle in middles) > 1e-5


def test_circles_of_one_size_meet_at_six_points_of_their_lattice():
    assert meeting_points(0) == pytest.approx([n * math.tau / 6 for n in range(6)], abs=1e-8)


def test_the_circles_through_two_points_lie_on_either_side():
    left, right = through(0, (0, 0), (1, 0))
    assert left.centre[1] > 0 > right.centre[1]
    for end in [(1, 0), (1, 1), (2, 0), *NEIGHBOURS]:
        for circle in through(1, (0, 0), end):
            for point in ((0, 0), end):
                there = Circle(1, *point).centre
                assert math.dist(there, circle.centre) == pytest.approx(circle.radius)


@pytest.mark.parametrize("end", [(0, 0), (3, 0), (2, 1)])
def test_no_circle_passes_through_points_too_far_apart_or_the_same(end):
    assert through(1, (0, 0), end) == ()

"""The legal circles and where they meet. Pure Python, so that the web process can use it.

After Schmidhuber 1997, "Low-complexity art" (Leonardo 30:2, 97-103). The frame is a circle of
radius 1. Wherever circles of one size touch or cross, another of that size is legal, and every
legal circle has a legal one of half its radius inside it: the circles of level k have radius 2**-k
and centres on the hexagonal lattice of that spacing. Those that reach into the frame are visible:
13 of level 0, 31 of level 1, then 85, 295, 1039 and 3943.
"""

from __future__ import annotations

import math
from functools import cache
from itertools import product
from typing import NamedTuple

LEVELS = 6  # sizes of circles: radius 1 down to 1/32
FINENESS = 3  # sizes of circles that cut a circle into arcs: its own, half of it, a quarter
HEIGHT = math.sqrt(3) / 2  # of a lattice row, in spacings
# The neighbours of a lattice point, anticlockwise from the right (y upwards).
NEIGHBOURS = ((1, 0), (0, 1), (-1, 1), (-1, 0), (0, -1), (1, -1))


class Circle(NamedTuple):
    """A legal circle: its level and its centre, in steps of its radius along two axes 60 degrees
    apart."""

    level: int
    a: int
    b: int

    @property
    def radius(self) -> float:
        return 0.5**self.level

    @property
    def centre(self) -> tuple[float, float]:
        """(x, y) in radii of the frame, y upwards."""
        return self.radius * (self.a + self.b / 2), self.radius * self.b * HEIGHT


def norm(a: int, b: int) -> int:
    """The squared distance of a lattice point from the origin, in squared spacings; exact."""
    return a * a + a * b + b * b


def visible(circle: Circle) -> bool:
    """Whether the circle reaches into the frame: its centre is nearer than 1 + its radius."""
    return norm(circle.a, circle.b) < ((1 << circle.level) + 1) ** 2


@cache
def circles(level: int) -> tuple[Circle, ...]:
    """The visible circles of a level in their stable order: outwards, then by their two numbers."""
    reach = (1 << level) + 1
    span = range(-2 * reach, 2 * reach + 1)
    found = [Circle(level, a, b) for a, b in product(span, span) if visible(Circle(level, a, b))]
    return tuple(sorted(found, key=lambda one: (norm(one.a, one.b), one.a, one.b)))


@cache
def numbers(level: int) -> dict[Circle, int]:
    """The place of each visible circle in `circles(level)`."""
    return {circle: number for number, circle in enumerate(circles(level))}


@cache
def meeting_points(fineness: int) -> tuple[float, ...]:
    """The angles in radians, in 0..2 pi and rising, at which a legal circle is touched or crossed
    by legal circles that are 2**fineness times smaller.

    The lattice looks the same from each of its points, so the angles do too, for every circle of
    every size: 6 where circles of one size meet, 30 and 78 where smaller ones do.
    """
    small, found = 2.0**-fineness, set()
    reach = (1 << fineness) + 1
    for a, b in product(range(-2 * reach, 2 * reach + 1), repeat=2):
        distance = small * math.sqrt(norm(a, b))
        if not 1 - small - 1e-9 <= distance <= 1 + small + 1e-9 or distance == 0:
            continue
        towards = math.atan2(b * HEIGHT, a + b / 2)
        cosine = (1 + distance**2 - small**2) / (2 * distance)
        aside = math.acos(max(-1.0, min(1.0, cosine)))
        if aside < 1e-6:  # they touch
            aside = 0.0
        found |= {round((towards + turn) % math.tau, 9) for turn in (-aside, aside)}
    return tuple(sorted(angle % math.tau for angle in found if angle < math.tau - 1e-8))


def through(level: int, start: tuple[int, int], end: tuple[int, int]) -> tuple[Circle, ...]:
    """The two circles of the level that pass through both lattice points of that level, the one to
    the left of the way from `start` to `end` first; one twice where the points face each other;
    none where no circle of this size passes through both."""
    found = [
        (start[0] + a, start[1] + b)
        for a, b in NEIGHBOURS
        if norm(start[0] + a - end[0], start[1] + b - end[1]) == 1
    ]
    if start == end or not found:
        return ()

    def leftness(centre: tuple[int, int]) -> int:
        """Twice the area between the way and the centre, with the sign of the side."""
        way = end[0] - start[0], end[1] - start[1]
        seen = centre[0] - start[0], centre[1] - start[1]
        return way[0] * seen[1] - way[1] * seen[0]

    ranked = sorted(found, key=leftness, reverse=True)
    return Circle(level, *ranked[0]), Circle(level, *ranked[-1])

"""Sixteen commands that walk over the lattice and draw. Every row of commands is a drawing.

The walker stands on a lattice point, at first in the middle, at level 1; the mark lies there too.

    0-5    to the neighbour in one of six directions, as far as the radius of the level
    6, 7   to half the radius, to twice the radius (and the nearest point of that lattice)
    8      put the mark here
    9, 10  draw from the mark to here, bulging to the left or to the right of the way, and put the
           mark here: on a circle of the level through both, or, at the mark, the whole circle
    11, 12 a wider pen, a narrower pen
    13, 14 a lighter tone, a darker tone
    15     fill what lies between the last arc and its chord

A step out of the frame, a circle that does not exist, a pen beyond the widest: such a command does
nothing, so that no change to a program can break it. Pure Python.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from generators.low_complexity.lattice import (
    HEIGHT,
    LEVELS,
    NEIGHBOURS,
    Circle,
    norm,
    through,
    visible,
)
from generators.low_complexity.strokes import FILLED, PENS, TONES, Stroke

COMMANDS = 16
SMALLER, LARGER, MARK, LEFT, RIGHT, WIDER, NARROWER, LIGHTER, DARKER, FILL = range(6, 16)
FIRST_LEVEL = 1


class Walker:
    """Where the walk stands and what it has drawn."""

    def __init__(self) -> None:
        self.here = self.mark = Circle(FIRST_LEVEL, 0, 0)
        self.pen, self.tone = 1, len(TONES) - 1
        self.drawn: list[Stroke] = []

    def obey(self, command: int) -> None:
        """Carry out one command, 0..15."""
        if command < SMALLER:
            self._step(*NEIGHBOURS[command])
        elif command == SMALLER:
            self._to_level(self.here.level + 1)
        elif command == LARGER:
            self._to_level(self.here.level - 1)
        elif command == MARK:
            self.mark = self.here
        elif command in (LEFT, RIGHT):
            self._draw(command == LEFT)
        elif command in (WIDER, NARROWER):
            pen = self.pen + (1 if command == WIDER else -1)
            self.pen = min(max(pen, 0), len(PENS) - 1)
        elif command in (LIGHTER, DARKER):
            tone = self.tone + (1 if command == DARKER else -1)
            self.tone = min(max(tone, 0), len(TONES) - 1)
        elif self.drawn:
            self.drawn.append(self.drawn[-1]._replace(pen=FILLED, tone=self.tone))

    def _step(self, a: int, b: int) -> None:
        there = Circle(self.here.level, self.here.a + a, self.here.b + b)
        if norm(there.a, there.b) <= 4**there.level:
            self.here = there

    def _to_level(self, level: int) -> None:
        if 0 <= level < LEVELS:
            self.here = moved(self.here, level)

    def _draw(self, left: bool) -> None:
        level = self.here.level
        mark = moved(self.mark, level)
        here, self.mark = self.here, self.here
        if (mark.a, mark.b) == (here.a, here.b):
            self.drawn.append(Stroke(here, 0.0, math.tau, self.pen, self.tone))
            return
        found = through(level, (mark.a, mark.b), (here.a, here.b))
        if found:
            # The centre lies to the right of an arc that bulges to the left.
            circle = found[1] if left else found[0]
            if not visible(circle):
                return
            start, end = (here, mark) if left else (mark, here)
            begun = direction(circle, start)
            sweep = round((direction(circle, end) - begun) % math.tau, 9)
            self.drawn.append(Stroke(circle, begun, sweep, self.pen, self.tone))


def strokes(commands: Iterable[int]) -> tuple[Stroke, ...]:
    """What a row of commands draws."""
    walker = Walker()
    for command in commands:
        walker.obey(command)
    return tuple(walker.drawn)


def moved(circle: Circle, level: int) -> Circle:
    """The circle of another level with the same centre, or, where that lattice has no such point,
    one near it."""
    step = circle.level - level
    if step <= 0:
        return Circle(level, circle.a << -step, circle.b << -step)
    half = 1 << (step - 1)
    return Circle(level, (circle.a + half) >> step, (circle.b + half) >> step)


def direction(circle: Circle, point: Circle) -> float:
    """The angle in radians, in 0..2 pi, at which a point of the same level lies from the centre."""
    a, b = point.a - circle.a, point.b - circle.b
    return round(math.atan2(b * HEIGHT, a + b / 2) % math.tau, 9)

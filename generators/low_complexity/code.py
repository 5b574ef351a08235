"""The programs: a sheet in 30 bits, and then either arcs or commands until the bits end.

The sheet: 1 bit which code follows, 2 symmetry, 2 paper, 2 ink, 1 whether the whole frame is shown,
and 11 and 11 of width and height in pixels, less one.

Arcs, after the code of Schmidhuber 1997, where an arc is its circle's number, what its circle meets
at its start and at its end, and a pen:

    level       Elias gamma of level + 1: a circle of radius 1 takes one bit, one of 1/2 three
    circle      its number among the visible ones of that level, in truncated binary
    fineness    0, 10 or 11: it is cut by circles of its own size, of half or of a quarter of it
    start       which of the points where those meet it
    sweep       how many such points further it ends; all around is the whole circle
    pen, tone   2 bits and 2 bits

A large plain arc takes about 15 bits and a small one 30. A start and a sweep name every arc between
two meeting points once, where the numbers of two circles would name most of them many times over.

Commands are 4 bits each, and every row of them draws something or nothing (`walk.py`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, get_args

from generators.low_complexity import walk
from generators.low_complexity.bits import BROKEN, Reader, flat, gamma, packed, unpacked
from generators.low_complexity.lattice import (
    FINENESS,
    LEVELS,
    Circle,
    circles,
    meeting_points,
    numbers,
)
from generators.low_complexity.strokes import (
    SYMMETRIES,
    Drawing,
    Ink,
    Paper,
    Sheet,
    Stroke,
)
from generators.refused import Refused

PAPERS: tuple[Paper, ...] = get_args(Paper)
INKS: tuple[Ink, ...] = get_args(Ink)
SHEET_BITS = 30
FINE = ("0", "10", "11")


class Arc(NamedTuple):
    """A legal arc as it is coded. `start` and `sweep` count meeting points; the sweep is from 1 to
    as many as there are, which is the whole circle."""

    circle: Circle
    fineness: int
    start: int
    sweep: int
    pen: int
    tone: int

    @property
    def bits(self) -> str:
        points = len(meeting_points(self.fineness))
        level = self.circle.level
        return (
            gamma(level + 1)
            + flat(numbers(level)[self.circle], len(circles(level)))
            + FINE[self.fineness]
            + flat(self.start, points)
            + flat(self.sweep - 1, points)
            + f"{self.pen:02b}{self.tone:02b}"
        )

    @property
    def length(self) -> int:
        """How many bits it takes."""
        return len(self.bits)

    @property
    def stroke(self) -> Stroke:
        points = meeting_points(self.fineness)
        start = points[self.start]
        sweep = math.tau
        if self.sweep < len(points):
            sweep = (points[(self.start + self.sweep) % len(points)] - start) % math.tau
        return Stroke(self.circle, start, sweep, self.pen, self.tone)


@dataclass(frozen=True, slots=True)
class Program:
    """A drawing as it was written: arcs, or a string of the walk's commands (0..15)."""

    sheet: Sheet
    arcs: tuple[Arc, ...] = ()
    commands: tuple[int, ...] | None = None  # None: these are arcs

    @property
    def bits(self) -> str:
        sheet = self.sheet
        head = "0" if self.commands is None else "1"
        head += f"{SYMMETRIES.index(sheet.symmetry):02b}{PAPERS.index(sheet.paper):02b}"
        head += f"{INKS.index(sheet.ink):02b}{int(sheet.whole)}"
        head += f"{sheet.width - 1:011b}{sheet.height - 1:011b}"
        if self.commands is None:
            return head + "".join(arc.bits for arc in self.arcs)
        return head + "".join(f"{command:04b}" for command in self.commands)

    @property
    def data(self) -> bytes:
        """The program in whole bytes, up to one byte longer than its bits."""
        return packed(self.bits)

    @property
    def drawing(self) -> Drawing:
        if self.commands is None:
            return Drawing(self.sheet, tuple(arc.stroke for arc in self.arcs))
        return Drawing(self.sheet, walk.strokes(self.commands))


def read_program(data: bytes) -> Program:
    """The program that these bytes hold. Raises Refused for bytes that hold none."""
    reader = Reader(unpacked(data))
    walks = reader.take(1) == "1"
    symmetry, paper, ink = (int(reader.take(2), 2) for _ in range(3))
    whole = reader.take(1) == "1"
    width, height = (int(reader.take(11), 2) + 1 for _ in range(2))
    sheet = Sheet(width, height, SYMMETRIES[symmetry], PAPERS[paper], INKS[ink], whole)
    if walks:
        commands = []
        while not reader.done:
            commands.append(int(reader.take(4), 2))
        return Program(sheet, commands=tuple(commands))
    arcs = []
    while not reader.done:
        arcs.append(_read_arc(reader))
    return Program(sheet, arcs=tuple(arcs))


def _read_arc(reader: Reader) -> Arc:
    level = reader.gamma() - 1
    if level >= LEVELS:
        raise Refused(BROKEN)
    circle = circles(level)[reader.flat(len(circles(level)))]
    fineness = 0
    while fineness < FINENESS - 1 and reader.take(1) == "1":
        fineness += 1
    points = len(meeting_points(fineness))
    start, sweep = reader.flat(points), reader.flat(points) + 1
    return Arc(circle, fineness, start, sweep, int(reader.take(2), 2), int(reader.take(2), 2))


def length_of(arcs: Sequence[Arc]) -> int:
    """How many bits a program of these arcs has."""
    return SHEET_BITS + sum(arc.length for arc in arcs)

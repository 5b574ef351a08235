"""Arcs and commands at random, and programs that differ a little from one that there is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from generators.low_complexity import walk
from generators.low_complexity.code import SHEET_BITS, Arc, Program, length_of
from generators.low_complexity.lattice import (
    FINENESS,
    LEVELS,
    NEIGHBOURS,
    Circle,
    circles,
    meeting_points,
    numbers,
)
from generators.low_complexity.strokes import FILLED, PENS, TONES, Sheet

# How often an arc is drawn from each level, with each fineness, and each line with each pen.
LEVEL_ODDS = (0.10, 0.22, 0.30, 0.24, 0.14, 0.0)
FINE_ODDS = (0.55, 0.35, 0.10)
LINE_ODDS = (0.3, 0.45, 0.25)


def random_arc(rng: np.random.Generator, sheet: Sheet, fills: float) -> Arc:
    """One whose circle can be seen; a share `fills` of them is filled."""
    level = int(rng.choice(LEVELS, p=LEVEL_ODDS))
    near = on_sheet(sheet, level)
    circle = near[int(rng.integers(len(near)))]
    fineness = int(rng.choice(FINENESS, p=FINE_ODDS))
    points = len(meeting_points(fineness))
    sweep = points if rng.random() < 0.2 else int(rng.integers(1, points + 1))
    filled = rng.random() < fills
    pen = FILLED if filled else int(rng.choice(len(PENS), p=LINE_ODDS))
    start = 0 if sweep == points else int(rng.integers(points))
    return Arc(circle, fineness, start, sweep, pen, int(rng.integers(len(TONES))))


@cache
def on_sheet(sheet: Sheet, level: int) -> tuple[Circle, ...]:
    """The visible circles of a level of which some part is on the sheet."""
    across = sheet.width / 2 / sheet.scale
    up = sheet.height / 2 / sheet.scale
    return tuple(
        circle
        for circle in circles(level)
        if abs(circle.centre[0]) < across + circle.radius
        and abs(circle.centre[1]) < up + circle.radius
    )


def changed_arc(rng: np.random.Generator, arc: Arc, fills: float) -> Arc:
    """One like it: moved by a step, longer or shorter, on a larger or smaller circle, in another
    tone or with another pen."""
    kind = rng.random()
    points = len(meeting_points(arc.fineness))
    if kind < 0.3:
        a, b = NEIGHBOURS[int(rng.integers(6))]
        circle = Circle(arc.circle.level, arc.circle.a + a, arc.circle.b + b)
        return arc._replace(circle=circle) if circle in numbers(circle.level) else arc
    if kind < 0.5:
        turn = int(rng.integers(1, 3)) * (1 if rng.random() < 0.5 else -1)
        return arc._replace(start=(arc.start + turn) % points)
    if kind < 0.7:
        more = int(rng.integers(1, 3)) * (1 if rng.random() < 0.5 else -1)
        return arc._replace(sweep=min(max(arc.sweep + more, 1), points))
    if kind < 0.8:
        level = arc.circle.level + (1 if rng.random() < 0.5 else -1)
        circle = walk.moved(arc.circle, min(max(level, 0), LEVELS - 2))
        return arc._replace(circle=circle) if circle in numbers(circle.level) else arc
    if kind < 0.9:
        return refined(arc, int(rng.choice(FINENESS, p=FINE_ODDS)))
    filled = rng.random() < fills
    return arc._replace(pen=FILLED if filled else int(rng.choice(len(PENS), p=LINE_ODDS)))


def room_for_fills(arcs: Sequence[Arc], budget: int, fills: float) -> int:
    """How many more bits filled arcs may take: their share of the budget is at most `fills`."""
    return int(fills * budget) - sum(arc.length for arc in arcs if arc.pen == FILLED)


def refined(arc: Arc, fineness: int) -> Arc:
    """The arc between the nearest points of another fineness."""
    ours, theirs = meeting_points(arc.fineness), meeting_points(fineness)
    if arc.sweep == len(ours):
        return arc._replace(fineness=fineness, start=0, sweep=len(theirs))
    ends = [ours[arc.start], ours[(arc.start + arc.sweep) % len(ours)]]
    near = [_nearest(theirs, end) for end in ends]
    sweep = (near[1] - near[0]) % len(theirs) or 1
    return arc._replace(fineness=fineness, start=near[0], sweep=sweep)


def _nearest(angles: Sequence[float], angle: float) -> int:
    return max(range(len(angles)), key=lambda place: math.cos(angles[place] - angle))


def varied(rng: np.random.Generator, program: Program, budget: int, fills: float) -> Program:
    """A program that differs in one or a few places and has at most `budget` bits."""
    if program.commands is not None:
        room = (budget - SHEET_BITS) // 4
        return replace(program, commands=varied_commands(rng, program.commands, room))
    arcs = list(program.arcs)
    for _ in range(int(rng.geometric(0.6))):
        kind = rng.random()
        place = int(rng.integers(len(arcs) + 1))
        if kind < 0.3 or not arcs:
            arcs.insert(place, random_arc(rng, program.sheet, fills))
        elif kind < 0.4:
            arcs.pop(min(place, len(arcs) - 1))
        elif kind < 0.5:
            arcs.insert(place, arcs.pop(int(rng.integers(len(arcs)))))
        elif kind < 0.6:
            chosen = min(place, len(arcs) - 1)
            arcs[chosen] = arcs[chosen]._replace(tone=int(rng.integers(len(TONES))))
        else:
            chosen = min(place, len(arcs) - 1)
            arcs[chosen] = changed_arc(rng, arcs[chosen], fills)
    while length_of(arcs) > budget or room_for_fills(arcs, budget, fills) < 0:
        arcs.pop(int(rng.integers(len(arcs))))
    return replace(program, arcs=tuple(arcs))


def random_commands(rng: np.random.Generator, count: int) -> tuple[int, ...]:
    return tuple(int(command) for command in rng.integers(walk.COMMANDS, size=count))


def varied_commands(
    rng: np.random.Generator, commands: tuple[int, ...], room: int
) -> tuple[int, ...]:
    """Commands replaced, put in, taken out, repeated or exchanged; at most `room` of them."""
    row = list(commands)
    for _ in range(int(rng.geometric(0.5))):
        kind = rng.random()
        place = int(rng.integers(len(row) + 1))
        length = int(rng.integers(1, 9))
        if kind < 0.35 and row:
            row[min(place, len(row) - 1)] = int(rng.integers(walk.COMMANDS))
        elif kind < 0.6 or not row:
            row[place:place] = random_commands(rng, int(rng.integers(1, 5)))
        elif kind < 0.75:
            del row[place : place + length]
        elif kind < 0.9:
            row[place:place] = row[max(0, place - length) : place]
        else:
            part = row[place : place + length]
            del row[place : place + length]
            other = int(rng.integers(len(row) + 1))
            row[other:other] = part
    return tuple(row[:room])

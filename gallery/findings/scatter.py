"""Works on a plane: a point each, its interval and its picture on hover or focus.

Drawn on 100 x 100 units and scaled as a whole; letters are written beside, in the page's own type.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from gallery.findings.bootstrap import Interval
from gallery.findings.charts import Table, rounded
from gallery.findings.works_shown import WorkShown

WIDTH, HEIGHT, EDGE = 640, 520, 44  # units, and what the axes' words take of them
PEEK = 132  # units: the picture's side


@dataclass(frozen=True)
class Mark:
    """A work at (x, y) with the ends of both intervals; `peek` is where its picture goes."""

    mark: str
    x: str
    y: str
    x1: str
    x2: str
    y1: str
    y2: str
    peek_x: str
    peek_y: str
    work: WorkShown
    told: str


@dataclass(frozen=True)
class Anchor:
    """A named point that is no work: what noise got, what a plain field got."""

    x: str
    y: str
    label: str


@dataclass(frozen=True)
class Line:
    at: str
    label: str


@dataclass(frozen=True)
class Scatter:
    """Points with words on both axes."""

    name: str
    title: str
    told: str
    x_name: str
    y_name: str
    x_lines: tuple[Line, ...]
    y_lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    anchors: tuple[Anchor, ...]
    table: Table

    template = "findings/scatter.svg"


@dataclass(frozen=True)
class Point:
    side: str
    x: Interval
    y: Interval
    work: WorkShown
    told: str


def scatter(
    name: str,
    *,
    title: str,
    told: str,
    names: tuple[str, str],
    points: Sequence[Point],
    table: Table,
    anchors: Sequence[tuple[float, float, str]] = (),
) -> Scatter:
    """`names` are those of the axes, x first; `anchors` are (x, y, label)."""
    xs = [point.x.estimate for point in points] + [x for x, _y, _label in anchors]
    ys = [point.y.estimate for point in points] + [y for _x, y, _label in anchors]
    across, down = _Reach.of(xs, EDGE, WIDTH - 12), _Reach.of(ys, HEIGHT - EDGE, 24)
    marks = tuple(
        Mark(
            point.side,
            *(across.at(point.x.estimate), down.at(point.y.estimate)),
            *(across.at(point.x.low), across.at(point.x.high)),
            *(down.at(point.y.low), down.at(point.y.high)),
            *_peek(float(across.at(point.x.estimate)), float(down.at(point.y.estimate))),
            point.work,
            point.told,
        )
        for point in points
    )
    drawn = tuple(Anchor(across.at(x), down.at(y), label) for x, y, label in anchors)
    return Scatter(name, title, told, *names, across.lines(), down.lines(), marks, drawn, table)


def _peek(x: float, y: float) -> tuple[str, str]:
    """Where the picture goes so that it stays inside."""
    left = x + 14 if x < WIDTH / 2 else x - 14 - PEEK
    return f"{left:.0f}", f"{min(max(y - PEEK / 2, 4), HEIGHT - EDGE - PEEK):.0f}"


@dataclass(frozen=True)
class _Reach:
    """Numbers from `low` to `high` on units from `first` to `last`, with `step` between lines."""

    low: float
    high: float
    step: float
    first: float
    last: float

    @classmethod
    def of(cls, values: Sequence[float], first: float, last: float) -> _Reach:
        least, most = min(values, default=0.0), max(values, default=1.0)
        rough = max(most - least, 1e-6) / 6
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(power * n for n in (1, 2, 5, 10) if power * n >= rough)
        low, high = math.floor(least / step) * step, math.ceil(most / step) * step
        return cls(low, high if high > low else low + step, step, first, last)

    def at(self, value: float) -> str:
        inside = min(max(value, self.low), self.high)
        share = (inside - self.low) / (self.high - self.low)
        return f"{self.first + share * (self.last - self.first):.1f}"

    def lines(self) -> tuple[Line, ...]:
        decimals = max(0, -math.floor(math.log10(self.step)))
        count = round((self.high - self.low) / self.step)
        values = [self.low + n * self.step for n in range(count + 1)]
        return tuple(Line(self.at(value), rounded(value, decimals)) for value in values)

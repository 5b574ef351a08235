"""Figures as shapes: what to draw where, and the same numbers as a table.

Widths and places are percentages of the figure's width and written as text with a point, whatever
the language; heights and type are in pixels. So a figure fits any screen without its type
shrinking, and needs no style attribute. Colour and weight are the stylesheet's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from gallery.findings.bootstrap import Interval
from gallery.findings.results import Counts

NARROWEST_LABELLED = 6.0  # per cent of the width: two digits fit even on a phone
PLOT_FROM, PLOT_TO = 7.0, 93.0  # per cent; half of the end labels of the axis needs the rest
BAR_PITCH = 72  # pixels from bar to bar
REACH_PITCH = 64  # pixels from interval to interval

LONG = 12  # rows; a longer table without a figure opens on demand

Cells = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The twin of a figure; the first cell of each row is its heading."""

    head: Cells
    rows: tuple[Cells, ...]

    @property
    def is_long(self) -> bool:
        return len(self.rows) > LONG


@dataclass(frozen=True)
class Segment:
    """One answer's part of a bar. `figure` is its percentage, or empty where it would not fit."""

    x: str
    width: str
    middle: str
    shade: str
    figure: str
    told: str


@dataclass(frozen=True)
class Bar:
    """One side's answers; `mark` is human or machine, and names colour and shape."""

    mark: str
    label: str
    y: int
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Bars:
    """Stacked bars, each as wide as the figure: the shares of the answers of one side."""

    name: str  # unique on the page
    title: str
    told: str  # the figure in words, for those who do not see it
    ends: tuple[str, str]
    bars: tuple[Bar, ...]
    table: Table

    template = "findings/bars.svg"

    @property
    def foot(self) -> int:
        return BAR_PITCH * len(self.bars) + 6


@dataclass(frozen=True)
class Tick:
    x: str
    label: str
    zero: bool


@dataclass(frozen=True)
class Line:
    """A value that is no row: a dashed line, in words where one points at it and in the table."""

    x: str
    label: str


@dataclass(frozen=True)
class Reach:
    """One interval: from `x1` to `x2` with its estimate at `x`."""

    label: str
    value: str
    y: int
    x1: str
    x2: str
    x: str


@dataclass(frozen=True)
class Intervals:
    """Intervals on one axis; `ends` say what left and right mean."""

    name: str
    title: str
    told: str
    ends: tuple[str, str]
    ticks: tuple[Tick, ...]
    reaches: tuple[Reach, ...]
    table: Table
    band: tuple[str, str] | None = None  # where it begins and how wide it is
    beside: tuple[Line, ...] = ()  # to compare with

    template = "findings/intervals.svg"

    @property
    def floor(self) -> int:
        return REACH_PITCH * len(self.reaches)

    @property
    def tick_labels(self) -> int:
        return self.floor + 18

    @property
    def foot(self) -> int:
        return self.floor + 44


@dataclass(frozen=True)
class Axis:
    """A stretch of numbers laid on the plot's width. Differences carry a sign. The tick at `zero`
    is where nothing would be found: no difference, or a coin's half; ratings have none."""

    ticks: tuple[float, ...]
    zero: float | None
    unit: Literal["difference", "per cent", "points"]

    def place(self, value: float) -> str:
        share = (value - self.ticks[0]) / (self.ticks[-1] - self.ticks[0])
        return _percent(PLOT_FROM + share * (PLOT_TO - PLOT_FROM))

    def width(self, low: float, high: float) -> str:
        return _percent(float(self.place(high)[:-1]) - float(self.place(low)[:-1]))

    def label(self, value: float, decimals: int) -> str:
        if self.unit == "per cent":
            return percent(value)
        return signed(value, decimals) if self.unit == "difference" else rounded(value, decimals)

    def tell(self, interval: Interval) -> str:
        """The estimate and, in brackets, its interval."""
        return _("%(value)s (%(low)s to %(high)s)") % {
            "value": self.label(interval.estimate, 2),
            "low": self.label(interval.low, 2),
            "high": self.label(interval.high, 2),
        }


@dataclass(frozen=True)
class Band:
    """A stretch of an axis that is shaded, such as differences too small to matter."""

    low: float
    high: float


SHARES = Axis((0.0, 25.0, 50.0, 75.0, 100.0), zero=50.0, unit="per cent")
RATINGS = Axis((1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0), zero=None, unit="points")


def chances_axis(intervals: Sequence[Interval]) -> Axis:
    """Per cents about a half, as near to it as the intervals allow."""
    furthest = max(max(abs(i.low - 50), abs(i.high - 50)) for i in intervals)
    step = next((s for s in (5.0, 10.0, 20.0) if furthest <= 2 * s), 25.0)
    return Axis(tuple(50 + step * n for n in range(-2, 3)), zero=50.0, unit="per cent")


def rounded(value: float, decimals: int) -> str:
    """As the language writes numbers. Django's own formatting cuts decimals off instead."""
    return number_format(round(value, decimals), decimals)


def signed(value: float, decimals: int) -> str:
    """With a true minus or a plus; a value that rounds to nothing has neither."""
    shown = rounded(abs(value), decimals)
    if round(abs(value), decimals) == 0:
        return shown
    return f"−{shown}" if value < 0 else f"+{shown}"


def percent(value: float) -> str:
    """A value in per cent, rounded to a whole one."""
    return _("%(number)s%%") % {"number": rounded(value, 0)}


def whole(number: int) -> str:
    """With its thousands grouped as the language does."""
    return number_format(number, 0, force_grouping=True)


def bars(
    name: str,
    *,
    title: str,
    told: str,
    answers: Sequence[str],
    sides: Sequence[tuple[str, str]],
    counts: Sequence[Counts],
) -> Bars:
    """Stacked bars of `counts`, one row a side; `sides` are (mark, label), `answers` in words."""
    drawn = tuple(
        Bar(mark, label, BAR_PITCH * n, _segments(row, answers))
        for n, ((mark, label), row) in enumerate(zip(sides, counts, strict=True))
    )
    rows = tuple(
        (answer, *(share_and_count(row[n], sum(row)) for row in counts))
        for n, answer in enumerate(answers)
    )
    total = (_("All"), *(whole(sum(row)) for row in counts))
    head = (_("Answer"), *(label for _mark, label in sides))
    return Bars(name, title, told, (answers[0], answers[-1]), drawn, Table(head, (*rows, total)))


def intervals(
    name: str,
    *,
    title: str,
    told: str,
    ends: tuple[str, str],
    axis: Axis,
    rows: Sequence[tuple[str, Interval]],
    table: Table,
    values: Sequence[str] = (),
    band: Band | None = None,
    beside: Sequence[tuple[float, str]] = (),
) -> Intervals:
    """Intervals of `rows`, (label, interval) each, on a shared axis; `values` are what is written
    beside each where it is not the interval itself; `beside` are values to compare with."""
    decimals = 1 if all(tick % 0.5 == 0 for tick in axis.ticks) else 2
    if axis.unit == "points":
        decimals = 0
    ticks = tuple(Tick(axis.place(t), axis.label(t, decimals), t == axis.zero) for t in axis.ticks)
    reaches = tuple(
        Reach(
            label,
            values[n] if values else axis.tell(interval),
            REACH_PITCH * n,
            axis.place(interval.low),
            axis.place(interval.high),
            axis.place(interval.estimate),
        )
        for n, (label, interval) in enumerate(rows)
    )
    shaded = (axis.place(band.low), axis.width(band.low, band.high)) if band else None
    lines = tuple(
        Line(axis.place(value), f"{label} {rounded(value, 1)}") for value, label in beside
    )
    return Intervals(name, title, told, ends, ticks, reaches, table, shaded, lines)


def share_and_count(part: int, of: int) -> str:
    """A cell of a table: the share and, in brackets, the count behind it."""
    return _("%(percent)s (%(count)s)") % {
        "percent": percent(100 * part / of if of else 0),
        "count": whole(part),
    }


def _segments(row: Counts, answers: Sequence[str]) -> tuple[Segment, ...]:
    total, start, drawn = sum(row), 0.0, []
    for n, (count, answer) in enumerate(zip(row, answers, strict=True), 1):
        width = 100 * count / total if total else 0.0
        if count:
            drawn.append(
                Segment(
                    x=_percent(start),
                    width=_percent(width),
                    middle=_percent(start + width / 2),
                    shade=f"shade-{n}",
                    figure=rounded(width, 0) if width >= NARROWEST_LABELLED else "",
                    told=f"{answer}: {share_and_count(count, total)}",
                )
            )
        start += width
    return tuple(drawn)


def _percent(value: float) -> str:
    return f"{value:.2f}%"

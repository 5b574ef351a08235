"""A row of dots for each side, one dot a work, heaped where works lie together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from gallery.findings.charts import SHARES, Table, Tick, percent
from gallery.findings.works_shown import WorkShown

STEP = 2.5  # per cent: works closer than this are heaped
LIFT, HIGHEST = 10, 7  # pixels from dot to dot, and how many before they overlap
PITCH = 118  # pixels from side to side
BASE = 106  # pixels from a side's top to its lowest dot


@dataclass(frozen=True)
class Dot:
    """One work, at `x` in per cent of the width and `y` pixels down its row."""

    x: str
    y: int
    url: str
    told: str


@dataclass(frozen=True)
class Row:
    mark: str
    label: str
    y: int
    dots: tuple[Dot, ...]


@dataclass(frozen=True)
class Dots:
    """Works by a share of 0 to 100 per cent."""

    name: str
    title: str
    told: str
    ticks: tuple[Tick, ...]
    rows: tuple[Row, ...]
    table: Table

    template = "findings/dots.svg"

    @property
    def floor(self) -> int:
        return PITCH * len(self.rows)

    @property
    def tick_labels(self) -> int:
        return self.floor + 18


def dots(
    name: str,
    *,
    title: str,
    told: str,
    sides: Sequence[tuple[str, str]],
    points: Sequence[tuple[int, float, WorkShown]],
    table: Table,
) -> Dots:
    """`points` are (side, per cent, work); `sides` are (mark, label)."""
    rows = []
    for side, (mark, label) in enumerate(sides):
        heaps: Counter[int] = Counter()
        drawn = []
        for its_side, share, work in points:
            if its_side == side:
                place = round(share / STEP)
                lift = min(heaps[place], HIGHEST)
                heaps[place] += 1
                x = SHARES.place(place * STEP)
                words = f"{work.title}, {work.maker}: {percent(share)}"
                drawn.append(Dot(x, BASE - LIFT * lift, work.url, words))
        rows.append(Row(mark, label, PITCH * side, tuple(drawn)))
    ticks = tuple(Tick(SHARES.place(t), SHARES.label(t, 0), t == SHARES.zero) for t in SHARES.ticks)
    return Dots(name, title, told, ticks, tuple(rows), table)

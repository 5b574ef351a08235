"""Axes and numbers: what is drawn is where it belongs, and what is written is exact."""

import pytest
from django.utils.translation import override

from gallery.findings.bootstrap import Interval
from gallery.findings.charts import (
    SHARES,
    Band,
    Intervals,
    Table,
    chances_axis,
    intervals,
    percent,
    rounded,
    signed,
    whole,
)

pytestmark = pytest.mark.any_database


def drawn(*rows: Interval, axis=None) -> Intervals:
    return intervals(
        "x",
        title="",
        told="",
        ends=("", ""),
        axis=axis or chances_axis(rows),
        rows=[("", row) for row in rows],
        table=Table((), ()),
    )


@pytest.mark.parametrize("furthest", [0.0, 0.1, 9.9, 10.0, 10.1, 19, 21, 40, 41, 50])
def test_an_axis_holds_every_interval_and_labels_its_ticks_exactly(furthest):
    axis = chances_axis([Interval(50, 50 - furthest, 50), Interval(50, 49.9, 50 + furthest / 2)])
    assert axis.ticks[0] <= 50 - furthest
    assert axis.ticks[0] + axis.ticks[-1] == 100
    assert len(axis.ticks) == 5
    labels = [t.label for t in drawn(Interval(50, 50, 50), axis=axis).ticks]
    assert [float(label.rstrip("%")) for label in labels] == list(axis.ticks)


def test_an_interval_lies_where_its_numbers_are():
    chart = drawn(Interval(60, 45, 70))
    places = {t.label: float(t.x.rstrip("%")) for t in chart.ticks}
    reach = chart.reaches[0]
    assert float(reach.x1.rstrip("%")) == pytest.approx(
        places["30%"] + 0.75 * (places["50%"] - places["30%"]), abs=0.01
    )
    assert float(reach.x2.rstrip("%")) == places["70%"]
    assert [t.label for t in chart.ticks if t.zero] == ["50%"]
    assert reach.value == "60% (45% to 70%)"


def test_a_band_and_what_is_beside_lie_on_the_same_axis():
    chart = intervals(
        "x",
        title="",
        told="",
        ends=("", ""),
        axis=SHARES,
        rows=[("", Interval(60, 45, 70))],
        table=Table((), ()),
        band=Band(25, 75),
        beside=[(50, "half")],
    )
    places = {t.label: t.x for t in chart.ticks}
    assert chart.band
    assert chart.band[0] == places["25%"]
    assert float(chart.band[1][:-1]) == pytest.approx(43, abs=0.01)
    assert [(line.x, line.label) for line in chart.beside] == [(places["50%"], "half 50.0")]


def test_shares_are_marked_at_half():
    chart = drawn(Interval(60, 52.5, 67.4), axis=SHARES)
    assert [t.label for t in chart.ticks if t.zero] == ["50%"]
    assert chart.reaches[0].value == "60% (52% to 67%)"


@pytest.mark.parametrize(
    ("value", "told"), [(0.424, "+0.42"), (-0.426, "−0.43"), (0.004, "0.00"), (-0.004, "0.00")]
)
def test_a_difference_is_rounded_and_signed(value, told):
    assert signed(value, 2) == told


def test_numbers_are_rounded_not_cut():
    assert rounded(67.53, 0) == "68"
    assert percent(99.6) == "100%"


def test_numbers_are_written_as_the_language_does():
    with override("de"):
        assert (rounded(0.426, 2), whole(4620)) == ("0,43", "4.620")
    with override("en"):
        assert (rounded(0.426, 2), whole(4620)) == ("0.43", "4,620")

"""Axes and numbers: what is drawn is where it belongs, and what is written is exact."""

import pytest
from django.utils.translation import override

from gallery.findings.bootstrap import Interval
from gallery.findings.charts import (
    SHARES,
    Intervals,
    Table,
    differences_axis,
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
        axis=axis or differences_axis(rows),
        rows=[("", row) for row in rows],
        table=Table((), ()),
    )


@pytest.mark.parametrize(
    "furthest", [0.0, 0.001, 0.25, 0.26, 0.75, 0.76, 1.5, 1.51, 2.99, 3.01, 5.9, 6.0]
)
def test_an_axis_holds_every_interval_and_labels_its_ticks_exactly(furthest):
    axis = differences_axis([Interval(0, -furthest, 0), Interval(0, -0.001, furthest / 2)])
    assert axis.ticks[0] <= -furthest
    assert axis.ticks[-1] == -axis.ticks[0]
    assert 0.0 in axis.ticks
    assert len(axis.ticks) <= (5 if axis.ticks[1] % 0.5 or axis.ticks[0] % 0.5 else 7)
    labels = [t.label for t in drawn(Interval(0, -furthest, furthest), axis=axis).ticks]
    assert [float(label.replace("−", "-")) for label in labels] == list(axis.ticks)


def test_an_interval_lies_where_its_numbers_are():
    chart = drawn(Interval(0.5, -0.25, 1.5))
    places = {t.label: float(t.x.rstrip("%")) for t in chart.ticks}
    reach = chart.reaches[0]
    assert float(reach.x.rstrip("%")) == places["+0.5"]
    assert float(reach.x1.rstrip("%")) == pytest.approx(
        (places["−0.5"] + places["0.0"]) / 2, abs=0.01
    )
    assert float(reach.x2.rstrip("%")) == places["+1.5"]
    assert [t.label for t in chart.ticks if t.zero] == ["0.0"]
    assert reach.value == "+0.50 (−0.25 to +1.50)"


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

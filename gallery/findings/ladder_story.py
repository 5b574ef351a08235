"""A ladder told: how the answers change from its lowest rung to its highest."""

from __future__ import annotations

from django.utils.translation import gettext as _

from gallery.findings.bootstrap import Interval
from gallery.findings.charts import RATINGS, Intervals, Table, intervals, rounded, signed, whole
from gallery.findings.ladders import Climb, Climbed, Rung
from gallery.findings.sections import Section, name_of
from gallery.studies.models import Item
from gallery.works.recipes import key_in_words

MOST_DRAWN = 12  # rungs, of which findings.css knows the height; a longer ladder is a table


def ladder_section(number: int, ladder: Climbed) -> Section:
    """A section with one figure a scale, or with one table where no rung can be drawn."""
    knob = key_in_words(ladder.knob)
    heading = _("%(maker)s, from little to much: %(knob)s") % {"maker": ladder.maker, "knob": knob}
    figures = tuple(
        _figure(f"ladder-{number}-{climb.item}", climb, knob)
        for climb in ladder.climbs
        if _can_be_drawn(climb)
    )
    caveat = _(
        # xgettext:no-python-format
        "These works were asked for alike but for this one value, each value equally often and in "
        "an order drawn by chance. Each line is the 95% interval of one mean; lines may overlap "
        "although the ends differ, and the other way round."
    )
    return Section(
        f"ladder-{number}",
        heading,
        tuple(_verdict(climb, knob) for climb in ladder.climbs),
        figures,
        caveat,
        table=None if figures else _table(ladder, knob),
    )


def _can_be_drawn(climb: Climb) -> bool:
    return len(climb.rungs) <= MOST_DRAWN and any(rung.interval for rung in climb.rungs)


def _figure(name: str, climb: Climb, knob: str) -> Intervals:
    titles = {
        Item.COHERENCE: _("Mean rating of coherence by “%(knob)s”"),
        Item.SURPRISE: _("Mean rating of surprise by “%(knob)s”"),
    }
    # xgettext:no-python-format
    mean_and_interval = _("Mean, 95% interval")
    return intervals(
        name,
        title=titles[Item(climb.item)] % {"knob": knob},
        told=_verdict(climb, knob),
        ends=(_("less"), _("more")),
        axis=RATINGS,
        # A mean without an interval is a dot without a line.
        rows=[
            (_value(rung), rung.interval or Interval(rung.mean, rung.mean, rung.mean))
            for rung in climb.rungs
        ],
        values=[_mean(rung) for rung in climb.rungs],
        table=Table(
            (knob, _("Works"), _("Answers"), mean_and_interval),
            tuple(
                (_value(rung), whole(rung.works), whole(rung.trials), _mean(rung))
                for rung in climb.rungs
            ),
        ),
    )


def _table(ladder: Climbed, knob: str) -> Table:
    """Both scales side by side."""
    head = (knob, _("Works"), _("Answers"), *(name_of(climb.item) for climb in ladder.climbs))
    rows = zip(*(climb.rungs for climb in ladder.climbs), strict=True)
    return Table(
        head,
        tuple(
            (_value(row[0]), whole(row[0].works), whole(row[0].trials), *map(_mean, row))
            for row in rows
        ),
    )


def _verdict(climb: Climb, knob: str) -> str:
    """What the highest rung has over the lowest."""
    ends = {"knob": knob, "low": _value(climb.rungs[0]), "high": _value(climb.rungs[-1])}
    coherence = climb.item == Item.COHERENCE
    if climb.rise is None:
        text = (
            _("Whether coherence changes from “%(knob)s” %(low)s to %(high)s cannot be told yet.")
            if coherence
            else _(
                "Whether surprise changes from “%(knob)s” %(low)s to %(high)s cannot be told yet."
            )
        )
        return text % ends
    return _risen(climb.rise, coherence=coherence) % (ends | _sizes(climb.rise))


def _risen(rise: Interval, *, coherence: bool) -> str:
    if rise.holds_zero and coherence:
        return _(
            "It is open whether coherence changes from “%(knob)s” %(low)s to %(high)s: any change "
            "from %(least)s to %(most)s points fits the answers."
        )
    if rise.holds_zero:
        return _(
            "It is open whether surprise changes from “%(knob)s” %(low)s to %(high)s: any change "
            "from %(least)s to %(most)s points fits the answers."
        )
    if coherence:
        return _(
            "From “%(knob)s” %(low)s to %(high)s, coherence changes by %(size)s points (95%% "
            "interval %(least)s to %(most)s)."
        )
    return _(
        "From “%(knob)s” %(low)s to %(high)s, surprise changes by %(size)s points (95%% interval "
        "%(least)s to %(most)s)."
    )


def _sizes(rise: Interval) -> dict[str, str]:
    ends = {"size": rise.estimate, "least": rise.low, "most": rise.high}
    return {name: signed(value, 2) for name, value in ends.items()}


def _value(rung: Rung) -> str:
    """The knob's value, with as many decimals as it was given."""
    decimals = len(f"{rung.value:g}".partition(".")[2])
    return rounded(rung.value, decimals)


def _mean(rung: Rung) -> str:
    if rung.interval is None:
        return _("%(mean)s, without an interval") % {"mean": rounded(rung.mean, 2)}
    return RATINGS.tell(rung.interval)

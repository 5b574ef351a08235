"""A ladder told: how the answers change from its lowest rung to its highest."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from gallery.findings.bootstrap import Interval
from gallery.findings.charts import RATINGS, Intervals, Table, intervals, rounded, signed, whole
from gallery.findings.ladders import Climb, Climbed, Rung
from gallery.findings.results import Findings
from gallery.findings.sections import Section, name_of
from gallery.studies.models import Item
from gallery.works.recipes import key_in_words

MOST_DRAWN = 12  # rungs, of which findings.css knows the height; a longer ladder is a table


def ladder_section(number: int, ladder: Climbed, found: Findings) -> Section:
    """A section with one figure a scale, or with one table where no rung can be drawn. Dashed lines
    stand where works by people and the noise anchor lie."""
    knob = key_in_words(ladder.knob)
    heading = _("%(maker)s, from little to much: %(knob)s") % {"maker": ladder.maker, "knob": knob}
    figures = tuple(
        _figure(f"ladder-{number}-{climb.item}", climb, knob, _beside(climb.item, found))
        for climb in ladder.climbs
        if _can_be_drawn(climb)
    )
    caveat = _(
        # xgettext:no-python-format
        "These works were asked for alike but for this one value, each value equally often and in "
        "an order drawn by chance. Each line is the 95% interval of one mean; lines may overlap "
        "although the ends differ, and the other way round. Dashed lines: the means of works by "
        "people and of noise, which the table names."
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


def _beside(item: str, found: Findings) -> list[tuple[float, str]]:
    """Means to compare a ladder with, and whose they are."""
    scale, quality = found.scale(item), found.quality
    noise = quality.anchors.get(item, (None, None))[0] if quality else None
    told = [(scale.means[0], _("works by people"))] if scale else []
    return [*told, *([(noise, _("noise"))] if noise is not None else [])]


def _figure(name: str, climb: Climb, knob: str, beside: Sequence[tuple[float, str]]) -> Intervals:
    # xgettext:no-python-format
    mean_and_interval = _("Mean, 95% interval")
    return intervals(
        name,
        title=_("Mean rating of %(scale)s by “%(knob)s”")
        % {"scale": Item(climb.item).label, "knob": knob},
        told=_verdict(climb, knob),
        ends=(_("less"), _("more")),
        axis=RATINGS,
        # A mean without an interval is a dot without a line.
        rows=[
            (_value(rung), rung.interval or Interval(rung.mean, rung.mean, rung.mean))
            for rung in climb.rungs
        ],
        values=[_mean(rung) for rung in climb.rungs],
        beside=beside,
        table=Table(
            (knob, _("Works"), _("Answers"), mean_and_interval),
            (
                *(
                    (_value(rung), whole(rung.works), whole(rung.trials), _mean(rung))
                    for rung in climb.rungs
                ),
                *((label, "", "", rounded(mean, 2)) for mean, label in beside),
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
    told = {
        "knob": knob,
        "low": _value(climb.rungs[0]),
        "high": _value(climb.rungs[-1]),
        "scale": Item(climb.item).label,
    }
    if climb.rise is None:
        return (
            _("Whether %(scale)s changes from “%(knob)s” %(low)s to %(high)s cannot be told yet.")
            % told
        )
    told |= _sizes(climb.rise)
    if climb.rise.holds_zero:
        return (
            _(
                "It is open whether %(scale)s changes from “%(knob)s” %(low)s to %(high)s: any "
                "change from %(least)s to %(most)s points fits the answers."
            )
            % told
        )
    return (
        _(
            "From “%(knob)s” %(low)s to %(high)s, %(scale)s changes by %(size)s points (95%% "
            "interval %(least)s to %(most)s)."
        )
        % told
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

"""The works on the plane of coherence and surprise, and beside what a program measures of them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gallery.findings.bootstrap import Interval
from gallery.findings.charts import Table, percent, rounded
from gallery.findings.difference_story import tell
from gallery.findings.measures import DESCRIPTION, DISORDER, NOVELTY
from gallery.findings.plane import Place
from gallery.findings.results import Findings
from gallery.findings.scatter import Point, Scatter, scatter
from gallery.findings.sections import Section, name_of
from gallery.findings.works_shown import WorkShown

MARKS = ("human", "machine")


def plane_section(found: Findings, works: Mapping[int, WorkShown]) -> list[Section]:
    """Empty where no work has a place on both scales, or none may be named."""
    places = [place for place in found.plane if place.work in works]
    if not places:
        return []
    told = _(
        "Each mark is one work, where visitors put it: to the right what surprises, upward what "
        "holds together."
    )
    figure = scatter(
        "plane",
        title=_("Coherence and surprise, work by work: mean ratings"),
        told=told,
        names=(name_of("surprise"), name_of("coherence")),
        points=[_point(place, works[place.work]) for place in places],
        table=_table(places, works),
        anchors=_anchors(found),
    )
    caveat = _(
        "A work that few have rated is drawn towards the mean of its side. Crosses are anchors: "
        "pure noise and a plain field, which no one made. Nothing is added up: a work that only "
        "surprises is not half as creative."
    )
    sentences = [told, *_both(found)]
    if held := len(found.plane) - len(places):
        sentences.append(
            ngettext(
                "%(count)s work is not shown: another study is asking about it.",
                "%(count)s works are not shown: another study is asking about them.",
                held,
            )
            % {"count": held}
        )
    return [Section("plane", _("Every work"), tuple(sentences), (figure,), caveat)]


def _both(found: Findings) -> list[str]:
    if found.both is None:
        return []
    human, machine = (percent(100 * share) for share in found.both.shares)
    sentence = _(
        "Above the middle on both scales were %(human)s of the answers about works by people and "
        "%(machine)s of those about works by machines."
    ) % {"human": human, "machine": machine}
    if found.both.difference:
        sentence += " " + _("The difference is %(logits)s logits.") % {
            "logits": tell(found.both.difference)
        }
    return [sentence]


def _point(place: Place, work: WorkShown) -> Point:
    told = _("%(title)s, %(maker)s: coherence %(coherence)s, surprise %(surprise)s") % {
        "title": work.title,
        "maker": work.maker,
        "coherence": rounded(place.coherence.estimate, 1),
        "surprise": rounded(place.surprise.estimate, 1),
    }
    return Point(MARKS[place.side], place.surprise, place.coherence, work, told)


def _table(places: list[Place], works: Mapping[int, WorkShown]) -> Table:
    """With 95 % intervals in brackets."""
    head = (_("Work"), _("Made by"), name_of("coherence"), name_of("surprise"))
    rows = tuple(
        (
            *(works[place.work].title, works[place.work].maker),
            *(_cell(place.coherence), _cell(place.surprise)),
        )
        for place in places
    )
    return Table(head, rows)


def _cell(value: Interval) -> str:
    return _("%(value)s (%(low)s to %(high)s)") % {
        "value": rounded(value.estimate, 1),
        "low": rounded(value.low, 1),
        "high": rounded(value.high, 1),
    }


def _anchors(found: Findings) -> list[tuple[float, float, str]]:
    told = found.quality.anchors if found.quality else {}
    pairs = zip(told.get("surprise", ()), told.get("coherence", ()), strict=False)
    names = (_("noise"), _("plain field"))
    return [
        (x, y, name)
        for (x, y), name in zip(pairs, names, strict=False)
        if x is not None and y is not None
    ]


def measures_section(found: Findings, works: Mapping[int, WorkShown]) -> list[Section]:
    """What a program measures, beside what visitors say. Empty where nothing was measured."""
    if not found.beside:
        return []
    # xgettext:no-python-format
    slope = _("Logits a standard deviation, 95% interval")
    head = (_("Measure"), _("Scale"), slope)
    rows = tuple(
        (measure_name(one.measure), name_of(one.item), tell(one.slope)) for one in found.beside
    )
    caveat = _(
        "Exploratory: so many slopes were looked at that some leave zero by chance. A measure is "
        "compared within people and within machines, so that it does not tell the sides apart. "
        "Novelty is distance from what hung here before, by a network that learned from human "
        "pictures."
    )
    sentence = _("Does what can be computed of a work go with what visitors see in it?")
    return [
        Section(
            "measures",
            _("Computed measures"),
            (sentence,),
            tuple(_beside(found, works)),
            caveat,
            Table(head, rows),
        )
    ]


def measure_name(measure: str) -> str:
    return {
        DISORDER: _("Disorder of neighbouring shades"),
        DESCRIPTION: _("Description length"),
        NOVELTY: _("Novelty"),
    }[measure]


def _beside(found: Findings, works: Mapping[int, WorkShown]) -> list[Scatter]:
    """One figure a measure: surprise, or what else was asked first, against it."""
    places = {place.work: place for place in found.plane}
    drawn = []
    for one in found.beside:
        if one.item != "surprise":
            continue
        shown = sorted(one.values.keys() & places.keys() & works.keys())
        points = [
            Point(
                MARKS[places[work].side],
                Interval(*3 * (one.values[work],)),
                places[work].surprise,
                works[work],
                f"{works[work].title}, {works[work].maker}: {rounded(one.values[work], 2)}",
            )
            for work in shown
        ]
        if points:
            head = (_("Work"), measure_name(one.measure), name_of("surprise"))
            rows = tuple(
                (p.work.title, rounded(p.x.estimate, 2), rounded(p.y.estimate, 1)) for p in points
            )
            drawn.append(
                scatter(
                    f"measure-{one.measure}",
                    title=_("%(measure)s and surprise") % {"measure": measure_name(one.measure)},
                    told=tell(one.slope),
                    names=(measure_name(one.measure), name_of("surprise")),
                    points=points,
                    table=Table(head, rows),
                )
            )
    return drawn

"""The page as a story: for each section a sentence, a figure and what to keep in mind."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gallery.findings import caveats, sentences
from gallery.findings.answers import SCALE_POINTS
from gallery.findings.bootstrap import Interval
from gallery.findings.charts import (
    SHARES,
    Bars,
    Intervals,
    Table,
    bars,
    differences_axis,
    intervals,
    rounded,
    share_and_count,
    whole,
)
from gallery.findings.ladder_story import ladder_section
from gallery.findings.results import Findings, Guesses, Scale
from gallery.findings.sections import Section, name_of
from gallery.studies.models import Item, Study
from gallery.studies.questions import GUESSES, SCALES, WHO


@dataclass(frozen=True)
class Fact:
    """A count and what is counted; `detail` divides it."""

    number: str
    name: str
    detail: str


@dataclass(frozen=True)
class Story:
    """All that the findings page shows of a study."""

    standing: str
    lead: tuple[str, ...]
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]
    limits: tuple[str, ...]
    method: tuple[str, ...]


def tell(found: Findings, study: Study) -> Story:
    """The findings in the language of the request."""
    sections = [*_difference(found), *map(_scale, found.scales)]
    if found.guesses:
        sections.append(_guesses(found.guesses))
    sections += [ladder_section(n, ladder) for n, ladder in enumerate(found.ladders, 1)]
    return Story(
        standing=sentences.standing(found, study),
        lead=tuple(filter(None, map(sentences.verdict, found.scales))),
        facts=_facts(found),
        sections=tuple(sections),
        limits=caveats.limits(found, study) if found.sides else (),
        method=caveats.method(found, study),
    )


def _facts(found: Findings) -> tuple[Fact, ...]:
    """Works and makers first: they, not the visitors, limit what can be known."""
    works = makers = ""
    if found.sides:
        human, machine = found.sides
        works = _("%(human)s by people, %(machine)s by machines") % {
            "human": whole(human.works),
            "machine": whole(machine.works),
        }
        makers = _("people: %(human)s, machines: %(machine)s") % {
            "human": whole(human.makers),
            "machine": whole(machine.makers),
        }
    ratings = 2 * found.trials
    return (
        Fact(whole(found.works), ngettext("work", "works", found.works), works),
        Fact(whole(found.makers), ngettext("maker", "makers", found.makers), makers),
        Fact(whole(found.raters), ngettext("rater", "raters", found.raters), ""),
        Fact(
            whole(ratings),
            ngettext("rating", "ratings", ratings),
            _("%(trials)s on each scale") % {"trials": whole(found.trials)} if ratings else "",
        ),
    )


def _difference(found: Findings) -> list[Section]:
    known = [(scale, scale.difference) for scale in found.scales if scale.difference]
    if not known:
        return []
    axis = differences_axis([gap for _scale, gap in known])
    # xgettext:no-python-format
    gap_and_interval = _("Difference, 95% interval")
    head = (_("Scale"), _("People"), _("Machines"), gap_and_interval)
    rows = tuple(
        (name_of(scale.item), *(rounded(mean, 2) for mean in scale.means), axis.tell(gap))
        for scale, gap in known
    )
    figure = intervals(
        "differences",
        title=_("Works by people less works by machines: difference in mean rating, in points"),
        told=" ".join(sentences.verdict(scale) for scale, _gap in known),
        ends=(_("machines higher"), _("people higher")),
        axis=axis,
        rows=[(name_of(scale.item), gap) for scale, gap in known],
        table=Table(head, rows),
    )
    caveat = _(
        # xgettext:no-python-format
        "The line is the 95% interval, the dot the estimate. Where the line crosses zero, it is "
        "open which side is ahead."
    )
    return [Section("difference", _("People and machines compared"), (), (figure,), caveat)]


def _scale(scale: Scale) -> Section:
    coherence = scale.item == Item.COHERENCE
    wording = SCALES[scale.item]
    told = sentences.answered(scale)
    title = (
        _("Answers on coherence, in per cent")
        if coherence
        else _("Answers on surprise, in per cent")
    )
    figure = bars(
        str(scale.item),
        title=title,
        told=told,
        answers=[
            f"{value} {name}".strip() for value, name, _meaning in wording.points(SCALE_POINTS)
        ],
        sides=_sides(),
        counts=scale.counts,
    )
    caveat = (
        _(
            "Strange or abstract work can hold together perfectly well. The question is not "
            "whether a work is good."
        )
        if coherence
        else _("A work can surprise whether or not one likes it, and noise surprises too.")
    )
    return Section(
        str(scale.item), name_of(scale.item), (told,), (figure,), caveat, asks=str(wording.asks)
    )


def _guesses(guesses: Guesses) -> Section:
    told = sentences.guessed(guesses)
    figures: list[Bars | Intervals] = []
    if guesses.share:
        figures.append(_share(guesses.share, told))
    figures.append(
        bars(
            "guesses",
            title=_("Guesses, in per cent"),
            told=told,
            answers=[str(meaning or name) for _value, name, meaning in GUESSES],
            sides=_sides(),
            counts=guesses.counts,
        )
    )
    caveat = _("The share is over all works. A single work may deceive everyone or nobody.")
    table = _truth_table(guesses)
    return Section("who", str(WHO), (told,), tuple(figures), caveat, table)


def _share(share: Interval, told: str) -> Intervals:
    # xgettext:no-python-format
    right = _("Right, 95% interval")
    row = (_("All guesses"), Interval(*(100 * x for x in (share.estimate, share.low, share.high))))
    return intervals(
        "share",
        title=_("Guesses that were right (a coin reaches 50%)"),
        told=told,
        ends=(_("all wrong"), _("all right")),
        axis=SHARES,
        rows=[row],
        table=Table((_("Guesses"), right), ((row[0], SHARES.tell(row[1])),)),
    )


def _truth_table(guesses: Guesses) -> Table:
    head = (_("In truth"), _("taken for a person"), _("taken for a machine"))
    rows = tuple(
        (label, *(share_and_count(said, sum(row)) for said in row))
        for (_mark, label), row in zip(_sides(), guesses.said, strict=True)
    )
    return Table(head, rows)


def _sides() -> list[tuple[str, str]]:
    return [("human", _("Works by people")), ("machine", _("Works by machines"))]

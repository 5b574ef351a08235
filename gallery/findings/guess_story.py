"""Guesses at who made the works, told: how well, how readily, work by work, and by belief."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from gallery.findings.bootstrap import Interval
from gallery.findings.charts import (
    SHARES,
    Bars,
    Intervals,
    Table,
    bars,
    intervals,
    percent,
    rounded,
    share_and_count,
    whole,
)
from gallery.findings.difference_story import tell
from gallery.findings.dots import Dots, dots
from gallery.findings.results import Guesses
from gallery.findings.sections import Section, name_of, sides
from gallery.findings.sentences import guessed
from gallery.findings.works_shown import WorkShown
from gallery.studies.questions import GUESSES, WHO


def guess_section(guesses: Guesses, works: Mapping[int, WorkShown]) -> Section:
    """`works` by number; none while the study is open."""
    told = guessed(guesses)
    figures: list[Bars | Intervals | Dots] = []
    if guesses.share:
        figures.append(_share(guesses.share, told))
    figures.append(
        bars(
            "guesses",
            title=_("Guesses, in per cent"),
            told=told,
            answers=[str(meaning or name) for _value, name, meaning in GUESSES],
            sides=sides(),
            counts=guesses.counts,
        )
    )
    if guesses.taken and works:
        figures.append(_work_by_work(guesses, works))
    sentences = [told]
    if guesses.detected and guesses.share:
        sentences.append(_detected(guesses))
    return Section(
        "who",
        str(WHO),
        tuple(sentences),
        tuple(figures),
        _("The share is over all works. A single work may deceive everyone or nobody."),
        _truth_table(guesses),
        more=tuple(_belief_table(item, means) for item, means in guesses.believed),
    )


def _detected(guesses: Guesses) -> str:
    found = guesses.detected
    if found is None:
        return ""
    skill = _(
        "As signal detection tells it, d′ is %(value)s: 0 would be guessing, 1 is hard, 2 is easy."
    ) % {"value": tell(found.d_prime)}
    if found.bias is None:
        return skill
    bias = found.bias
    leaning = _("Neither answer came more readily than the other.")
    if bias.low > 0:
        leaning = _("Visitors said machine more readily than person.")
    elif bias.high < 0:
        leaning = _("Visitors said person more readily than machine.")
    return f"{skill} {leaning} " + _("The bias c is %(value)s.") % {"value": tell(bias)}


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


def _work_by_work(guesses: Guesses, works: Mapping[int, WorkShown]) -> Dots:
    head = (_("Work"), _("Made by"), _("taken for a person's"), _("guesses"))
    marked = [(works[one.work], one) for one in guesses.taken if one.work in works]
    rows = tuple(
        (work.title, work.maker, percent(100 * one.share), whole(one.guesses))
        for work, one in marked
    )
    return dots(
        "taken",
        title=_("How many took each work for a person's, in per cent of its guesses"),
        told=_("From %(least)s to %(most)s of the guesses, work by work.")
        % {
            "least": percent(100 * min(one.share for _work, one in marked)),
            "most": percent(100 * max(one.share for _work, one in marked)),
        },
        sides=sides(),
        points=[(one.side, 100 * one.share, work) for work, one in marked],
        table=Table(head, rows),
    )


def _truth_table(guesses: Guesses) -> Table:
    head = (_("In truth"), _("taken for a person"), _("taken for a machine"))
    rows = tuple(
        (label, *(share_and_count(said, sum(row)) for said in row))
        for (_mark, label), row in zip(sides(), guesses.said, strict=True)
    )
    return Table(head, rows)


def _belief_table(item: str, means: tuple[tuple[float | None, ...], ...]) -> Table:
    head = (
        _("%(scale)s, mean") % {"scale": name_of(item)},
        _("taken for a person"),
        _("taken for a machine"),
    )
    rows = tuple(
        (label, *("–" if mean is None else rounded(mean, 2) for mean in row))
        for (_mark, label), row in zip(sides(), means, strict=True)
    )
    return Table(head, rows)

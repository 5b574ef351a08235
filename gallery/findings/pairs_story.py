"""Works side by side, told: which side was chosen, how often neither, and each work's strength."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from gallery.findings.bootstrap import Interval
from gallery.findings.charts import (
    Intervals,
    Table,
    chances_axis,
    intervals,
    percent,
    signed,
    whole,
)
from gallery.findings.results import Findings, SideBySide
from gallery.findings.sections import Section
from gallery.findings.sentences import no_model, shares
from gallery.findings.works_shown import WorkShown
from gallery.studies.questions import SIDES


def pairs_section(found: Findings, works: Mapping[int, WorkShown]) -> list[Section]:
    """Empty where works were not shown in pairs."""
    if not found.pairs:
        return []
    known = [one for one in found.pairs if one.chosen]
    figures = (_preferred(known, final=found.final),) if known else ()
    caveat = _(
        "One of two was chosen, or neither; which stood on the left was drawn by lot. A strength "
        "is in logits: one more means chosen 73 times of 100 over one of strength zero. Two works "
        "whose intervals overlap widely cannot be told apart."
    )
    tables = tuple(_strengths(one, works) for one in known if works)
    return [Section("pairs", _("Side by side"), (), figures, caveat, more=tables)]


def pairs_told(one: SideBySide, *, final: bool) -> str:
    """One question's answers in a sentence, or why there is none."""
    asked = str(SIDES[one.item][0])
    if one.chosen is None:
        return f"{asked} {no_model(one.missing)}".strip() if no_model(one.missing) else ""
    chance = one.chosen.preferred if final else one.chosen.preferred_always
    return _(
        "%(question)s A work by a person was chosen over one by a machine %(share)s of the time "
        "(95%% interval %(low)s to %(high)s); in %(tied)s of %(answers)s answers neither was."
    ) % {
        "question": asked,
        "tied": percent(100 * one.chosen.tied),
        "answers": whole(one.answers),
        **shares(chance),
    }


def _preferred(known: list[SideBySide], *, final: bool) -> Intervals:
    rows = []
    for one in known:
        if one.chosen:
            chance = one.chosen.preferred if final else one.chosen.preferred_always
            per_cent = Interval(100 * chance.estimate, 100 * chance.low, 100 * chance.high)
            rows.append((str(SIDES[one.item][0]), per_cent))
    axis = chances_axis([chance for _name, chance in rows])
    # xgettext:no-python-format
    chosen = _("Person's work chosen, 95% interval")
    head = (_("Question"), chosen)
    return intervals(
        "preferred",
        title=_("How often a work by a person was chosen over one by a machine"),
        told="; ".join(f"{name} {axis.tell(chance)}" for name, chance in rows),
        ends=(_("machine chosen"), _("person chosen")),
        axis=axis,
        rows=rows,
        table=Table(head, tuple((name, axis.tell(chance)) for name, chance in rows)),
    )


def _strengths(one: SideBySide, works: Mapping[int, WorkShown]) -> Table:
    # xgettext:no-python-format
    interval = _("95% interval")
    head = (str(SIDES[one.item][0]), _("Made by"), _("Strength"), interval)
    found = one.chosen.strengths if one.chosen else {}
    order = sorted(found.keys() & works.keys(), key=lambda work: -found[work].estimate)
    rows = tuple(
        (
            works[work].title,
            works[work].maker,
            signed(found[work].estimate, 2),
            _("%(low)s to %(high)s")
            % {"low": signed(found[work].low, 2), "high": signed(found[work].high, 2)},
        )
        for work in order
    )
    return Table(head, rows)

"""The comparison made otherwise, told: a figure for each scale, and what the result hangs on."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gallery.findings.bootstrap import Interval
from gallery.findings.charts import Intervals, Table, chances_axis, intervals, percent, whole
from gallery.findings.difference_story import NO_MATTER
from gallery.findings.makers import LeftOut
from gallery.findings.results import Findings, Otherwise, Scale
from gallery.findings.sections import name_of
from gallery.findings.sentences import shares
from gallery.findings.thresholds import Missing

Rows = list[tuple[str, Interval]]


def checks_figure(scale: Scale, found: Findings) -> Intervals | None:
    """One row for each way to count; None where there is but one."""
    rows = _rows(scale, found)
    if not rows or scale.model is None:
        return None
    rows = [(_("as planned"), scale.model.chance), *rows]
    drawn = [(name, Interval(*(100 * x for x in _ends(chance)))) for name, chance in rows]
    axis = chances_axis([chance for _name, chance in drawn])
    # xgettext:no-python-format
    head = (_("Counted"), _("People higher, 95% interval"))
    told = tuple((name, axis.tell(chance)) for name, chance in drawn)
    return intervals(
        f"checks-{scale.item}",
        title=_("%(scale)s, counted otherwise") % {"scale": name_of(scale.item)},
        told="; ".join(f"{name}: {value}" for name, value in told),
        ends=(_("machines higher"), _("people higher")),
        axis=axis,
        rows=drawn,
        table=Table(head, told),
        band=NO_MATTER,
    )


def otherwise_told(found: Findings, makers: Mapping[int, str]) -> list[str]:
    """In sentences. `makers` are names by primary key, of those that the reader may know."""
    ways = found.otherwise
    if ways and not any(one.left_out.lowest for one in ways):
        told = [_without_nobody(ways)]
    else:
        told = [_left_out(one, makers) for one in ways if one.left_out.lowest]
    return told + [
        _other_makers(one) for one in ways if one.other_makers.missing is not Missing.THIN
    ]


def _rows(scale: Scale, found: Findings) -> Rows:
    names = {
        "all": _("nobody left out"),
        "unflagged": _("nobody flagged"),
        "probit": _("probit link"),
    }
    rows = [(names[one.name], one.chance) for one in found.checks if one.item == scale.item]
    for one in found.otherwise:
        if one.item == scale.item:
            rows += _without_rows(one.left_out)
            if one.other_makers.chance:
                rows.append((_("for other makers too"), one.other_makers.chance))
            if one.ordered.chance:
                rows.append((_("order in the model"), one.ordered.chance))
    return rows


def _without_rows(told: LeftOut) -> Rows:
    if told.lowest is None or told.highest is None:
        return []
    if told.makers == 1:
        return [(_("without one maker"), told.lowest)]
    return [
        (_("one maker out, lowest"), told.lowest),
        (_("one maker out, highest"), told.highest),
    ]


def _left_out(one: Otherwise, makers: Mapping[int, str]) -> str:
    """The range, and who turns the verdict."""
    told = one.left_out
    if told.lowest is None or told.highest is None:
        return ""
    sentence = ngettext(
        "%(scale)s: with %(count)s maker of several works left out, a work by a person is rated "
        "higher %(lowest)s of the time.",
        "%(scale)s: with each of %(count)s makers of several works left out in turn, a work by a "
        "person is rated higher %(lowest)s to %(highest)s of the time.",
        told.makers,
    ) % {
        "scale": name_of(one.item),
        "count": whole(told.makers),
        "lowest": percent(100 * told.lowest.estimate),
        "highest": percent(100 * told.highest.estimate),
    }
    if told.unsettled:
        sentence += " " + ngettext(
            "Without %(count)s other the model did not settle.",
            "Without %(count)s others the model did not settle.",
            told.unsettled,
        ) % {"count": whole(told.unsettled)}
    if not told.turning:
        return f"{sentence} " + _("The result does not hang on any of them.")
    first = told.turning[0]
    sentence += " " + _turned(first.chance) % (
        {"maker": makers.get(first.maker) or _("one maker")} | shares(first.chance)
    )
    if more := len(told.turning) - 1:
        sentence += " " + ngettext(
            "Leaving out %(count)s other would turn it too.",
            "Leaving out any of %(count)s others would turn it too.",
            more,
        ) % {"count": whole(more)}
    return sentence


def _turned(chance: Interval) -> str:
    if chance.low > 0.5:
        return _(
            "The result hangs on %(maker)s: with these works left out, people would be ahead, with "
            "%(share)s (%(low)s to %(high)s)."
        )
    if chance.high < 0.5:
        return _(
            "The result hangs on %(maker)s: with these works left out, machines would be ahead, "
            "with %(share)s (%(low)s to %(high)s)."
        )
    return _(
        "The result hangs on %(maker)s: with these works left out, it would be open which side is "
        "ahead, with %(share)s (%(low)s to %(high)s)."
    )


def _other_makers(one: Otherwise) -> str:
    """Where makers are too few for it, the limits of the study say so."""
    told = one.other_makers
    if told.chance is None:
        return _(
            "%(scale)s: whether the result would hold for other makers cannot be told; a model "
            "that allows for them does not settle."
        ) % {"scale": name_of(one.item)}
    return _(
        "%(scale)s: for works by other makers like these, and not only for other works by these, "
        "it would be %(share)s (%(low)s to %(high)s)."
    ) % ({"scale": name_of(one.item)} | shares(told.chance))


def _without_nobody(ways: tuple[Otherwise, ...]) -> str:
    if any(one.left_out.unsettled for one in ways):
        return _(
            "Whether the result hangs on one maker cannot be told: without any one of them the "
            "model does not settle."
        )
    return _(
        "Whether the result hangs on one maker cannot be told: no maker has several works here "
        "beside enough by others."
    )


def _ends(chance: Interval) -> tuple[float, float, float]:
    return chance.estimate, chance.low, chance.high

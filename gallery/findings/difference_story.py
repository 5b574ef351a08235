"""People and machines compared: one row for each scale, then one for each machine."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from gallery.findings.bootstrap import Interval
from gallery.findings.charts import (
    Band,
    Intervals,
    Table,
    chances_axis,
    intervals,
    rounded,
    signed,
)
from gallery.findings.inference import EQUIVALENT, as_superiority, superiority
from gallery.findings.results import Findings, Scale
from gallery.findings.sections import Section, name_of
from gallery.findings.sentences import verdict

MOST_ROWS = 12  # of a figure: findings.css knows the heights
NO_MATTER = Band(100 * superiority(-EQUIVALENT), 100 * superiority(EQUIVALENT))  # 45 to 55


def difference_section(found: Findings, makers: Mapping[int, str]) -> list[Section]:
    """Empty where nothing is compared. `makers` are names by primary key."""
    known = [scale for scale in found.scales if scale.model]
    if not known:
        return []
    figures = [_overall(known, final=found.final)]
    figures += [_by_machine(scale, makers) for scale in known if scale.machines]
    caveat = _(
        # xgettext:no-python-format
        "The line is the 95% interval, the dot the estimate. Where the line crosses 50%, it is "
        "open which side is ahead. In the shaded band a difference would be too small to matter."
    )
    heading = _("People and machines compared")
    table = _further(known) if found.final else None
    return [Section("difference", heading, (), tuple(figures), caveat, table)]


def _overall(known: list[Scale], *, final: bool) -> Intervals:
    chances = [_per_cent(_chance(scale, final=final)) for scale in known]
    axis = chances_axis(chances)
    head = (
        *(_("Scale"), _("People, mean"), _("Machines, mean")),
        # xgettext:no-python-format
        _("People higher, 95% interval"),
    )
    rows = tuple(
        (
            name_of(scale.item),
            *(rounded(mean, 2) for mean in scale.means),
            axis.tell(chance),
        )
        for scale, chance in zip(known, chances, strict=True)
    )
    return intervals(
        "differences",
        title=_("How often a work by a person is rated higher than one by a machine"),
        told=" ".join(verdict(scale, final=final) for scale in known),
        ends=(_("machines higher"), _("people higher")),
        axis=axis,
        rows=[(name_of(scale.item), chance) for scale, chance in zip(known, chances, strict=True)],
        table=Table(head, rows),
        band=NO_MATTER,
    )


def _further(known: list[Scale]) -> Table:
    """For those who want to calculate on."""
    head = (_("People less machines"), _("Logits"), _("p, Holm"), _("Points"))
    return Table(head, tuple((name_of(scale.item), *_numbers(scale)) for scale in known))


def _numbers(scale: Scale) -> tuple[str, str, str]:
    model, points = scale.model, scale.difference
    logits = tell(model.difference) if model else ""
    p = "" if scale.p is None else _("below 0.001") if scale.p < 0.001 else rounded(scale.p, 3)
    return logits, p, tell(points) if points else ""


def _by_machine(scale: Scale, makers: Mapping[int, str]) -> Intervals:
    spread = _spread(scale)
    named = [(makers.get(pk, ""), shift) for pk, shift in scale.machines][:MOST_ROWS]
    rows = [(name, _per_cent(as_superiority(shift, spread))) for name, shift in named]
    axis = chances_axis([chance for _name, chance in rows])
    # xgettext:no-python-format
    head = (_("Machine"), _("People higher, 95% interval"), _("Logits"))
    told = tuple(
        (name, axis.tell(chance), tell(shift))
        for (name, chance), (_name, shift) in zip(rows, named, strict=True)
    )
    name = name_of(scale.item)
    return intervals(
        f"machines-{scale.item}",
        title=_("%(scale)s, machine by machine; the intervals hold together") % {"scale": name},
        told="; ".join(f"{row[0]}: {row[1]}" for row in told),
        ends=(_("machine higher"), _("people higher")),
        axis=axis,
        rows=rows,
        table=Table(head, told),
        band=NO_MATTER,
    )


def tell(value: Interval) -> str:
    """A difference with its interval in brackets, to two decimals."""
    return _("%(value)s (%(low)s to %(high)s)") % {
        "value": signed(value.estimate, 2),
        "low": signed(value.low, 2),
        "high": signed(value.high, 2),
    }


def _chance(scale: Scale, *, final: bool) -> Interval:
    if scale.model is None:
        return Interval(0.5, 0.0, 1.0)
    return scale.model.chance if final else scale.model.chance_always


def _spread(scale: Scale) -> float:
    return scale.model.spread if scale.model else 0.0


def _per_cent(chance: Interval) -> Interval:
    return Interval(100 * chance.estimate, 100 * chance.low, 100 * chance.high)

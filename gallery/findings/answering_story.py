"""What moves answers beside who made a work, told: the order of a sitting, the steps of a scale,
guessing with each work."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from gallery.findings.charts import Table, rounded, whole
from gallery.findings.difference_story import tell
from gallery.findings.inference import as_superiority
from gallery.findings.order import Ordered
from gallery.findings.reactivity import Reacted
from gallery.findings.results import Findings
from gallery.findings.sections import name_of
from gallery.findings.sentences import shares
from gallery.findings.steps import Steps
from gallery.findings.thresholds import Missing

Told = tuple[str, dict[str, str]]  # a sentence that awaits the names of its scales, and its values

CLEAR = 0.01  # p, below which a difference is said to change along a scale: one of many looks


def answering_told(found: Findings) -> list[str]:
    """In sentences; scales of which the same is said share one."""
    ways = found.otherwise
    said = [(one.item, _order(one.ordered)) for one in ways]
    said += [(one.item, _steps(one.steps)) for one in ways]
    said += [(one.item, _reaction(one.reacted)) for one in ways if one.reacted]
    return _shared(said)


def answering_tables(found: Findings) -> tuple[Table, ...]:
    """What moves answers, in logits; and each step of each scale."""
    return tuple(table for table in (_moves(found), _each_step(found)) if table)


def _shared(said: Iterable[tuple[str, Told]]) -> list[str]:
    names: dict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = {}
    for item, (sentence, values) in said:
        names.setdefault((sentence, tuple(values.items())), []).append(name_of(item))
    return [
        sentence % {"scale": ", ".join(scales), **dict(values)}
        for (sentence, values), scales in names.items()
    ]


def _order(told: Ordered) -> Told:
    """Whether later works are rated otherwise."""
    if told.later is None:
        return _("%(scale)s: whether later works are rated otherwise cannot be told."), {}
    share = shares(as_superiority(told.later, 0.0))
    if told.later.low > 0:
        return (
            _(
                "%(scale)s: later works were rated higher. On the last page of a sitting a work "
                "gets a higher rating than it would on the first %(share)s of the time (%(low)s to "
                "%(high)s)."
            ),
            share,
        )
    if told.later.high < 0:
        return (
            _(
                "%(scale)s: later works were rated lower. On the last page of a sitting a work "
                "gets a higher rating than it would on the first only %(share)s of the time "
                "(%(low)s to %(high)s)."
            ),
            share,
        )
    if told.alike:
        return _("%(scale)s: early and late works of a sitting were rated alike."), {}
    return _("%(scale)s: whether later works are rated higher or lower is open."), {}


def _steps(told: Steps) -> Told:
    """Whether one number holds all along the scale."""
    if told.p is None and told.missing is Missing.NO_SPREAD:
        return (
            _(
                "%(scale)s: too few points of the scale were used to tell whether the difference "
                "is the same all along it."
            ),
            {},
        )
    if told.p is None:
        return (
            _(
                "%(scale)s: whether the difference is the same all along the scale cannot be told; "
                "a model that lets it change does not settle."
            ),
            {},
        )
    if told.p < CLEAR:
        return (
            _(
                "%(scale)s: the difference is not the same all along the scale, so that one number "
                "tells only its average; each step is in the table."
            ),
            {},
        )
    return _("%(scale)s: there is no clear sign that the difference changes along the scale."), {}


def _reaction(told: Reacted) -> Told:
    """Whether guessing moves ratings."""
    count = {"count": whole(told.raters)}
    if told.moved is None:
        return (
            _("%(scale)s: whether guessing with each work changes how it is rated cannot be told."),
            {},
        )
    if told.moved.low > 0:
        return (
            _(
                "%(scale)s: the %(count)s visitors who guessed with each work rated people's works "
                "higher beside machines' than the others did."
            ),
            count,
        )
    if told.moved.high < 0:
        return (
            _(
                "%(scale)s: the %(count)s visitors who guessed with each work rated people's works "
                "lower beside machines' than the others did."
            ),
            count,
        )
    return (
        _(
            "%(scale)s: no difference could be told between the %(count)s visitors who guessed "
            "with each work and the others."
        ),
        count,
    )


def _moves(found: Findings) -> Table | None:
    rows = []
    for one in found.otherwise:
        moved = one.reacted.moved if one.reacted else None
        cells = (one.ordered.later, one.ordered.first, moved)
        if any(cells):
            rows.append((name_of(one.item), *(tell(cell) if cell else "" for cell in cells)))
    head = (
        _("What moves ratings, in logits"),
        _("last page less first"),
        _("asked first less later"),
        _("people less machines, by guessing with each work"),
    )
    kept = [0, *(n for n in range(1, 4) if any(row[n] for row in rows))]
    if len(kept) == 1:
        return None
    return Table(tuple(head[n] for n in kept), tuple(tuple(row[n] for n in kept) for row in rows))


def _each_step(found: Findings) -> Table | None:
    known = [one for one in found.otherwise if one.steps.p is not None]
    if not known:
        return None
    points = sorted({point for one in known for point, _shift in one.steps.each})
    by_scale = [dict(one.steps.each) for one in known]
    rows = [
        (
            _("above %(point)s") % {"point": whole(point)},
            *(tell(each[point]) if point in each else "" for each in by_scale),
        )
        for point in points
    ]
    alike = (_("p, of one difference for all"), *(_p(one.steps.p) for one in known))
    head = (_("People less machines, step by step, in logits"), *(name_of(o.item) for o in known))
    return Table(head, (*rows, alike))


def _p(value: float | None) -> str:
    if value is None:
        return ""
    return _("below 0.001") if value < 0.001 else rounded(value, 3)

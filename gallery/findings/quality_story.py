"""How a study went, told: who came, who was left out, how answers hold up, how else to count."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gallery.findings.answering_story import answering_tables, answering_told
from gallery.findings.charts import Table, percent, rounded, whole
from gallery.findings.otherwise_story import checks_figure, otherwise_told
from gallery.findings.quality import Quality
from gallery.findings.results import Findings
from gallery.findings.sections import Section, name_of
from gallery.studies.models.verdict import Rule


def quality_section(found: Findings, makers: Mapping[int, str]) -> list[Section]:
    """Empty before anybody came. `makers` are names by primary key, of those that the reader may
    know."""
    told = found.quality
    if told is None or not told.started:
        return []
    sentences = [_flow(told), *_answers(told), *_reliability(found)]
    sentences += [*otherwise_told(found, makers), *answering_told(found)]
    figures = [checks_figure(scale, found) for scale in found.scales if scale.model]
    caveat = _(
        "Who is left out was fixed before the first answer, and depends on how somebody answered, "
        "never on what. A finding that is overturned by leaving nobody out, by leaving out all "
        "who were flagged or any one maker, or by another link is a weak one."
    )
    return [
        Section(
            "quality",
            _("How the study went"),
            tuple(sentences),
            tuple(figure for figure in figures if figure),
            caveat if found.checks else "",
            _spreads(found),
            answering_tables(found),
        )
    ]


def _flow(told: Quality) -> str:
    flow = ngettext(
        "%(count)s visitor began; %(finished)s came to the end, %(left)s ended early.",
        "%(count)s visitors began; %(finished)s came to the end, %(left)s ended early.",
        told.started,
    ) % {
        "count": whole(told.started),
        "finished": whole(told.finished),
        "left": whole(told.left),
    }
    rules = [
        f"{Rule(rule).label} ({whole(count)})" for rule, count in sorted(told.excluded.items())
    ]
    if not rules:
        return f"{flow} " + _("Nobody is left out for answering carelessly.")
    return f"{flow} " + _("Left out for answering carelessly: %(rules)s.") % {
        "rules": "; ".join(rules)
    }


def _answers(told: Quality) -> list[str]:
    found = []
    if told.seconds is not None:
        found.append(
            _("Half of the answers took less than %(seconds)s seconds.")
            % {"seconds": rounded(told.seconds, 0)}
        )
    if told.retest is not None:
        found.append(
            _("Shown a work again, a visitor's answer moved by %(points)s points on average.")
            % {"points": rounded(told.retest, 1)}
        )
    for item, (noise, plain) in told.anchors.items():
        if noise is not None and plain is not None:
            found.append(
                _("%(scale)s: noise got %(noise)s, a plain field %(plain)s.")
                % {
                    "scale": name_of(item),
                    "noise": rounded(noise, 1),
                    "plain": rounded(plain, 1),
                }
            )
    return found


def _reliability(found: Findings) -> list[str]:
    told = []
    for scale in found.scales:
        agree = scale.reliable
        if agree is None:
            continue
        sentence = _(
            "%(scale)s: one rating says %(single)s of how works differ, the %(each)s that a work "
            "has say %(mean)s."
        ) % {
            "scale": name_of(scale.item),
            "single": percent(100 * agree.single),
            "each": rounded(agree.each, 0),
            "mean": percent(100 * agree.mean),
        }
        if agree.needed:
            sentence += " " + _("%(needed)s ratings would say 80%%.") % {
                "needed": whole(agree.needed)
            }
        if agree.alpha is not None:
            sentence += " " + _("Krippendorff's alpha is %(alpha)s.") % {
                "alpha": rounded(agree.alpha, 2)
            }
        told.append(sentence)
    return told


def _spreads(found: Findings) -> Table | None:
    """The components of the models, in logits."""
    known = [(scale, scale.model) for scale in found.scales if scale.model]
    if not known:
        return None
    head = (
        _("Standard deviations, in logits"),
        _("between visitors"),
        _("of their leaning to a side"),
        _("between works"),
    )
    rows = tuple(
        (
            name_of(scale.item),
            *(rounded(model.sds.get(name, 0.0), 2) for name in ("rater", "rater:side", "work")),
        )
        for scale, model in known
    )
    return Table(head, rows)

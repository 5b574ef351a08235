"""The page as a story: for each section a sentence, a figure and what to keep in mind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gallery.findings import caveats, sentences
from gallery.findings.charts import bars, whole
from gallery.findings.claims import Panel, panels
from gallery.findings.difference_story import difference_section
from gallery.findings.guess_story import guess_section
from gallery.findings.ladder_story import ladder_section
from gallery.findings.pairs_story import pairs_section, pairs_told
from gallery.findings.plane_story import measures_section, plane_section
from gallery.findings.published import published_section
from gallery.findings.quality_story import quality_section
from gallery.findings.results import Findings, Scale
from gallery.findings.sections import Section, name_of, sides
from gallery.findings.works_shown import WorkShown
from gallery.studies.models import Item, Study
from gallery.studies.questions import SCALES


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
    panels: tuple[Panel, ...]
    limits: tuple[str, ...]
    method: tuple[str, ...]


def tell(found: Findings, study: Study, works: Mapping[int, WorkShown]) -> Story:
    """The findings in the language of the request. `works` are, by number, those that the reader
    may know; none while the study is open."""
    makers = {work.maker_id: work.maker for work in works.values() if work.by_machine}
    sections = [*difference_section(found, makers), *map(_scale, found.scales)]
    sections += plane_section(found, works)
    if found.guesses:
        sections.append(guess_section(found.guesses, works))
    sections += pairs_section(found, works)
    sections += [ladder_section(n, ladder, found) for n, ladder in enumerate(found.ladders, 1)]
    sections += published_section(found, study)
    sections += measures_section(found, works)
    sections += quality_section(found, {work.maker_id: work.maker for work in works.values()})
    return Story(
        standing=sentences.standing(found, study),
        lead=_lead(found),
        facts=_facts(found),
        sections=tuple(sections),
        panels=tuple(panels(found)) if found.sides else (),
        limits=caveats.limits(found, study) if found.sides else (),
        method=caveats.method(found, study),
    )


def _lead(found: Findings) -> tuple[str, ...]:
    verdicts = [sentences.verdict(scale, final=found.final) for scale in found.scales]
    verdicts += [pairs_told(one, final=found.final) for one in found.pairs]
    told = list(dict.fromkeys(filter(None, verdicts)))
    if any(scale.model for scale in found.scales) or any(one.chosen for one in found.pairs):
        told.append(sentences.basis(found))
    return tuple(told)


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
    scales = len(found.scales)
    return (
        Fact(whole(found.works), ngettext("work", "works", found.works), works),
        Fact(whole(found.makers), ngettext("maker", "makers", found.makers), makers),
        Fact(whole(found.raters), ngettext("rater", "raters", found.raters), ""),
        Fact(
            whole(found.answers),
            ngettext("rating", "ratings", found.answers),
            _("%(trials)s on each scale") % {"trials": whole(found.trials)}
            if found.answers and scales > 1
            else "",
        ),
    )


def _scale(scale: Scale) -> Section:
    wording, points = SCALES[scale.item], len(scale.counts[0])
    told = sentences.answered(scale)
    figure = bars(
        str(scale.item),
        title=_("Answers on “%(scale)s”, in per cent") % {"scale": name_of(scale.item)},
        told=told,
        answers=[f"{value} {name}".strip() for value, name, _meaning in wording.points(points)],
        sides=sides(),
        counts=scale.counts,
    )
    caveat = {
        Item.COHERENCE: _(
            "Strange or abstract work can hold together perfectly well. The question is not "
            "whether a work is good."
        ),
        Item.SURPRISE: _(
            "A work can surprise whether or not one likes it, and noise surprises too."
        ),
    }.get(Item(scale.item), "")
    return Section(
        str(scale.item), name_of(scale.item), (told,), (figure,), caveat, asks=str(wording.asks)
    )

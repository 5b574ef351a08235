"""What Zachary Lipton's article of 2016 claims, and what this study says of it.

One panel a claim: the sentence, how it is tested, the figure, and whether the study supports it.
A claim is judged only once the study is closed and only where the figure leaves no doubt.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gallery.findings.bootstrap import Interval
from gallery.findings.charts import whole
from gallery.findings.difference_story import tell
from gallery.findings.inference import EQUIVALENT
from gallery.findings.measures import DESCRIPTION
from gallery.findings.results import Findings
from gallery.findings.sections import name_of

Verdict = Literal["supported", "not-supported", "too-little"]
LITTLE_SKILL = 0.3  # d' below which imitations pass
MIDDLE = 4.0  # of seven points

STATUS: dict[Verdict, str | Promise] = {
    "supported": gettext_lazy("Supported"),
    "not-supported": gettext_lazy("Not supported"),
    "too-little": gettext_lazy("Not enough data yet"),
}


@dataclass(frozen=True)
class Panel:
    """One claim, told."""

    claim: str
    test: str
    figure: str
    verdict: Verdict

    @property
    def status(self) -> str:
        return str(STATUS[self.verdict])


Judge = Callable[[Findings], tuple[str, Verdict]]


def panels(found: Findings) -> list[Panel]:
    """All claims in the order of the article; none where the study asked for neither scale nor
    guess."""
    if not found.scales and not found.guesses:
        return []
    told = []
    for claim, test, judge in CLAIMS:
        figure, verdict = judge(found) if found.final else ("", "too-little")
        told.append(Panel(str(claim), str(test), figure, verdict))
    return told


def _filters(found: Findings) -> tuple[str, Verdict]:
    known = [(scale.item, scale.filtered) for scale in found.scales if scale.filtered]
    if not known:
        return "", "too-little"
    apart = any(not shift.holds_zero for _item, shift in known)
    alike = all(abs(x) < EQUIVALENT for _item, shift in known for x in (shift.low, shift.high))
    return _listed(known), "supported" if apart else "not-supported" if alike else "too-little"


def _samplers(found: Findings) -> tuple[str, Verdict]:
    known = [(scale.item, scale.sampled) for scale in found.scales if scale.sampled]
    if len(known) < 2:
        return "", "too-little"
    behind = any(shift.low > 0 for _item, shift in known)
    ahead = any(shift.high < 0 for _item, shift in known)
    level = all(shift.low < 0 < shift.high < EQUIVALENT for _item, shift in known)
    verdict: Verdict = "supported" if behind and not ahead else "too-little"
    return _listed(known), "not-supported" if (ahead and not behind) or level else verdict


def _temperature(found: Findings) -> tuple[str, Verdict]:
    for ladder in found.ladders:
        rises = {climb.item: climb.rise for climb in ladder.climbs}
        surprise, coherence = rises.get("surprise"), rises.get("coherence")
        if not (surprise and coherence):
            continue
        figure = _("%(maker)s, from the lowest value to the highest, in points: %(rises)s.") % {
            "maker": ladder.maker,
            "rises": _listed([("surprise", surprise), ("coherence", coherence)]),
        }
        if ladder.both and ladder.both.rises_and_falls:
            return f"{figure} " + _(
                "Works that are both coherent and surprising are most frequent in between."
            ), "supported"
        if surprise.low > 0 and coherence.high < 0:
            return figure, "supported"
        if surprise.low > 0 and coherence.low > 0:
            return figure, "not-supported"
        return figure, "too-little"
    return "", "too-little"


def _description(found: Findings) -> tuple[str, Verdict]:
    known = [
        (one.item, one.slope)
        for one in found.beside
        if one.measure == DESCRIPTION and one.item in {"coherence", "quality"}
    ]
    if not known:
        return "", "too-little"
    shorter = any(slope.high < 0 for _item, slope in known)
    longer = any(slope.low > 0 for _item, slope in known)
    verdict: Verdict = "supported" if shorter else "not-supported" if longer else "too-little"
    return _listed(known), verdict


def _virtuosity(found: Findings) -> tuple[str, Verdict]:
    surprise = found.scale("surprise")
    detected = found.guesses.detected if found.guesses else None
    if detected is None or surprise is None or surprise.model is None:
        return "", "too-little"
    skill, gap = detected.d_prime, surprise.model.difference
    figure = _("d′ %(skill)s; surprise, people less machines: %(gap)s logits") % {
        "skill": tell(skill),
        "gap": tell(gap),
    }
    passes = skill.low > -LITTLE_SKILL and skill.high < LITTLE_SKILL
    if passes and gap.low > 0:
        return figure, "supported"
    if skill.low > 0 or gap.high < 0:
        return figure, "not-supported"
    return figure, "too-little"


def _both(found: Findings) -> tuple[str, Verdict]:
    if not found.plane:
        return "", "too-little"
    sides = [
        sum(
            place.side == side and place.coherence.low > MIDDLE and place.surprise.low > MIDDLE
            for place in found.plane
        )
        for side in (0, 1)
    ]
    figure = _(
        "%(human)s works by people and %(machine)s by machines lie above the middle on both "
        "scales with their whole intervals, of %(all)s."
    ) % {"human": whole(sides[0]), "machine": whole(sides[1]), "all": whole(len(found.plane))}
    return figure, "supported" if sum(sides) else "not-supported"


def _explorer(found: Findings) -> tuple[str, Verdict]:
    return _("No artist here learns from visitors' answers yet."), "too-little"


CLAIMS: tuple[tuple[str | Promise, str | Promise, Judge], ...] = (
    (
        gettext_lazy("A network that filters a picture does another thing than one that samples."),
        gettext_lazy("Works of filters less works of samplers, on each scale, in logits."),
        _filters,
    ),
    (
        gettext_lazy("Sampling from what was learned is not enough."),
        gettext_lazy("Works by people less works of samplers, on each scale, in logits."),
        _samplers,
    ),
    (
        gettext_lazy("A higher temperature is more random, not more creative."),
        gettext_lazy("A ladder of one machine: surprise should rise and coherence fall."),
        _temperature,
    ),
    (
        gettext_lazy("Art has a short description."),
        gettext_lazy("Do works that compress well cohere better, among people's and machines'?"),
        _description,
    ),
    (
        gettext_lazy("To imitate is virtuosity, not creativity."),
        gettext_lazy("Imitations should pass for people's work, and yet surprise less."),
        _virtuosity,
    ),
    (
        gettext_lazy("Creative work is compelling and surprising at once."),
        gettext_lazy(
            "Works above the middle on coherence and on surprise. Whether a work changes what "
            "comes after it, ratings cannot tell."
        ),
        _both,
    ),
    (
        gettext_lazy("A machine that learns by trying can find what nobody showed it."),
        gettext_lazy("An artist that hunts for works unlike the archive and that visitors praise."),
        _explorer,
    ),
)


def _listed(known: list[tuple[str, Interval]]) -> str:
    return "; ".join(f"{name_of(item)} {tell(shift)}" for item, shift in known)

"""Protocols ready to use: each one a question that someone asked before, with its design.

A blueprint fills the form of a new study; everything in it may be changed until the study opens.
Sources of the designs: Elgammal et al. 2017 (arXiv 1706.07068) for the artist-or-computer question
and liking; Lipton 2016 for the ladder, the kinds of machines and virtuosity; Köbis and Mossink 2021
for guesses; the anchors, the repeats and the three exclusions follow Meade and Craig 2012.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gallery.studies.protocol import Allocation, Guessing, Protocol, Scale, Session

Text = str | Promise
FULL = Session(
    preview=6,
    practice=2,
    anchors=2,
    repeats=2,
    instructed=True,
    rest_after=10,
    facts=True,
)
PRIMARY = (
    "For each scale a cumulative logit model with crossed random effects of raters and works, and "
    "of the source by rater; the coefficient is people minus machines, tested by t with as many "
    "degrees of freedom as works less the cells; Holm over the scales. Trials count on first sight "
    "of a work that was not recognised, without anchors, repeats and practice."
)
GUESSED = (
    "A probit model of saying person, with crossed random effects of raters and works: the slope "
    "of the truth is d', the intercept the bias."
)


@dataclass(frozen=True)
class Blueprint:
    """A protocol with what an admin reads before taking it."""

    name: str
    title: Text
    summary: Text
    rules: Protocol
    works: int = 16  # in a sitting


def _rules(name: str, **kw: object) -> Protocol:
    values: dict[str, object] = {
        "blueprint": name,
        "guess": Guessing(timing="after", interleaved_share=0.1),
        "session": FULL,
        "primary_analysis": PRIMARY,
    }
    return Protocol.model_validate(values | kw)


BLUEPRINTS: dict[str, Blueprint] = {
    one.name: one
    for one in (
        Blueprint(
            "coherence-surprise",
            _("Coherence and surprise"),
            _("Two scales for each work, then guesses. Compares people with machines."),
            _rules("coherence-surprise"),
        ),
        Blueprint(
            "can",
            _("Artist or computer"),
            _("As in the CAN study of 2017: who made this, and how much do you like it?"),
            _rules(
                "can",
                scales=(Scale(item="liking", points=5),),
                guess=Guessing(timing="interleaved"),
                allocation=Allocation(arms="kinds"),
                primary_analysis=GUESSED,
            ),
            works=18,
        ),
        Blueprint(
            "guess",
            _("Who made this?"),
            _("Nothing but the guess, one work after another."),
            _rules(
                "guess",
                scales=(),
                guess=Guessing(timing="interleaved"),
                session=FULL.model_copy(update={"anchors": 0, "repeats": 2, "instructed": False}),
                primary_analysis=GUESSED,
            ),
            works=20,
        ),
        Blueprint(
            "ladder",
            _("A ladder: is more chance more creative?"),
            _("Works of one machine at several values of its knob, in equal numbers."),
            _rules("ladder", allocation=Allocation(arms="rungs")),
        ),
        Blueprint(
            "kinds",
            _("Filter, sampler, person"),
            _("Machines that work over a given picture beside machines that draw by chance."),
            _rules("kinds", allocation=Allocation(arms="kinds")),
            works=18,
        ),
        Blueprint(
            "virtuosity",
            _("Virtuosity"),
            _("Imitations: are they taken for the real thing, and do they still surprise?"),
            _rules(
                "virtuosity",
                scales=(Scale(item="surprise"), Scale(item="quality")),
            ),
        ),
        Blueprint(
            "pairs",
            _("Side by side"),
            _("A work by a person beside one by a machine: which holds together, which surprises?"),
            _rules(
                "pairs",
                mode="pairs",
                pairs=("coherence", "surprise"),
                guess=Guessing(timing="none"),
                session=FULL.model_copy(update={"practice": 1, "instructed": False}),
                primary_analysis="A cumulative logit model of left, no difference and right, with "
                "random effects of works (+1 left, -1 right) and of raters.",
            ),
            works=24,
        ),
    )
}
DEFAULT = BLUEPRINTS["coherence-surprise"]

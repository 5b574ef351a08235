"""What the results say, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gallery.findings.bootstrap import Interval
from gallery.findings.charts import percent, whole
from gallery.findings.results import Findings, Guesses, Scale
from gallery.findings.thresholds import ENOUGH_RATERS, LEAST_RATERS, Missing
from gallery.studies.models import Item, State, Study


def standing(found: Findings, study: Study) -> str:
    """How far the study has come, where that limits what is shown; else empty."""
    if found.missing is not None:
        return nothing_by_origin(found.missing, found.raters, closed=study.state == State.CLOSED)
    if found.preliminary:
        return _(
            "Preliminary: a difference is computed from %(enough)s raters on, and so far there "
            "are %(raters)s."
        ) % {"enough": ENOUGH_RATERS, "raters": found.raters}
    return ""


def nothing_by_origin(missing: Missing, raters: int, *, closed: bool) -> str:
    """Why the answers are not shown by who made the works."""
    if missing is Missing.FEW_RATERS:
        return ngettext(
            "Not enough ratings yet: %(raters)s visitor has rated works so far. From %(least)s on, "
            "the answers appear here by who made the works.",
            "Not enough ratings yet: %(raters)s visitors have rated works so far. From %(least)s "
            "on, the answers appear here by who made the works.",
            raters,
        ) % {"raters": raters, "least": LEAST_RATERS}
    if missing is Missing.NOBODY and closed:
        return _("Not enough ratings: nobody rated a work before this study closed.")
    return {
        Missing.NOBODY: _("Not enough ratings yet: nobody has finished a sitting in this study."),
        Missing.ALL_SKIPPED: _("Not enough ratings yet: every work shown so far was skipped."),
        Missing.ALL_RECOGNISED: _(
            "Not enough ratings yet: visitors had seen every rated work before, and such ratings "
            "do not count."
        ),
        Missing.NO_HUMAN: _(
            "Nothing to compare: no work by a person has been rated in this study, only works by "
            "machines."
        ),
        Missing.NO_MACHINE: _(
            "Nothing to compare: no work by a machine has been rated in this study, only works by "
            "people."
        ),
    }[missing]


def basis(found: Findings) -> str:
    """What the differences rest on, works and raters beside ratings."""
    human, machine = found.sides if found.sides else (None, None)
    if human is None or machine is None:
        return ""
    return _(
        "From %(answers)s answers about %(human)s works by people and %(machine)s by machines, "
        "given by %(raters)s visitors."
    ) % {
        "answers": whole(found.answers),
        "human": whole(human.works),
        "machine": whole(machine.works),
        "raters": whole(found.raters),
    }


def verdict(scale: Scale, *, final: bool) -> str:
    """One scale's difference in a sentence, or why there is none."""
    if scale.model is None:
        return no_model(scale.missing)
    chance = scale.model.chance if final else scale.model.chance_always
    told = _RATED[Item(scale.item)] % shares(chance)
    if chance.low > 0.5 or chance.high < 0.5:
        return str(told)
    if final and scale.model.equivalent:
        return f"{told} " + _("That is practically no difference.")
    return f"{told} " + _("Half would be no difference, so it is open which side is ahead.")


def shares(chance: Interval) -> dict[str, str]:
    """Of chances from 0 to 1, as whole per cents."""
    told = {"share": chance.estimate, "low": chance.low, "high": chance.high}
    return {name: percent(100 * value) for name, value in told.items()}


_RATED = {
    Item.COHERENCE: gettext_lazy(
        "A work by a person is rated more coherent than a work by a machine %(share)s of the time "
        "(95%% interval %(low)s to %(high)s)."
    ),
    Item.SURPRISE: gettext_lazy(
        "A work by a person is rated more surprising than a work by a machine %(share)s of the "
        "time (95%% interval %(low)s to %(high)s)."
    ),
    Item.QUALITY: gettext_lazy(
        "A work by a person is rated better than a work by a machine %(share)s of the time (95%% "
        "interval %(low)s to %(high)s)."
    ),
    Item.LIKING: gettext_lazy(
        "A work by a person is liked more than a work by a machine %(share)s of the time (95%% "
        "interval %(low)s to %(high)s)."
    ),
}


def no_model(missing: Missing | None) -> str:
    """Why there is no difference; empty where `standing` has said it."""
    return {
        Missing.NO_SPREAD: _(
            "All answers are the same, so how sure a difference is cannot be told."
        ),
        Missing.THIN: _(
            "Too few works or visitors for a difference: it takes at least two works by people "
            "and two by machines, each with several answers."
        ),
        Missing.UNSETTLED: _(
            "The answers are too few or too uniform for a difference: the model does not settle on "
            "them."
        ),
    }.get(missing or Missing.NOBODY, "")


def answered(scale: Scale) -> str:
    """How many answered, and, where a difference may be shown, the share above the middle."""
    human, machine = (sum(row) for row in scale.counts)
    if scale.missing is Missing.PRELIMINARY:
        return _(
            "So far there are %(human)s answers about works by people and %(machine)s about "
            "works by machines."
        ) % {"human": whole(human), "machine": whole(machine)}
    above = [100 * sum(row[len(row) // 2 + 1 :]) / sum(row) for row in scale.counts]
    return _(
        "Works by people were rated above the middle of the scale in %(human)s of the answers, "
        "works by machines in %(machine)s."
    ) % {"human": percent(above[0]), "machine": percent(above[1])}


def guessed(guesses: Guesses) -> str:
    """How many guesses were right, and whether a coin would have done as well."""
    told = _("%(right)s of %(total)s guesses were right.") % {
        "right": whole(guesses.right),
        "total": whole(guesses.total),
    }
    if guesses.share:
        told = _(
            "Visitors took %(share)s of the works for what they were (95%% interval %(low)s to "
            "%(high)s)."
        ) % shares(guesses.share)
    return f"{told} {_skill(guesses)}".strip()


def _skill(guesses: Guesses) -> str:
    if guesses.detected is None:
        return no_model(guesses.missing)
    d = guesses.detected.d_prime_always if not guesses.share else guesses.detected.d_prime
    if d.low > 0:
        return _("They can tell the two apart better than a coin.")
    if d.high < 0:
        return _("They were misled: a coin would have done better.")
    return _("A coin might have done as well.")

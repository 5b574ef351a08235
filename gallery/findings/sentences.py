"""What the results say, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gallery.findings.bootstrap import Interval
from gallery.findings.charts import percent, rounded, signed, whole
from gallery.findings.results import Findings, Guesses, Scale
from gallery.findings.thresholds import ENOUGH_RATERS, LEAST_RATERS, Missing
from gallery.studies.models import Item, State, Study

# Above the middle of seven, and so an answer in favour.
FAVOURABLE = 5


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
        Missing.OTHER_QUESTIONS: _(
            "This study asks other questions than coherence and surprise on seven points. Its "
            "answers are kept; this page does not tell them yet."
        ),
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


def verdict(scale: Scale) -> str:
    """One scale's difference in a sentence, or why there is none."""
    if scale.difference is None:
        return no_difference(scale)
    coherence = scale.item == Item.COHERENCE
    gap = scale.difference
    if gap.holds_zero:
        text = (
            _(
                "It is open whether works by people or by machines hold together better: any "
                "difference from %(low)s to %(high)s points fits the answers."
            )
            if coherence
            else _(
                "It is open whether works by people or by machines surprise more: any difference "
                "from %(low)s to %(high)s points fits the answers."
            )
        )
        return text % {"low": signed(gap.low, 2), "high": signed(gap.high, 2)}
    return _which_is_higher(gap, coherence=coherence) % _sizes(gap)


def _which_is_higher(gap: Interval, *, coherence: bool) -> str:
    if coherence and gap.estimate > 0:
        return _(
            "Visitors found works by people more coherent than works by machines, by %(size)s "
            "points on a scale of seven (95%% interval %(least)s to %(most)s)."
        )
    if coherence:
        return _(
            "Visitors found works by machines more coherent than works by people, by %(size)s "
            "points on a scale of seven (95%% interval %(least)s to %(most)s)."
        )
    if gap.estimate > 0:
        return _(
            "Works by people surprised visitors more than works by machines, by %(size)s points "
            "on a scale of seven (95%% interval %(least)s to %(most)s)."
        )
    return _(
        "Works by machines surprised visitors more than works by people, by %(size)s points on a "
        "scale of seven (95%% interval %(least)s to %(most)s)."
    )


def _sizes(gap: Interval) -> dict[str, str]:
    """The sizes without a sign, smallest end first: the sentence already says which is higher."""
    least, most = sorted((abs(gap.low), abs(gap.high)))
    return {
        "size": rounded(abs(gap.estimate), 2),
        "least": rounded(least, 2),
        "most": rounded(most, 2),
    }


def no_difference(scale: Scale) -> str:
    """Why one scale has no difference; empty where `standing` has said it for both."""
    coherence = scale.item == Item.COHERENCE
    if scale.missing is Missing.NO_SPREAD:
        return (
            _("Answers on coherence do not vary, so how sure a difference is cannot be told.")
            if coherence
            else _("Answers on surprise do not vary, so how sure a difference is cannot be told.")
        )
    if scale.missing is Missing.THIN:
        return (
            _(
                "Too few works have been rated for a difference in coherence: it takes at least "
                "two by people and two by machines, with several answers each."
            )
            if coherence
            else _(
                "Too few works have been rated for a difference in surprise: it takes at least "
                "two by people and two by machines, with several answers each."
            )
        )
    return ""


def answered(scale: Scale) -> str:
    """How many answered, and, where a difference may be shown, the share above the middle."""
    human, machine = (sum(row) for row in scale.counts)
    if scale.missing is Missing.PRELIMINARY:
        return _(
            "So far there are %(human)s answers about works by people and %(machine)s about "
            "works by machines."
        ) % {"human": whole(human), "machine": whole(machine)}
    above = [100 * sum(row[FAVOURABLE - 1 :]) / sum(row) for row in scale.counts]
    return _(
        "Works by people were given a 5, 6 or 7 in %(human)s of the answers, works by machines "
        "in %(machine)s."
    ) % {"human": percent(above[0]), "machine": percent(above[1])}


def guessed(guesses: Guesses) -> str:
    """How many guesses were right, and whether a coin would have done as well."""
    share = guesses.share
    if share is None:
        return _too_little_for_a_share(guesses)
    if share.low > 0.5:
        text = _(
            "Visitors can tell: they took %(share)s of the works for what they were (95%% "
            "interval %(low)s to %(high)s). A coin would be right half the time."
        )
    elif share.high < 0.5:
        text = _(
            "Visitors were misled: they took only %(share)s of the works for what they were (95%% "
            "interval %(low)s to %(high)s). A coin would be right half the time."
        )
    else:
        text = _(
            "Visitors took %(share)s of the works for what they were (95%% interval %(low)s to "
            "%(high)s). A coin might have done as well."
        )
    shares = {"share": share.estimate, "low": share.low, "high": share.high}
    return text % {name: percent(100 * value) for name, value in shares.items()}


def _too_little_for_a_share(guesses: Guesses) -> str:
    text = _("%(right)s of %(total)s guesses were right.")
    if guesses.missing is Missing.THIN:
        text = _(
            "%(right)s of %(total)s guesses were right. There are too few works for an interval."
        )
    elif guesses.missing is Missing.NO_SPREAD:
        text = _(
            "%(right)s of %(total)s guesses were right. They do not vary, so how sure that is "
            "cannot be told."
        )
    return text % {"right": whole(guesses.right), "total": whole(guesses.total)}

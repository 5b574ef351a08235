"""What the results say, and what they do not, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gallery.findings.bootstrap import Interval
from gallery.findings.charts import percent, rounded, signed, whole
from gallery.findings.results import (
    ENOUGH_RATERS,
    LEAST_RATERS,
    Findings,
    Guesses,
    Missing,
    Scale,
)
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


def limits(found: Findings, study: Study) -> tuple[str, ...]:
    """The caveats that apply to this study, the gravest first."""
    said = [_selection(found), *_makers(found)]
    said += [
        _("Visitors came of their own accord, and most of them are not experts."),
        _(
            "Coherence and surprise are not creativity, value or influence, and the two are never "
            "added up. A work surprises this visitor on this day."
        ),
        _(
            "Works by people and by machines were seen side by side, and seeing the one shifts "
            "how the other is rated (Horton and others, 2023)."
        ),
    ]
    if any(scale.difference and scale.difference.holds_zero for scale in found.scales):
        said.append(_("Where no difference was found, that does not mean that the two are equal."))
    if found.guesses:
        said.append(
            _("Guesses came after all ratings of a sitting, with the ratings fresh in mind.")
        )
    if study.is_open:
        said.append(_still_open(found))
    return tuple(said)


def _still_open(found: Findings) -> str:
    if not any(scale.difference for scale in found.scales):
        return _("The study is open, and the figures still move.")
    return _(
        "The study is open, and the figures still move. Whoever looks again and again, and stops "
        "when an interval leaves zero, will be wrong more often than one time in twenty."
    )


def _selection(found: Findings) -> str:
    shown = found.sides[1].works if found.sides else 0
    passed_over = found.made - shown
    if passed_over <= 0:
        return _(
            "Works by people were chosen by curators. Of the works by machines, all that they "
            "have made here are counted."
        )
    return _(
        "Works were chosen: those by people by curators, and of the %(made)s works that these "
        "machines have made here, %(shown)s are counted. Another choice could change the result."
    ) % {"made": whole(found.made), "shown": whole(shown)}


def _makers(found: Findings) -> list[str]:
    said = [_("The results hold for these makers and these works, not for all that exist.")]
    human, machine = (side.makers for side in found.sides) if found.sides else (0, 0)
    if machine == 1:
        said.append(
            _("All works by machines are by one maker: they say nothing of machines in general.")
        )
    if human == 1:
        said.append(
            _("All works by people are by one maker: they say nothing of people in general.")
        )
    return said


def method(found: Findings, study: Study) -> tuple[str, ...]:
    """What was counted and how, with the numbers left out."""
    counted = [_left_out(found)]
    if study.is_open:
        counted.append(
            _(
                "While the study is open, a sitting counts once it is finished, so that nobody "
                "can learn from this page who made a work that they have still to judge."
            )
        )
    if found.sides and not found.guesses:
        counted.append(
            _("Guesses at who made a work are shown once %(least)s visitors have made them.")
            % {"least": LEAST_RATERS}
        )
    if any(scale.difference for scale in found.scales):
        counted.append(
            _(
                "A difference is the mean of the ratings of works by people less the mean for "
                "works by machines; it takes the steps of a scale for equal, so look at the bars "
                "too. Each interval allows for other visitors and for other works: both were "
                "resampled, independently (the pigeonhole bootstrap; Owen, 2007). It stands for "
                "its own scale alone."
            )
        )
    return tuple(counted)


def _left_out(found: Findings) -> str:
    return _(
        "Left out: %(skipped)s works skipped, and %(recognised)s ratings of a work that the "
        "visitor had seen before or might have."
    ) % {"skipped": whole(found.skipped), "recognised": whole(found.recognised)}

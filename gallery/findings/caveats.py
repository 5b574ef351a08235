"""What the results do not say, and how they were counted."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gallery.findings.charts import whole
from gallery.findings.makers import LEAST_MAKERS
from gallery.findings.results import Findings
from gallery.findings.thresholds import LEAST_RATERS, Missing
from gallery.studies.models import Study


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
    models = [scale.model for scale in found.scales if scale.model]
    if any(model.difference.holds_zero and not model.equivalent for model in models):
        said.append(_("Where no difference was found, that does not mean that the two are equal."))
    if found.guesses:
        said.append(_when_guessed(study))
    if study.is_open:
        said.append(_still_open(found))
    return tuple(said)


def _when_guessed(study: Study) -> str:
    if study.rules.guess.timing != "after":
        return _(
            "Guesses came with each work, and whoever guesses may rate with the guess in mind."
        )
    if study.rules.guess.interleaved_share:
        return _(
            "Guesses came after all ratings of a sitting, with the ratings fresh in mind; a few "
            "visitors, drawn by lot, guessed with each work."
        )
    return _("Guesses came after all ratings of a sitting, with the ratings fresh in mind.")


def _still_open(found: Findings) -> str:
    if not any(scale.model for scale in found.scales):
        return _("The study is open, and the figures still move.")
    return _(
        "The study is open, and the figures still move. Its intervals are the wide ones that hold "
        "however often one looks; the narrower ones, and everything that names a work, come once "
        "no more answers can."
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
    said = [_these_makers(found)]
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


def _these_makers(found: Findings) -> str:
    """Whether anything here goes beyond works by these makers."""
    if any(one.other_makers.chance for one in found.otherwise):
        return _(
            "The results hold for works by these makers, not for all that exist. How they would "
            "hold for other makers like these is told under “How the study went”."
        )
    if any(one.other_makers.missing is Missing.THIN for one in found.otherwise):
        return _(
            "The results hold for works by these makers only. To tell what would hold for others "
            "takes %(least)s makers of several works on each side."
        ) % {"least": LEAST_MAKERS}
    return _("The results hold for works by these makers only, not for all that exist.")


def method(found: Findings, study: Study) -> tuple[str, ...]:
    """What was counted and how, with the numbers left out."""
    counted = [_left_out(found)] if found.skipped or found.recognised else []
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
    if any(scale.model for scale in found.scales):
        counted.append(
            _(
                "Each scale is analysed by a cumulative logit model with crossed random effects of "
                "visitors, of their leaning to a side, and of works, so that an interval allows "
                "for other visitors and for other works. The percentage is the chance that of two "
                "works drawn at random, one from each side and seen by one visitor, the person's "
                "is rated higher. Each interval stands for its own scale alone; p is adjusted for "
                "the number of scales (Holm)."
            )
        )
    if found.otherwise:
        counted.append(
            _(
                "Counted otherwise, the same model leaves out one maker at a time, of the dozen "
                "with most answers; lets makers differ by chance, where five on each side have "
                "several works; has the place in the sitting and the order of the questions in it; "
                "or lets each step of a scale have a difference of its own (likelihood-ratio "
                "test). The result itself was named before the first answer."
            )
        )
    if any(scale.difference for scale in found.scales):
        counted.append(
            _(
                "As a check, the difference in points takes the steps of a scale for equal; "
                "visitors and works were resampled independently (the pigeonhole bootstrap; Owen, "
                "2007)."
            )
        )
    return tuple(counted)


def _left_out(found: Findings) -> str:
    skipped = ngettext(
        "%(skipped)s work that a visitor skipped",
        "%(skipped)s works that visitors skipped",
        found.skipped,
    ) % {"skipped": whole(found.skipped)}
    recognised = ngettext(
        "%(recognised)s that the visitor had seen before or might have",
        "%(recognised)s that the visitors had seen before or might have",
        found.recognised,
    ) % {"recognised": whole(found.recognised)}
    return _("Left out: %(skipped)s, and %(recognised)s.") % {
        "skipped": skipped,
        "recognised": recognised,
    }

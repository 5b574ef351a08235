"""What others have published of the same question, beside what was found here.

Figures that were read in the publication or computed from its data, never from memory. The two are
never merged: other works, other people, other questions.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gallery.findings.charts import Table, rounded
from gallery.findings.results import Findings
from gallery.findings.sections import Section
from gallery.findings.sentences import shares
from gallery.studies.models import Study


@dataclass(frozen=True)
class Published:
    """One study of others: who, what they asked, and what came out."""

    source: str
    medium: str
    asked: str  # "guess", or a scale
    found: str | Promise


PUBLISHED = (
    Published(
        "Alexander 2024, astralcodexten.com",
        "image",
        "guess",
        gettext_lazy(
            "59% right (over 50 pictures 54% to 65%), 11,061 readers; the pictures were hand-picked"
        ),
    ),
    Published(
        "Samo and Highhouse 2023, doi:10.1037/aca0000570",
        "image",
        "guess",
        gettext_lazy("between 50% and 60% right"),
    ),
    Published(
        "Porter and Machery 2024, doi:10.1038/s41598-024-76900-1",
        "text",
        "guess",
        # xgettext:no-python-format
        gettext_lazy("47% right, 16,340 guesses at poems"),
    ),
    Published(
        "Chhun and others 2022 (HANNA), COLING",
        "text",
        "coherence",
        gettext_lazy("people 4.43, the best of ten machines 3.31, on five points"),
    ),
    Published(
        "Chhun and others 2022 (HANNA), COLING",
        "text",
        "surprise",
        gettext_lazy("people 3.15, the best of ten machines 2.22, on five points"),
    ),
)


def published_section(found: Findings, study: Study) -> list[Section]:
    """Empty where nothing was published of the same question, or nothing was found here."""
    rows = [
        (one.source, str(one.found), here)
        for one in PUBLISHED
        if one.medium == study.medium and (here := _here(one.asked, found))
    ]
    if not rows:
        return []
    caveat = _(
        "Other works, other people and other questions: the figures stand side by side and are "
        "never put together."
    )
    head = (_("Published"), _("There"), _("Here"))
    return [
        Section("published", _("Published, and here"), (), (), caveat, Table(head, tuple(rows)))
    ]


def _here(asked: str, found: Findings) -> str:
    if asked == "guess":
        share = found.guesses.share if found.guesses else None
        # xgettext:python-format
        return _("%(share)s right (%(low)s to %(high)s)") % shares(share) if share else ""
    scale = found.scale(asked)
    if scale is None or not found.final or scale.model is None:
        return ""
    human, machine = (rounded(mean, 2) for mean in scale.means)
    return _("people %(human)s, machines %(machine)s, on %(points)s points") % {
        "human": human,
        "machine": machine,
        "points": len(scale.counts[0]),
    }

"""The findings of a study, computed when its answers have changed and kept until then."""

from django.core.cache import cache
from django.db.models import Count, Max

from gallery.findings.answers import counted_raters, read
from gallery.findings.results import Findings, compute
from gallery.studies.models import Study

KEEP_SECONDS = 3600


def findings_of(study: Study) -> Findings:
    """The current findings of an open or closed study: one query, or five after new answers.

    The answers of a counted rater never change, so the findings are known by which raters count.
    Their number, the newest of them and the last reveal tell that: raters are only ever added with
    a later reveal, or erased.
    """
    which = counted_raters(study).aggregate(
        number=Count("pk"), newest=Max("pk"), revealed=Max("revealed_at")
    )
    revealed = which["revealed"] and which["revealed"].timestamp()
    key = f"findings:{study.code}:{study.state}:{which['number']}:{which['newest']}:{revealed}"
    kept: Findings | None = cache.get(key)
    if kept is None:
        kept = compute(read(study))
        cache.set(key, kept, KEEP_SECONDS)
    return kept

"""How studies, raters and trials are read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, F, Q

if TYPE_CHECKING:
    from gallery.studies.models import Rater, Study, StudyWork, Trial


def rated(trials: str = "") -> Q:
    """Trials that were answered and not passed over; `trials` is the lookup path to them."""
    return Q(**{f"{trials}answered_at__isnull": False, f"{trials}skip_reason": ""})


class StudyQuerySet(models.QuerySet["Study"]):
    """Studies as visitors and admins list them."""

    def open(self) -> StudyQuerySet:
        return self.filter(state="open")

    def open_first(self) -> StudyQuerySet:
        """The open ones first, then those that closed last."""
        last_first = F("closed_at").desc(nulls_first=True)
        return self.order_by(last_first, "-opened_at")

    def with_progress(self) -> StudyQuerySet:
        """Adds `begun`, `finished` (raters) and `rated` (trials): counts, and nothing by arm."""
        return self.annotate(
            begun=Count("raters", distinct=True),
            finished=Count("raters", Q(raters__revealed_at__isnull=False), distinct=True),
            rated=Count("raters__trials", rated("raters__trials__"), distinct=True),
        )


class StudyWorkQuerySet(models.QuerySet["StudyWork"]):
    """The works of a study, as the design sees them."""

    def completed(self) -> list[tuple[int, str, int]]:
        """For each work: primary key, arm, and how many of its trials were rated, not merely
        handed out, so that people who leave early do not unbalance a study."""
        counted = self.annotate(rated=Count("trials", rated("trials__")))
        return list(counted.values_list("pk", "arm", "rated"))

    def unknown_to(self, raters: Iterable[int]) -> StudyWorkQuerySet:
        """Without the works whose label any of these raters (primary keys) has seen revealed."""
        revealed = self.model._default_manager.filter(
            rated("trials__"),
            trials__rater__in=list(raters),
            trials__rater__revealed_at__isnull=False,
        )
        return self.exclude(artwork__in=revealed.values("artwork"))


class RaterQuerySet(models.QuerySet["Rater"]):
    """Visitors, one row for each study that they sit."""

    def known_by(self, codes: Iterable[str]) -> RaterQuerySet:
        """By their codes, however a person typed them: with spaces, dashes or small letters."""
        plain = ["".join(filter(str.isalnum, code)).upper() for code in codes]
        return self.filter(code__in=plain).select_related("study")

    def locked(self, pk: int) -> Rater:
        """This rater with their study, for the caller's transaction alone.

        Whatever writes to a sitting takes this lock first, so that nothing is written to one that
        is being erased and no two ever wait for each other. Raises Rater.DoesNotExist.
        """
        return self.select_for_update(of=("self",)).select_related("study").get(pk=pk)


class TrialQuerySet(models.QuerySet["Trial"]):
    """Trials, in the order of the sitting."""

    def of(self, raters: Iterable[int]) -> TrialQuerySet:
        """The trials that belong to this visitor; anyone else's do not exist for them."""
        return self.filter(rater__in=list(raters)).select_related("rater__study", "study_work")

    def rated(self) -> TrialQuerySet:
        return self.filter(rated())

    def unanswered(self) -> TrialQuerySet:
        return self.filter(answered_at=None)

    def unguessed(self) -> TrialQuerySet:
        """Rated, and not yet guessed at. A skipped work is never guessed at."""
        return self.rated().filter(guess=None)

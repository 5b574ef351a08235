"""How studies, raters and trials are read."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, F, Q

if TYPE_CHECKING:
    from gallery.studies.models import Rater, Rating, Study, StudyWork, Trial


def rated(trials: str = "") -> Q:
    """Trials that were answered and not passed over; `trials` is the lookup path to them."""
    return Q(**{f"{trials}answered_at__isnull": False, f"{trials}skip_reason": ""})


class StudyQuerySet(models.QuerySet["Study"]):
    """Studies as visitors and admins list them."""

    def open(self) -> StudyQuerySet:
        return self.filter(state="open")

    def opened(self) -> StudyQuerySet:
        """Without drafts, which nobody but admins knows of."""
        return self.exclude(state="draft")

    def real(self) -> StudyQuerySet:
        """Without those whose raters are simulated: no public page ever mixes the two."""
        return self.filter(simulated=False)

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
        """For each work that is to be rated: primary key, arm, and how many of its trials were
        rated, not merely handed out, so that people who leave early do not unbalance a study."""
        counted = self.filter(role="rated").annotate(
            rated=Count("trials", rated("trials__") & Q(trials__kind="rated"), distinct=True),
            rated_at_right=Count("trials_at_right", rated("trials_at_right__"), distinct=True),
        )
        rows = counted.values_list("pk", "arm", "rated", "rated_at_right")
        return [(pk, arm, alone + at_right) for pk, arm, alone, at_right in rows]

    def undescribed(self) -> StudyWorkQuerySet:
        """Pictures that nobody has put into words."""
        return self.filter(artwork__medium="image", artwork__description=None)

    def with_role(self, *roles: str) -> list[int]:
        """The primary keys of the works that are there for this, in the order of the rows."""
        return list(self.filter(role__in=roles).order_by("pk").values_list("pk", flat=True))

    def unknown_to(self, raters: Iterable[int]) -> StudyWorkQuerySet:
        """Without the works whose label any of these raters (primary keys) has seen revealed."""
        return self.exclude(artwork__in=self._read_by(raters).values("artwork"))

    def known_to(self, raters: Collection[int], trial: Trial) -> bool:
        """Whether any of these raters (primary keys) has read the label of a trial's work."""
        if not raters:
            return False
        artworks = [trial.study_work.artwork_id]
        if trial.right_work:
            artworks.append(trial.right_work.artwork_id)
        return self._read_by(raters).filter(artwork__in=artworks).exists()

    def _read_by(self, raters: Iterable[int]) -> StudyWorkQuerySet:
        """In whatever study, the works whose label was turned over for one of these raters."""
        everywhere = self.model._default_manager.all()
        mine = {"rater__in": list(raters), "rater__revealed_at__isnull": False}
        read = Q(pk__in=())
        for trials in ("trials", "trials_at_right"):
            asked = {f"{trials}__{name}": value for name, value in mine.items()}
            shown = everywhere.filter(rated(f"{trials}__"), **asked)
            read |= Q(pk__in=shown.values("pk"))
        return everywhere.filter(read)


class RaterQuerySet(models.QuerySet["Rater"]):
    """Visitors, one row for each study that they sit."""

    def known_by(self, codes: Iterable[str]) -> RaterQuerySet:
        """By their codes, however a person typed them: with spaces, dashes or small letters."""
        plain = ["".join(filter(str.isalnum, code)).upper() for code in codes]
        return self.filter(code__in=plain).select_related("study")

    def ended(self) -> RaterQuerySet:
        """Those who have had the reveal, or whose study takes no more answers."""
        return self.filter(Q(revealed_at__isnull=False) | Q(study__state="closed"))

    def unsifted(self) -> RaterQuerySet:
        """Ended, and nobody has looked at how carefully they answered."""
        return self.ended().filter(verdict=None)

    def careful(self) -> RaterQuerySet:
        """Without those whom one of the study's own rules leaves out."""
        return self.filter(Q(verdict=None) | Q(verdict__excluded_by=""))

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
        return self.filter(rater__in=list(raters)).select_related(
            "rater__study", "study_work", "right_work"
        )

    def rated(self) -> TrialQuerySet:
        return self.filter(rated())

    def unanswered(self) -> TrialQuerySet:
        return self.filter(answered_at=None)

    def answered(self) -> TrialQuerySet:
        """Rated or skipped."""
        return self.exclude(answered_at=None)

    def guessable(self) -> TrialQuerySet:
        """Rated, and no practice, anchor or repeat: what is guessed at when all is rated."""
        return self.rated().filter(kind="rated", rater__guess_timing="after")

    def unguessed(self) -> TrialQuerySet:
        """Still to be guessed at. A skipped work is never guessed at."""
        return self.guessable().filter(guess=None)

    def counted(self) -> TrialQuerySet:
        """What an estimate may rest on: rated works on first sight, by raters who were blind."""
        return self.rated().filter(kind="rated", informed=False)


class RatingQuerySet(models.QuerySet["Rating"]):
    """Answers on scales."""

    def real(self) -> RatingQuerySet:
        """Without those of simulated raters, and without practice."""
        return self.filter(trial__rater__study__simulated=False).exclude(trial__kind="practice")

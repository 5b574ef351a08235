"""Blind studies. Nothing here knows who made a work: a study sees two arms, A and B, and the
gallery of works alone knows which arm is which."""

from __future__ import annotations

import secrets
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from gallery.constraints import both_or_neither, is_known
from gallery.studies.querysets import (
    RaterQuerySet,
    StudyQuerySet,
    StudyWorkQuerySet,
    TrialQuerySet,
)
from gallery.works.models import Artwork, Medium

SITTING_LASTS = timedelta(days=30)
SITTING_LENGTHS = list(range(2, 41, 2))  # half from each arm
CODE_LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"  # no vowels, nothing that looks like something else


def new_rater_code() -> str:
    """Twelve letters, 57 random bits: short enough to copy by hand, too many to guess."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(12))


class State(models.TextChoices):
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")


class Item(models.TextChoices):
    COHERENCE = "coherence", _("coherence")
    SURPRISE = "surprise", _("surprise")


class Study(models.Model):
    """Works, questions and rules, frozen as it opens, which is when its row is made."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(unique=True)
    title = models.CharField(_("title"), max_length=200)
    purpose = models.TextField(_("what it asks"), blank=True)
    medium = models.CharField(max_length=10, choices=Medium.choices)
    seed = models.PositiveBigIntegerField()
    trials_per_rater = models.PositiveSmallIntegerField(default=16)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField(default=now, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = StudyQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            is_known("state", State),
            is_known("medium", Medium),
            models.CheckConstraint(
                name="study_has_an_end_iff_closed",
                condition=both_or_neither(Q(state=State.CLOSED), Q(closed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="study_shows_an_even_number_of_works_up_to_forty",
                condition=Q(trials_per_rater__in=SITTING_LENGTHS),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("study", args=[self.slug])

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN

    @property
    def minutes(self) -> int:
        """What a sitting takes, at 18 seconds a work for two answers and a guess."""
        return max(1, round(self.trials_per_rater * 0.3))

    def close(self) -> bool:
        """Take no more answers, for good; False if it was not open."""
        ended = now()
        if not Study.objects.open().filter(pk=self.pk).update(state=State.CLOSED, closed_at=ended):
            return False
        self.state, self.closed_at = State.CLOSED, ended
        return True


class Arm(models.TextChoices):
    A = "a", "A"
    B = "b", "B"


class StudyWork(models.Model):
    """One work in one study, in one of two arms whose meaning is not recorded here."""

    study = models.ForeignKey(Study, models.CASCADE, related_name="works")
    artwork = models.ForeignKey(Artwork, models.PROTECT, related_name="study_works")
    arm = models.CharField(max_length=1, choices=Arm.choices)

    objects = StudyWorkQuerySet.as_manager()

    class Meta:
        constraints = [
            is_known("arm", Arm),
            models.UniqueConstraint("study", "artwork", name="studywork_enters_a_study_once"),
        ]

    def __str__(self) -> str:
        return f"{self.artwork_id} in {self.study_id}"


class Rater(models.Model):
    """One visitor in one study, and so one sitting. No account, no address: only a code."""

    code = models.CharField(max_length=12, unique=True, default=new_rater_code, editable=False)
    study = models.ForeignKey(Study, models.CASCADE, related_name="raters")
    seed = models.PositiveBigIntegerField()  # of the order of works and of questions
    first_item = models.CharField(max_length=10, choices=Item.choices)  # asked first, always
    language = models.CharField(max_length=10)
    consented_at = models.DateTimeField(default=now)
    revealed_at = models.DateTimeField(null=True, blank=True)

    objects = RaterQuerySet.as_manager()

    class Meta:
        constraints = [is_known("first_item", Item)]

    def __str__(self) -> str:
        return f"rater {self.pk}"

    @property
    def spelled_code(self) -> str:
        """The code in groups of four, to be copied by hand."""
        return "-".join(self.code[i : i + 4] for i in range(0, len(self.code), 4))

    @property
    def is_too_old(self) -> bool:
        return self.consented_at <= now() - SITTING_LASTS

    @property
    def ran_out(self) -> bool:
        """Too old, and never finished: this visitor may begin again."""
        return self.revealed_at is None and self.is_too_old

    @property
    def may_answer(self) -> bool:
        return self.study.is_open and not self.is_too_old

    def reveal_if_done(self) -> None:
        """End this rater's blindness once no work is left to rate or to guess at.

        The caller holds this row's lock, so that of two last answers at once one sees the other.
        """
        if not (self.trials.unanswered().exists() or self.trials.unguessed().exists()):
            Rater.objects.filter(pk=self.pk, revealed_at=None).update(revealed_at=now())


class SkipReason(models.TextChoices):
    CANNOT_SEE = "cannot_see", _("I cannot see it")
    CANNOT_JUDGE = "cannot_judge", _("I cannot judge it")
    UNWELL = "unwell", _("I would rather not look at it")


class Recognised(models.TextChoices):
    NO = "no", _("no")
    MAYBE = "maybe", _("maybe")
    YES = "yes", _("yes")


class Trial(models.Model):
    """One work shown once to one rater, at a place fixed beforehand. Its code is the only address
    that the work has before the reveal."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rater = models.ForeignKey(Rater, models.CASCADE, related_name="trials")
    study_work = models.ForeignKey(StudyWork, models.PROTECT, related_name="trials")
    position = models.PositiveSmallIntegerField()  # from 1
    answered_at = models.DateTimeField(null=True, blank=True)  # rated or skipped
    skip_reason = models.CharField(max_length=20, choices=SkipReason.choices, blank=True)
    recognised = models.CharField(max_length=10, choices=Recognised.choices, blank=True)
    rt_ms = models.PositiveIntegerField(null=True, blank=True)  # as the browser measured it

    objects = TrialQuerySet.as_manager()

    if TYPE_CHECKING:
        guess: Guess

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint("rater", "position", name="trial_fills_one_position"),
            models.UniqueConstraint("rater", "study_work", name="trial_shows_a_work_once"),
            models.CheckConstraint(
                name="trial_is_skipped_only_when_answered",
                condition=Q(skip_reason="") | Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="trial_skip_reason_is_known",
                condition=Q(skip_reason__in=["", *SkipReason.values]),
            ),
            models.CheckConstraint(
                name="trial_recognised_is_known",
                condition=Q(recognised__in=["", *Recognised.values]),
            ),
        ]

    def __str__(self) -> str:
        return f"trial {self.position} of {self.rater_id}"

    def record(
        self, *, coherence: int, surprise: int, recognised: str = "", rt_ms: int | None = None
    ) -> bool:
        """Keep the first answer, on both scales or not at all; False if there was one, or if the
        sitting is over. Raises Rater.DoesNotExist once it is erased."""
        with transaction.atomic():
            rater = Rater.objects.locked(self.rater_id)
            if not (rater.may_answer and self._answer(recognised=recognised, rt_ms=rt_ms)):
                return False
            Rating.objects.bulk_create(
                [
                    Rating(trial=self, item=Item.COHERENCE, value=coherence),
                    Rating(trial=self, item=Item.SURPRISE, value=surprise),
                ]
            )
        return True

    def skip(self, reason: str) -> bool:
        """Pass this work over; False if it was answered before, or if the sitting is over.
        Raises Rater.DoesNotExist."""
        with transaction.atomic():
            rater = Rater.objects.locked(self.rater_id)
            if not (rater.may_answer and self._answer(skip_reason=reason)):
                return False
            rater.reveal_if_done()
        return True

    def _answer(self, **values: object) -> bool:
        waiting = Trial.objects.filter(pk=self.pk, answered_at=None)
        return bool(waiting.update(answered_at=now(), **values))

    def guess_maker(self, value: int) -> bool:
        """Keep the first guess, once every work of the sitting is answered; the last guess of
        the sitting lifts the blindness. False if nothing was kept. Raises Rater.DoesNotExist."""
        with transaction.atomic():
            rater = Rater.objects.locked(self.rater_id)
            asked = rater.may_answer and not rater.trials.unanswered().exists()
            if not (asked and rater.trials.unguessed().filter(pk=self.pk).exists()):
                return False
            Guess.objects.create(trial=self, value=value)
            rater.reveal_if_done()
        return True


class Rating(models.Model):
    """One answer on one scale. Written once; nothing here is ever updated."""

    trial = models.ForeignKey(Trial, models.CASCADE, related_name="ratings")
    item = models.CharField(max_length=10, choices=Item.choices)
    value = models.PositiveSmallIntegerField()
    created = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [
            is_known("item", Item),
            models.UniqueConstraint("trial", "item", name="rating_answers_an_item_once"),
            models.CheckConstraint(condition=Q(value__range=(1, 7)), name="rating_is_one_to_seven"),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.value}"


class Guess(models.Model):
    """Who made this? 1 certainly a machine ... 6 certainly a person. Asked after all ratings."""

    trial = models.OneToOneField(Trial, models.CASCADE, related_name="guess")
    value = models.PositiveSmallIntegerField()
    created = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(value__range=(1, 6)), name="guess_is_one_to_six"),
        ]

    def __str__(self) -> str:
        return f"guess {self.value}"

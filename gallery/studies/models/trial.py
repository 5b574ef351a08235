"""One work, or one pair, before one rater; and the answers to it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from gallery.constraints import is_known
from gallery.studies.models.items import GuessTiming, Item, Outcome, PairItem
from gallery.studies.models.rater import Rater
from gallery.studies.models.study import StudyWork
from gallery.studies.querysets import RatingQuerySet, TrialQuerySet


class SkipReason(models.TextChoices):
    CANNOT_SEE = "cannot_see", _("I cannot see it")
    CANNOT_JUDGE = "cannot_judge", _("I cannot judge it")
    UNWELL = "unwell", _("I would rather not look at it")


class Recognised(models.TextChoices):
    NO = "no", _("no")
    MAYBE = "maybe", _("maybe")
    YES = "yes", _("yes")


class Kind(models.TextChoices):
    """What a trial is for; only those that are rated enter an estimate."""

    PRACTICE = "practice", _("practice")
    RATED = "rated", _("rated")
    REPEAT = "repeat", _("repeat")
    ANCHOR = "anchor", _("anchor")


class Trial(models.Model):
    """One work shown once to one rater, or two side by side, at a place fixed beforehand. Its code
    is the only address that the work has before the reveal."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rater = models.ForeignKey(Rater, models.CASCADE, related_name="trials")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.RATED)
    study_work = models.ForeignKey(StudyWork, models.PROTECT, related_name="trials")  # or the left
    right_work = models.ForeignKey(
        StudyWork, models.PROTECT, null=True, blank=True, related_name="trials_at_right"
    )
    position = models.PositiveSmallIntegerField()  # from 1
    # The probability with which the draw put this work, or the rarer of a pair, into the sitting.
    allocation_p = models.FloatField(null=True, blank=True)
    instructed = models.PositiveSmallIntegerField(null=True, blank=True)  # the point to choose
    answered_at = models.DateTimeField(null=True, blank=True)  # rated or skipped
    skip_reason = models.CharField(max_length=20, choices=SkipReason.choices, blank=True)
    recognised = models.CharField(max_length=10, choices=Recognised.choices, blank=True)
    informed = models.BooleanField(default=False)  # the label had been read before the answer
    rt_ms = models.PositiveIntegerField(null=True, blank=True)  # as the browser measured it

    objects = TrialQuerySet.as_manager()

    if TYPE_CHECKING:
        guess: Guess

    class Meta:
        ordering = ["position"]
        constraints = [
            is_known("kind", Kind),
            models.UniqueConstraint("rater", "position", name="trial_fills_one_position"),
            models.UniqueConstraint(
                fields=["rater", "study_work"],
                condition=~Q(kind="repeat"),
                name="trial_shows_a_work_once",
            ),
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
            models.CheckConstraint(
                name="trial_has_two_different_works_if_two",
                condition=Q(right_work=None) | ~Q(right_work=models.F("study_work")),
            ),
            models.CheckConstraint(
                name="trial_allocation_p_is_a_probability",
                condition=Q(allocation_p=None) | Q(allocation_p__gt=0, allocation_p__lte=1),
            ),
            models.CheckConstraint(
                name="trial_instructs_one_to_seven",
                condition=Q(instructed=None) | Q(instructed__range=(1, 7)),
            ),
        ]

    def __str__(self) -> str:
        return f"trial {self.position} of {self.rater_id}"

    @property
    def is_practice(self) -> bool:
        return self.kind == Kind.PRACTICE

    def record(  # each kind of answer is one argument
        self,
        *,
        recognised: str = "",
        rt_ms: int | None = None,
        informed: bool = False,
        guess: int | None = None,
        **marks: int | str,
    ) -> bool:
        """Keep the first answer, to every question or not at all; False if there was one, or if
        the sitting is over. `marks` are points (or, of a pair, outcomes) by item.

        Raises Rater.DoesNotExist once the rater is erased.
        """
        with transaction.atomic():
            rater = Rater.objects.locked(self.rater_id)
            told = {"recognised": recognised, "rt_ms": rt_ms, "informed": informed}
            if not (rater.may_answer and self._answer(**told)):
                return False
            if self.right_work_id is None:
                Rating.objects.bulk_create(
                    Rating(trial=self, item=item, value=mark) for item, mark in marks.items()
                )
            else:
                Choice.objects.bulk_create(
                    Choice(trial=self, item=item, outcome=mark) for item, mark in marks.items()
                )
            if guess is not None:
                Guess.objects.create(trial=self, value=guess)
            rater.reveal_if_done()
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
            asked = rater.may_answer and rater.guess_timing == GuessTiming.AFTER
            if not asked or rater.trials.unanswered().exists():
                return False
            if not rater.trials.unguessed().filter(pk=self.pk).exists():
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

    objects = RatingQuerySet.as_manager()

    class Meta:
        constraints = [
            is_known("item", Item),
            models.UniqueConstraint("trial", "item", name="rating_answers_an_item_once"),
            models.CheckConstraint(condition=Q(value__range=(1, 7)), name="rating_is_one_to_seven"),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.value}"


class Guess(models.Model):
    """Who made this? 1 certainly a machine ... 6 certainly a person."""

    trial = models.OneToOneField(Trial, models.CASCADE, related_name="guess")
    value = models.PositiveSmallIntegerField()
    created = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(value__range=(1, 6)), name="guess_is_one_to_six"),
        ]

    def __str__(self) -> str:
        return f"guess {self.value}"


class Choice(models.Model):
    """One answer about one pair. Written once; nothing here is ever updated."""

    trial = models.ForeignKey(Trial, models.CASCADE, related_name="choices")
    item = models.CharField(max_length=10, choices=PairItem.choices)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    created = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [
            is_known("item", PairItem),
            is_known("outcome", Outcome),
            models.UniqueConstraint("trial", "item", name="choice_answers_an_item_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.outcome}"

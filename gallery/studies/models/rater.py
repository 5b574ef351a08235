"""A visitor in a study, as far as they are known: by a code and nothing else."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import models, transaction
from django.db.models import Q
from django.utils.timezone import now

from gallery.constraints import is_known
from gallery.studies.models.items import GuessTiming, Item, PairItem
from gallery.studies.models.study import Study
from gallery.studies.querysets import RaterQuerySet

SITTING_LASTS = timedelta(days=30)
CODE_LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"  # no vowels, nothing that looks like something else


def new_rater_code() -> str:
    """Twelve letters, 57 random bits: short enough to copy by hand, too many to guess."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(12))


ITEMS = list(dict.fromkeys([*Item.values, *PairItem.values]))


class Rater(models.Model):
    """One visitor in one study, and so one sitting. No account, no address: only a code."""

    code = models.CharField(max_length=12, unique=True, default=new_rater_code, editable=False)
    study = models.ForeignKey(Study, models.CASCADE, related_name="raters")
    seed = models.PositiveBigIntegerField()  # of the order of works and of questions
    first_item = models.CharField(max_length=10, blank=True)  # asked first
    guess_timing = models.CharField(
        max_length=12, choices=GuessTiming.choices, default=GuessTiming.AFTER
    )
    language = models.CharField(max_length=10)
    network = models.CharField(max_length=16, blank=True)  # a hash that lasts a day: see `limits`
    consented_at = models.DateTimeField(default=now)
    previewed_at = models.DateTimeField(null=True, blank=True)
    rested_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)  # before the end, of their own will
    facts = models.JSONField(default=dict, blank=True)  # what they chose to say about themselves
    facts_at = models.DateTimeField(null=True, blank=True)
    revealed_at = models.DateTimeField(null=True, blank=True)

    objects = RaterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="rater_first_item_is_known", condition=Q(first_item__in=["", *ITEMS])
            ),
            is_known("guess_timing", GuessTiming),
            models.CheckConstraint(
                name="rater_tells_facts_only_when_asked",
                condition=Q(facts={}) | Q(facts_at__isnull=False),
            ),
        ]

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
        return self.study.is_open and self.left_at is None and not self.is_too_old

    @property
    def owes_facts(self) -> bool:
        """Whether they are still to be asked about themselves; they need not answer."""
        return self.study.rules.session.facts and self.facts_at is None

    def mark(self, field: str) -> None:
        """Note that a page between works was passed: `previewed_at` or `rested_at`."""
        Rater.objects.filter(pk=self.pk, **{field: None}).update(**{field: now()})

    def leave(self) -> None:
        """End the sitting before its end; what was answered is kept. Raises DoesNotExist."""
        with transaction.atomic():
            rater = Rater.objects.locked(self.pk)
            if rater.revealed_at is None and rater.left_at is None:
                rater.left_at = now()
                rater.save(update_fields=["left_at"])
                rater.reveal_if_done()

    def tell(self, facts: dict[str, str]) -> None:
        """Keep what they chose to say about themselves, once. Raises DoesNotExist."""
        with transaction.atomic():
            rater = Rater.objects.locked(self.pk)
            if rater.facts_at is None:
                rater.facts, rater.facts_at = facts, now()
                rater.save(update_fields=["facts", "facts_at"])
                rater.reveal_if_done()

    def reveal_if_done(self) -> None:
        """End this rater's blindness once nothing is left to answer.

        The caller holds this row's lock, so that of two last answers at once one sees the other.
        """
        asked = self.trials.unanswered().exists() or self.trials.unguessed().exists()
        if (self.left_at or not asked) and not self.owes_facts:
            Rater.objects.filter(pk=self.pk, revealed_at=None).update(revealed_at=now())

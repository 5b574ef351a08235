"""A study and its works. Nothing here knows who made a work: a study sees arms, and the gallery of
works alone knows which arm is which."""

from __future__ import annotations

import uuid
from functools import cached_property

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from gallery.constraints import both_or_neither, is_known
from gallery.studies.protocol import Protocol
from gallery.studies.querysets import StudyQuerySet, StudyWorkQuerySet
from gallery.works.models import Artwork, Medium

SITTING_LENGTHS = list(range(2, 41, 2))  # works; on average as many from each arm


class State(models.TextChoices):
    DRAFT = "draft", _("draft")
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")


class Ending(models.TextChoices):
    """Why a study takes no more answers."""

    ADMIN = "admin", _("an admin closed it")
    ENOUGH = "enough", _("there were enough answers")
    LAST_DAY = "last_day", _("its last day was over")
    NEXT = "next", _("its next version opened")


class Study(models.Model):
    """Works, questions and rules: a document, written as a draft and frozen as it opens.

    `document` is what was frozen, `key` who made each work; the key's hash stands in the document,
    and the key itself is told once the study is closed. A change is a new version.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(unique=True)
    title = models.CharField(_("title"), max_length=200)
    purpose = models.TextField(_("what it asks"), blank=True)
    medium = models.CharField(max_length=10, choices=Medium.choices)
    seed = models.PositiveBigIntegerField()
    trials_per_rater = models.PositiveSmallIntegerField(default=16)
    protocol = models.JSONField(default=dict)  # the rest of its rules: `rules` reads them
    simulated = models.BooleanField(_("simulated"), default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    version = models.PositiveSmallIntegerField(default=1)
    previous = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="next"
    )
    created = models.DateTimeField(default=now, editable=False)
    opened_at = models.DateTimeField(null=True, blank=True)  # and frozen
    closed_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=10, choices=Ending.choices, blank=True)
    document = models.JSONField(null=True, editable=False)
    document_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    key = models.JSONField(null=True, editable=False)

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
                name="study_says_why_it_ended_iff_closed",
                condition=Q(state=State.CLOSED, ended_by__in=Ending.values)
                | ~Q(state=State.CLOSED) & Q(ended_by=""),
            ),
            models.CheckConstraint(
                name="study_is_dated_unless_a_draft",
                condition=both_or_neither(Q(state=State.DRAFT), Q(opened_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="study_is_sealed_unless_a_draft",
                condition=both_or_neither(Q(state=State.DRAFT), Q(document_sha256="")),
            ),
            models.CheckConstraint(
                name="study_follows_another_iff_a_later_version",
                condition=Q(version=1, previous=None) | Q(version__gt=1, previous__isnull=False),
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
    def is_draft(self) -> bool:
        return self.state == State.DRAFT

    @property
    def is_closed(self) -> bool:
        return self.state == State.CLOSED

    @cached_property
    def rules(self) -> Protocol:
        """The protocol, checked: its defaults ask for ratings and guesses and nothing else."""
        return Protocol.model_validate(self.protocol)

    @property
    def minutes(self) -> int:
        """What a sitting takes, at a person's pace: see `Protocol.seconds`."""
        return max(1, round(self.rules.seconds(self.trials_per_rater, self.medium) / 60))

    def close(self, ending: Ending = Ending.ADMIN) -> bool:
        """Take no more answers, for good; False if it was not open."""
        values = {"state": State.CLOSED, "closed_at": now(), "ended_by": ending}
        if not Study.objects.open().filter(pk=self.pk).update(**values):
            return False
        for name, value in values.items():
            setattr(self, name, value)
        return True


class Arm(models.TextChoices):
    """Groups of works without names; A and B are those of most studies."""

    A = "a", "A"
    B = "b", "B"
    C = "c", "C"
    D = "d", "D"
    E = "e", "E"
    F = "f", "F"
    G = "g", "G"
    H = "h", "H"


class Role(models.TextChoices):
    """What a work is for in a study."""

    RATED = "rated", _("rated")
    NOISE = "noise", _("the anchor of most surprise")
    PLAIN = "plain", _("the anchor of least surprise")
    PRACTICE = "practice", _("practice")
    PREVIEW = "preview", _("preview")


class StudyWork(models.Model):
    """One work in one study; what is rated is in an arm whose meaning is not recorded here."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    study = models.ForeignKey(Study, models.CASCADE, related_name="works")
    artwork = models.ForeignKey(Artwork, models.PROTECT, related_name="study_works")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.RATED)
    arm = models.CharField(max_length=1, choices=Arm.choices, blank=True)
    stratum = models.CharField(max_length=20, blank=True)

    objects = StudyWorkQuerySet.as_manager()

    class Meta:
        constraints = [
            is_known("role", Role),
            models.CheckConstraint(
                name="studywork_arm_is_known", condition=Q(arm__in=["", *Arm.values])
            ),
            models.CheckConstraint(
                name="studywork_has_an_arm_iff_rated",
                condition=both_or_neither(Q(role=Role.RATED), ~Q(arm="")),
            ),
            models.UniqueConstraint("study", "artwork", name="studywork_enters_a_study_once"),
        ]

    def __str__(self) -> str:
        return f"{self.artwork_id} in {self.study_id}"

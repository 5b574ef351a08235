"""Runs: the table is the queue. A message may be lost; a row may not."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from gallery.constraints import both_or_neither, is_known
from gallery.runs.querysets import MOST_TRIES, LeaseLost, RunQuerySet
from gallery.works.models import Artwork

MOST_OUTPUTS = 100
LARGEST_SEED = 2**63 - 1


class State(models.TextChoices):
    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("painting")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


OVER = [State.DONE, State.FAILED, State.CANCELLED]


class Run(models.Model):
    """One execution of one generator, from the request to its last output."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    generator = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    params = models.JSONField(default=dict)
    seed = models.PositiveBigIntegerField(validators=[MaxValueValidator(LARGEST_SEED)])
    count = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_OUTPUTS)]
    )
    # Width divided by height for each output, drawn beforehand from the works by people, so that
    # proportions do not tell the machine's works; empty where the generator's params decide.
    aspects = models.JSONField(default=list, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created = models.DateTimeField(default=now, editable=False)

    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempt = models.PositiveIntegerField(default=0)  # never goes back: it fences a stale worker
    tries = models.PositiveSmallIntegerField(default=0)  # since requested or retried
    worker = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    started = models.DateTimeField(null=True, blank=True)
    finished = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    # How far the output in hand has come; outputs already finished are rows of their own.
    step = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)

    objects = RunQuerySet.as_manager()

    if TYPE_CHECKING:
        outputs: models.Manager[Output]
        attempts: models.Manager[Attempt]
        inputs: models.Manager[Input]

    class Meta:
        ordering = ["-created", "-pk"]
        constraints = [
            is_known("state", State),
            models.CheckConstraint(
                name="run_is_leased_iff_running",
                condition=both_or_neither(Q(state=State.RUNNING), Q(lease_until__isnull=False)),
            ),
            models.CheckConstraint(
                name="run_is_finished_iff_over",
                condition=both_or_neither(Q(state__in=OVER), Q(finished__isnull=False)),
            ),
            models.CheckConstraint(
                name="run_fails_only_with_a_reason", condition=~Q(state=State.FAILED) | ~Q(error="")
            ),
            models.CheckConstraint(
                name="run_is_tried_at_most_three_times", condition=Q(tries__lte=MOST_TRIES)
            ),
            models.CheckConstraint(
                name="run_asks_for_one_to_a_hundred_outputs",
                condition=Q(count__gte=1, count__lte=MOST_OUTPUTS),
            ),
            models.CheckConstraint(
                name="run_step_is_within_steps", condition=Q(step__lte=models.F("steps"))
            ),
        ]
        indexes = [
            models.Index(
                fields=["created"],
                name="run_claimable",
                condition=Q(state__in=[State.QUEUED, State.RUNNING]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.generator} {self.code}"

    def get_absolute_url(self) -> str:
        return reverse("run", args=[self.code])

    @property
    def is_over(self) -> bool:
        return self.state in OVER


class Input(models.Model):
    """A work that a run starts from: its lineage."""

    class Role(models.TextChoices):
        CONTENT = "content", _("content")
        STYLE = "style", _("style")

    run = models.ForeignKey(Run, models.CASCADE, related_name="inputs")
    role = models.CharField(max_length=10, choices=Role.choices)
    position = models.PositiveSmallIntegerField(default=0)
    artwork = models.ForeignKey(Artwork, models.PROTECT, related_name="inspired")

    class Meta:
        constraints = [
            models.UniqueConstraint("run", "role", "position", name="input_fills_one_place"),
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.run_id}"


class Output(models.Model):
    """One finished work of a run. (run, index) is its identity; attempts may not add a second."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="outputs")
    index = models.PositiveSmallIntegerField()
    artwork = models.OneToOneField(Artwork, models.PROTECT, related_name="output")

    class Meta:
        ordering = ["index"]
        constraints = [
            models.UniqueConstraint("run", "index", name="output_is_made_once_per_index"),
        ]

    def __str__(self) -> str:
        return f"output {self.index} of {self.run_id}"


class Attempt(models.Model):
    """One worker's try at a run: the log that an admin reads when something went wrong."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()  # the run's `attempt` at the time
    worker = models.CharField(max_length=80)
    started = models.DateTimeField(default=now)
    ended = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(blank=True)  # a sentence; empty while it lasts

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint("run", "number", name="attempt_is_logged_once"),
            models.CheckConstraint(
                name="attempt_has_an_outcome_iff_ended",
                condition=both_or_neither(Q(ended__isnull=False), ~Q(outcome="")),
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number} at {self.run_id}"


class Preview(models.Model):
    """The newest frame of a run, small. In the database, so that any web process can show what a
    worker on another machine is painting."""

    run = models.OneToOneField(Run, models.CASCADE, related_name="preview", primary_key=True)
    number = models.PositiveIntegerField()  # rises with each frame: part of its address
    image = models.BinaryField(blank=True)  # WebP; empty for a text
    text = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"preview {self.number} of {self.run_id}"


__all__ = ["Attempt", "Input", "LeaseLost", "Output", "Preview", "Run", "State"]

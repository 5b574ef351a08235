"""Trained weights that a run left, and what a training run needs to go on after it was killed."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now

from gallery.runs.models.run import Run


class CheckpointQuerySet(models.QuerySet["Checkpoint"]):
    """What was trained here."""

    def of(self, generator: str) -> CheckpointQuerySet:
        """Those that a generator can sample from, the newest first."""
        return self.filter(generator=generator).order_by("-created", "-pk")


class Checkpoint(models.Model):
    """Weights that later runs sample from. Never changed: their hash is on the works' labels."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    run = models.OneToOneField(Run, models.PROTECT, related_name="left")
    generator = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    file = models.FileField(upload_to="checkpoints/")
    size = models.PositiveBigIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    facts = models.JSONField(default=dict)
    created = models.DateTimeField(default=now, editable=False)

    objects = CheckpointQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "generator", "name", name="checkpoint_has_a_name_of_its_own_among_its_generators"
            ),
            models.CheckConstraint(
                name="checkpoint_has_a_name_and_a_hash",
                condition=~Q(name="") & ~Q(sha256=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.run.get_absolute_url()

    @property
    def weights_url(self) -> str:
        return reverse("checkpoint-weights", args=[self.code])


class Interim(models.Model):
    """The newest state of a training run that is not over: whoever takes the run on, on whatever
    machine, goes on from there."""

    run = models.OneToOneField(Run, models.CASCADE, related_name="interim", primary_key=True)
    file = models.FileField(upload_to="interim/")
    saved = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"interim state of {self.run_id}"

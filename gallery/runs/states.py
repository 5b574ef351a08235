"""What a run may do, and the states that it passes through."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Task(models.TextChoices):
    PAINT = "paint", _("paint")  # works, with what a generator knows
    TRAIN = "train", _("train")  # a generator, on works: it leaves a checkpoint


class State(models.TextChoices):
    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("painting")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


OVER = [State.DONE, State.FAILED, State.CANCELLED]

"""How runs are read and claimed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from gallery.runs.models import Run

MOST_TRIES = 3


class LeaseLost(Exception):
    """Another worker holds this run now, or it was cancelled: whoever sees this must stop."""


class RunQuerySet(models.QuerySet["Run"]):
    """The queue."""

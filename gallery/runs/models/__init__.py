"""Runs: the table is the queue. A message may be lost; a row may not."""

from gallery.runs.models.checkpoint import Bookmark, Checkpoint
from gallery.runs.models.records import (
    MOST_LESSONS,
    MOST_STYLES,
    Attempt,
    Input,
    Output,
    Preview,
    Role,
)
from gallery.runs.models.run import LARGEST_SEED, MOST_OUTPUTS, Run
from gallery.runs.models.schedule import Schedule, Use
from gallery.runs.models.worker import Worker
from gallery.runs.querysets import MOST_TRIES, LeaseLost
from gallery.runs.states import OVER, State, Task

__all__ = [
    "LARGEST_SEED",
    "MOST_LESSONS",
    "MOST_OUTPUTS",
    "MOST_STYLES",
    "MOST_TRIES",
    "OVER",
    "Attempt",
    "Bookmark",
    "Checkpoint",
    "Input",
    "LeaseLost",
    "Output",
    "Preview",
    "Role",
    "Run",
    "Schedule",
    "State",
    "Task",
    "Use",
    "Worker",
]

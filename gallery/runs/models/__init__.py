"""Runs: the table is the queue. A message may be lost; a row may not."""

from gallery.runs.models.records import MOST_STYLES, Attempt, Input, Output, Preview, Role
from gallery.runs.models.run import LARGEST_SEED, MOST_OUTPUTS, Run
from gallery.runs.querysets import MOST_TRIES, LeaseLost
from gallery.runs.states import OVER, State

__all__ = [
    "LARGEST_SEED",
    "MOST_OUTPUTS",
    "MOST_STYLES",
    "MOST_TRIES",
    "OVER",
    "Attempt",
    "Input",
    "LeaseLost",
    "Output",
    "Preview",
    "Role",
    "Run",
    "State",
]

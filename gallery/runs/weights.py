"""Trained weights to paint with: those that ship, and the checkpoints that runs left, in one
choice."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from gallery.runs.fields import enum_of
from gallery.runs.models import Checkpoint
from gallery.runs.refusals import RunRefused
from generators.catalog import Generator, Params


def check_weights(generator: Generator, params: Params) -> Checkpoint | None:
    """The checkpoint that these params paint with; None where they name weights that ship.

    Raises RunRefused for a file that is no checkpoint of this generator: a path is for a command
    line, where who asks may read the machine's files anyway.
    """
    if not generator.weights:
        return None
    source = str(getattr(params, generator.weights))
    if not source.startswith("file:"):
        return None
    checkpoint = Checkpoint.objects.by_source(generator.name, source)
    if checkpoint is None:
        sentence = _("There is no such checkpoint here: choose one of those that are offered.")
        raise RunRefused(sentence, fields={generator.weights: sentence})
    return checkpoint


def weights_field(generator: Generator, schema: dict[str, Any]) -> forms.ChoiceField:
    """What ships, and then the checkpoints, the newest first."""
    shipped = [(name, _(name)) for name in enum_of(schema)]
    left = [(one.source, in_a_list(one)) for one in Checkpoint.objects.of(generator.name)]
    return forms.ChoiceField(
        choices=[*shipped, (_("Trained here"), left)] if left else shipped,
        label=_(schema["title"]),
        help_text=_(schema["description"]),
        initial=schema["default"],
        required=False,
    )


def in_a_list(checkpoint: Checkpoint) -> str:
    """Its name, and when it was left: names repeat."""
    left = date_format(localtime(checkpoint.created), "SHORT_DATETIME_FORMAT")
    return _("%(name)s, %(date)s") % {"name": checkpoint, "date": left}

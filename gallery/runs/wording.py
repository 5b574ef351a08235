"""Numbers and parameters of runs, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gallery.runs.ladders import in_words
from gallery.runs.models import Run
from gallery.works.recipes import value_in_words
from generators.catalog import GENERATORS


def duration_in_words(seconds: float) -> str:
    """“12 seconds”, “3 minutes”, “2 hours”: as much as an estimate deserves."""
    if seconds < 90:
        whole = max(1, round(seconds))
        return ngettext("%(n)d second", "%(n)d seconds", whole) % {"n": whole}
    if seconds < 90 * 60:
        whole = round(seconds / 60)
        return ngettext("%(n)d minute", "%(n)d minutes", whole) % {"n": whole}
    whole = round(seconds / 3600)
    return ngettext("%(n)d hour", "%(n)d hours", whole) % {"n": whole}


def params_in_words(run: Run) -> list[tuple[str, Any]]:
    """Title and value of each parameter; a parameter that is no more goes by its name."""
    generator = GENERATORS.get(run.generator)
    fields = generator.params.model_fields if generator else {}
    titles = {name: field.title for name, field in fields.items()}
    params = dict(run.params)
    if run.aspects:
        params["aspect"] = _("as works by people")
    if run.rungs:
        values = {"values": in_words(run.ladder)}
        params[run.knob] = _("%(values)s: a ladder, each equally often") % values
    return [(_(titles.get(name) or name), value_in_words(value)) for name, value in params.items()]

"""Numbers and parameters of runs, in words."""

from __future__ import annotations

from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gallery.runs.ladders import in_words
from gallery.runs.models import Checkpoint, Run
from gallery.runs.timing import Estimate, Timing
from gallery.works.recipes import key_in_words, value_in_words
from generators.catalog import GENERATORS
from generators.training.trainers import TRAINERS


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


def timing_in_words(each: Timing | None) -> str:
    """What earlier runs let expect of one work."""
    none_yet = _("No run like this has finished here yet.")
    if each is None:
        return none_yet
    span = {
        "n": each.runs,
        "least": duration_in_words(each.least),
        "middle": duration_in_words(each.middle),
        "most": duration_in_words(each.most),
    }
    if each.alike:
        return (
            ngettext(
                "About %(middle)s each on this machine, as long as one earlier run like it took.",
                "About %(middle)s each on this machine: %(n)d earlier runs like it took %(least)s "
                "to %(most)s.",
                each.runs,
            )
            % span
        )
    others = ngettext(
        "One other run of this artist took %(middle)s for a work.",
        "%(n)d other runs of this artist took %(least)s to %(most)s for a work, half of them less "
        "than %(middle)s.",
        each.runs,
    )
    return f"{none_yet} {others % span}"


def queue_in_words(estimate: Estimate) -> str:
    """What comes before a request."""
    if not estimate.before:
        return _("Nothing waits before it.")
    return ngettext(
        "The queue before it: %(n)d run, about %(time)s.",
        "The queue before it: %(n)d runs, about %(time)s.",
        estimate.before,
    ) % {"n": estimate.before, "time": duration_in_words(estimate.wait)}


def params_in_words(run: Run) -> list[tuple[str, Any]]:
    """Title and value of each parameter; a parameter that is no more goes by its name."""
    known = TRAINERS.get(run.generator) if run.trains else GENERATORS.get(run.generator)
    fields = known.params.model_fields if known else {}
    titles = {name: field.title for name, field in fields.items()}
    params = dict(run.params)
    if run.aspects:
        params["aspect"] = _("as works by people")
    if run.checkpoint and run.generator in GENERATORS:
        params[GENERATORS[run.generator].weights] = run.checkpoint.run.name
    if run.rungs:
        values = {"values": in_words(run.ladder)}
        params[run.knob] = _("%(values)s: a ladder, each equally often") % values
    return [(_(titles.get(name) or name), value_in_words(value)) for name, value in params.items()]


def facts_in_words(checkpoint: Checkpoint) -> list[tuple[str, Any]]:
    """Name and value of each fact, less those that a page tells in sentences of its own."""
    apart = {"works", "makers", "licences", "weights_sha256"}
    told = [
        (key_in_words(key), value) for key, value in checkpoint.facts.items() if key not in apart
    ]
    size = filesizeformat(checkpoint.size)
    return [*told, (_("Size"), size), (key_in_words("weights_sha256"), checkpoint.sha256)]

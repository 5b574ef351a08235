"""Numbers and parameters of runs, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gallery.runs.ladders import in_words
from gallery.runs.models import Checkpoint, Run
from gallery.runs.training_form import TrainingForm
from gallery.works.recipes import value_in_words
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


def learning_cost(form: TrainingForm) -> str:
    """What a training would cost as the form stands; "" where it cannot be carried out."""
    if not form.is_bound:
        params = {
            name: form.get_initial_for_field(form.fields[name], name) for name in form.param_names
        }
        return duration_in_words(form.trainer.cost(form.trainer.parse(params)))
    lesson = form.lesson()
    return duration_in_words(lesson.cost) if lesson else ""


def facts_in_words(left: Checkpoint) -> list[tuple[str, str]]:
    """What a training found out, each under a name; hashes are told elsewhere."""
    titles = {
        "steps": _("Steps"),
        "works": _("Works learnt from"),
        "licences": _("Their licences"),
        "characters": _("Characters"),
        "alphabet": _("Different characters"),
        "held_out_bits": _("Bits a character on the tenth it did not learn"),
        "pictures": _("Pictures learnt"),
        "held_out": _("Pictures held out"),
        "kernel_distance": _("Kernel distance from held-out pictures"),
        "kernel_distance_of_learnt": _("The same, of what it learnt"),
        "c_t": _("C_T: below -3 where it copies"),
        "copies": _("Share of copies, which are never kept"),
        "stopped": _("Ended"),
    }
    told = [(titles[name], str(value)) for name, value in left.facts.items() if name in titles]
    doubt = _("Ambiguity of style at lambda %(wish)s")
    return told + [
        (doubt % {"wish": name.removeprefix("ambiguity_at_")}, str(value))
        for name, value in left.facts.items()
        if name.startswith("ambiguity_at_")
    ]


def params_in_words(run: Run) -> list[tuple[str, Any]]:
    """Title and value of each parameter; a parameter that is no more goes by its name."""
    generator = GENERATORS.get(run.generator)
    fields = generator.params.model_fields if generator else {}
    if run.trains and run.generator in TRAINERS:
        fields = TRAINERS[run.generator].params.model_fields
    titles = {name: field.title for name, field in fields.items()}
    params = dict(run.params)
    if run.aspects:
        params["aspect"] = _("as works by people")
    if run.rungs:
        values = {"values": in_words(run.ladder)}
        params[run.knob] = _("%(values)s: a ladder, each equally often") % values
    return [(_(titles.get(name) or name), value_in_words(value)) for name, value in params.items()]

"""A machine's work told from its recipe, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gallery.works.models import Artwork
from gallery.works.querysets import ArtworkQuerySet

# Told in sentences of their own.
APART = {"params", "inputs", "run", "index", "surprisal", "copy_begins", "copied"}
APART |= {"nearest_work", "nearer_held_out", "nearest_part", "nearer_held_out_parts"}
APART |= {"learnt_from", "style_ambiguity"}
APART |= {"program", "bits", "arcs"}
AMBIGUITY = "ambiguity_at_"  # before a lambda


@dataclass(frozen=True, slots=True)
class Parents:
    """The works of one role that a work was made from."""

    role: str
    signed: list[Artwork]  # those whose label the reader may see, in the order of the recipe
    hidden: int  # those that are unsigned for the reader: counted, never named
    guided: bool = False  # whether the works of this role were a guide

    @property
    def said(self) -> str:
        """What the works were to this one, as the beginning of a sentence."""
        if self.role == "content":
            return _("It started from:")
        return _("Guided by:") if self.guided else _("In the manner of:")


@dataclass(frozen=True, slots=True)
class Story:
    """What the label of a machine's work goes on to say."""

    facts: list[tuple[str, Any]]
    params: list[tuple[str, Any]]
    parents: list[Parents]
    run: str  # its code; empty where no run is on record
    place: int  # of this work in its run, from 1; 0 where no run is on record
    made: int
    shown: int
    bits: int  # of the program that draws it; 0 where there is none
    arcs: int


def story(recipe: dict[str, Any], signed: ArtworkQuerySet) -> Story:
    """`signed` are the works whose label the reader may see: no other is named."""
    run = recipe.get("run")
    siblings = Artwork.objects.of_run(run) if run else Artwork.objects.none()
    return Story(
        facts=[(key_in_words(key), value) for key, value in recipe.items() if key not in APART],
        params=[
            (key_in_words(key), value_in_words(value))
            for key, value in recipe.get("params", {}).items()
            if value != ""
        ],
        parents=_parents(recipe, signed),
        run=str(run or ""),
        place=int(recipe.get("index", 0)) + 1 if run else 0,
        made=siblings.count(),
        shown=siblings.hung().count(),
        bits=int(recipe["bits"]) if "program" in recipe else 0,
        arcs=int(recipe.get("arcs", 0)),
    )


def _parents(recipe: dict[str, Any], signed: ArtworkQuerySet) -> list[Parents]:
    used = [role_and_code(given) for given in recipe.get("inputs", [])]
    codes = {code for _role, code in used}
    found = signed.filter(code__in=codes).select_related("maker") if codes else ()
    known = {str(artwork.code): artwork for artwork in found}
    guided = recipe.get("params", {}).get("objective") == "guide"
    parents = []
    for role in dict.fromkeys(role for role, _code in used):
        of_role = [code for its_role, code in used if its_role == role]
        named = [known[code] for code in of_role if code in known]
        parents.append(Parents(role, named, len(of_role) - len(named), guided))
    return parents


def role_and_code(given: object) -> tuple[str, str]:
    """Of one input. Recipes of before there were roles hold the content's code alone."""
    if isinstance(given, dict):
        return str(given.get("role", "content")), str(given["code"])
    return "content", str(given)


def value_in_words(value: Any) -> Any:
    """A param's value as a label spells it."""
    if isinstance(value, bool):
        return pgettext("setting", "yes") if value else pgettext("setting", "no")
    return _(value) if isinstance(value, str) and value else value


def key_in_words(key: str) -> str:
    """The name of a fact or a param as a label spells it."""
    known = {
        "generator": _("Generator"),
        "version": _("Version"),
        "seed": _("Seed"),
        "run_seed": _("Seed of the run"),
        "torch": _("Torch"),
        "device": _("Device"),
        "weights_sha256": _("Weights (SHA-256)"),
        "bits_of_chance": _("Bits of chance"),
        "checkpoint": _("Checkpoint"),
        "characters": _("Characters"),
        "text_sha256": _("Text (SHA-256)"),
        "held_out_nats": _("Nats a character on text that it never learnt"),
        "held_out_bits": _("Bits a character on text that it never learnt"),
        "alphabet": _("Different characters"),
        "pictures": _("Pictures learnt"),
        "held_out": _("Pictures held out"),
        "pictures_sha256": _("Pictures (SHA-256)"),
        "kernel_distance": _("Kernel distance from held-out pictures"),
        "kernel_distance_of_learnt": _("The same, of what it learnt"),
        "c_t": _("C_T: below -3 where it copies"),
        "copies": _("Share of copies, which are never kept"),
        "stopped": _("Ended"),
        "steps": _("Steps"),
        "enlarged": _("Enlarged"),
        "side_in_pixels": _("Side in pixels"),
        "copies_put_aside": _("Copies put aside"),
    }
    if key.startswith(AMBIGUITY):
        wish = {"wish": key.removeprefix(AMBIGUITY)}
        return _("Ambiguity of style at lambda %(wish)s") % wish
    return known.get(key) or _(key.replace("_", " ").capitalize())

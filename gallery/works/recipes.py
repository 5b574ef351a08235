"""A machine's work told from its recipe, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from gallery.works.models import Artwork
from gallery.works.querysets import ArtworkQuerySet

APART = {"params", "inputs", "run", "index"}  # told in sentences of their own


@dataclass(frozen=True, slots=True)
class Story:
    """What the label of a machine's work goes on to say."""

    facts: list[tuple[str, Any]]
    params: list[tuple[str, Any]]
    inputs: list[Artwork]  # those whose label the reader may see
    hidden: int  # inputs that are unsigned for the reader
    place: int  # of this work in its run, from 1; 0 where no run is on record
    made: int
    shown: int


def story(recipe: dict[str, Any], signed: ArtworkQuerySet) -> Story:
    """`signed` are the works whose label the reader may see: no other is named."""
    codes = [str(code) for code in recipe.get("inputs", [])]
    inputs = list(signed.filter(code__in=codes).select_related("maker")) if codes else []
    run = recipe.get("run")
    siblings = Artwork.objects.of_run(run) if run else Artwork.objects.none()
    return Story(
        facts=[(_in_words(key), value) for key, value in recipe.items() if key not in APART],
        params=[
            (_in_words(key), _(value) if isinstance(value, str) else value)
            for key, value in recipe.get("params", {}).items()
        ],
        inputs=inputs,
        hidden=len(codes) - len(inputs),
        place=int(recipe.get("index", 0)) + 1 if run else 0,
        made=siblings.count(),
        shown=siblings.hung().count(),
    )


def _in_words(key: str) -> str:
    known = {
        "generator": _("Generator"),
        "version": _("Version"),
        "seed": _("Seed"),
        "run_seed": _("Seed of the run"),
        "torch": _("Torch"),
        "device": _("Device"),
        "weights_sha256": _("Weights (SHA-256)"),
    }
    return known.get(key) or _(key.replace("_", " ").capitalize())

"""Making a work again from the recipe that it keeps, to see whether the recipe tells all.

What is said here is read on a command line, so it stays in English.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from uuid import UUID

from django.core.files.storage import default_storage

from gallery.runs.child import Message
from gallery.runs.materials import laid_out
from gallery.runs.models import Checkpoint, Role, Run
from gallery.works.models import Artwork
from generators.catalog import GENERATORS
from generators.refused import Refused

CHANGED = {
    "version": "it was made by version {then} of the generator, and this is version {today}",
    "torch": "it was made with torch {then}, and this is torch {today}",
    "device": "it was made on {then}, and this is {today}",
    "weights_sha256": "its weights were {then:.12}…, and these are {today:.12}…",
}


def works_to_repaint(code: str) -> list[Artwork]:
    """The work of this public code, or the works of the run of this code, in their order.

    Raises Refused for an unknown code, for a work by a person, and for a run without works.
    """
    unknown = Refused(f"No work and no run here has the code {code}.")
    try:
        known = UUID(code)
    except ValueError:
        raise unknown from None
    if artwork := Artwork.objects.filter(code=known).first():
        if not artwork.by_machine:
            raise Refused("This work is by a person: no recipe could paint it again.")
        return [artwork]
    run = Run.objects.filter(code=known).first()
    if run is None:
        raise unknown
    if run.trains:
        raise Refused("This run trained: it left a checkpoint and no works.")
    works = [output.artwork for output in run.outputs.with_artworks()]
    if not works:
        raise Refused("This run has made no work.")
    return works


def job_for(artwork: Artwork, folder: Path) -> Message:
    """The job by which the painting process makes the work again, with its files in `folder`.

    Raises Refused, with a sentence, where the recipe asks for what is not there any more.
    """
    recipe = artwork.recipe or {}
    missing = [name for name in ("generator", "params", "seed") if name not in recipe]
    if missing:
        raise Refused(f"The recipe does not tell {' and '.join(missing)}.")
    if recipe["generator"] not in GENERATORS:
        raise Refused(f"There is no generator “{recipe['generator']}” any more.")
    return {
        "generator": recipe["generator"],
        "params": recipe["params"] | _weights(recipe, folder),
        "seed": recipe["seed"],
        "output": str(folder / "work.bytes"),
        **laid_out(_inputs(recipe), folder),
    }


def _weights(recipe: Message, folder: Path) -> dict[str, str]:
    """The param that names a checkpoint, by a path of this machine."""
    if "checkpoint" not in recipe:
        return {}
    source = Checkpoint.objects.by_source(recipe["generator"], recipe["checkpoint"])
    if source is None:
        raise Refused("The checkpoint that it was made with is not here any more.")
    if source.sha256 != recipe.get("weights_sha256"):
        raise Refused("The checkpoint that it was made with holds other weights now.")
    return {GENERATORS[recipe["generator"]].weights: source.written(folder)}


def _inputs(recipe: Message) -> list[tuple[str, Artwork]]:
    """Role and work; recipes of before there were roles hold the content's code alone."""
    given = [one if isinstance(one, dict) else {"code": one} for one in recipe.get("inputs", [])]
    codes = [one["code"] for one in given]
    known = {str(work.code): work for work in Artwork.objects.filter(code__in=codes)}
    gone = [code for code in codes if code not in known]
    if gone:
        raise Refused(f"A work that it was made from is not here any more: {', '.join(gone)}.")
    return [(one.get("role", Role.CONTENT), known[one["code"]]) for one in given]


def kept_sha256(artwork: Artwork) -> str:
    """Of the original that storage keeps; "" if it keeps none."""
    digest = hashlib.sha256()
    try:
        with default_storage.open(artwork.original_path) as file:
            for chunk in file.chunks():
                digest.update(chunk)
    except FileNotFoundError:
        return ""
    return digest.hexdigest()


def differences(artwork: Artwork, data: bytes, facts: dict[str, str]) -> str:
    """Why `data`, made now with these facts, is not the original; "" where it is, byte for byte."""
    kept, made = kept_sha256(artwork), hashlib.sha256(data).hexdigest()
    if kept == made:
        return ""
    if not kept:
        same = "is" if made == artwork.sha256 else "is not"
        return f"Storage keeps no original of it any more; what was painted {same} as recorded."
    if kept != artwork.sha256:
        same = "as" if made == artwork.sha256 else "not as"
        return f"Storage keeps other bytes than were recorded; what was painted is {same} recorded."
    recipe = artwork.recipe or {}
    clauses = [
        sentence.format(then=str(recipe[name]), today=facts[name])
        for name, sentence in CHANGED.items()
        if name in facts and name in recipe and str(recipe[name]) != facts[name]
    ]
    if clauses:
        told = "; ".join(clauses)
        return f"{told[0].upper()}{told[1:]}."
    return (
        "Generator, torch and device are as recorded: the recipe was altered, or this processor "
        "rounds otherwise than the one that painted it."
    )

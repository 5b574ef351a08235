"""How near a machine's picture comes to the works that its network learnt from, for the label."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from gallery.works.models import Artwork
from gallery.works.querysets import ArtworkQuerySet

OWN = re.compile(r"\d{5}_([0-9a-f-]{36})")  # a work of this gallery, as training laid it out


@dataclass(frozen=True, slots=True)
class Resemblance:
    """What the label tells of a picture by a network whose examples are on record."""

    name: str  # of the nearest work
    part: str  # of the work with the nearest part, "" if it is the same
    learnt: int  # works
    nearer: int  # of a hundred works it never saw, how many come nearer to one of those
    ambiguity: int | None  # of a hundred, how much doubt a judge of styles has


def resemblance_of(artwork: Artwork, signed: ArtworkQuerySet) -> Resemblance | None:
    """None for a work without such a record. `signed` are the works whose label the reader may
    see: no other of this gallery is named."""
    recipe = artwork.recipe or {}
    if "nearest_work" not in recipe:
        return None
    name, part = (_named(str(recipe[key]), signed) for key in ("nearest_work", "nearest_part"))
    doubt = recipe.get("style_ambiguity")
    return Resemblance(
        name,
        "" if part == name else part,
        int(recipe["learnt_from"]),
        round(100 * float(recipe["nearer_held_out"])),
        None if doubt is None else round(100 * float(doubt)),
    )


def _named(name: str, signed: ArtworkQuerySet) -> str:
    """A name as a checkpoint tells it; in the words of the label for a work of this gallery."""
    own = OWN.fullmatch(name)
    if own is None:
        return name
    work = signed.filter(code=own[1]).select_related("maker").first()
    return f"{work}, {work.maker}" if work else _("a work that is unsigned for now")

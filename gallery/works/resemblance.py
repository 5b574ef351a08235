"""How near a machine's picture comes to the works that its network learnt from, for the label."""

from __future__ import annotations

from dataclasses import dataclass

from gallery.works.models import Artwork


@dataclass(frozen=True, slots=True)
class Resemblance:
    """What the label tells of a picture by a network whose examples are on record."""

    name: str  # of the nearest work
    part: str  # of the work with the nearest part, "" if it is the same
    learnt: int  # works
    nearer: int  # of a hundred works it never saw, how many come nearer to one of those
    ambiguity: int | None  # of a hundred, how much doubt a judge of styles has


def resemblance_of(artwork: Artwork) -> Resemblance | None:
    """None for a work without such a record."""
    recipe = artwork.recipe or {}
    if "nearest_work" not in recipe:
        return None
    name, part = str(recipe["nearest_work"]), str(recipe["nearest_part"])
    doubt = recipe.get("style_ambiguity")
    return Resemblance(
        name,
        "" if part == name else part,
        int(recipe["learnt_from"]),
        round(100 * float(recipe["nearer_held_out"])),
        None if doubt is None else round(100 * float(doubt)),
    )

"""How expected each character of a machine's text was to the machine itself, for the label."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from statistics import fmean

from gallery.works.models import Artwork

LEVELS = (1.0, 3.0, 5.0, 8.0)  # bits from which a character is tinted more deeply
LEAST_COPIED = 12  # characters: what a writer counts as a passage


@dataclass(frozen=True, slots=True)
class Surprisal:
    """What the label tells of a text whose every character has a probability on record."""

    parts: list[tuple[str, int]]  # neighbours of one level, 0 (expected) to len(LEVELS)
    mean: float  # bits a character
    copied: str  # the longest passage that the machine had read word for word, "" if none


def surprisal_of(artwork: Artwork) -> Surprisal | None:
    """None for a work without such a record, or whose text is not as long as the record."""
    recipe = artwork.recipe or {}
    bits = [
        None if one == "-" else int(one) / 10 for one in str(recipe.get("surprisal", "")).split()
    ]
    drawn = [one for one in bits if one is not None]
    text = artwork.text.rstrip("\n")
    if not drawn or len(bits) != len(text):
        return None
    levels = (sum(one >= level for level in LEVELS) if one is not None else 0 for one in bits)
    pairs = zip(text, levels, strict=True)
    parts = [
        ("".join(character for character, _level in group), level)
        for level, group in groupby(pairs, key=lambda pair: pair[1])
    ]
    begins, length = int(recipe.get("copy_begins", 0)), int(recipe.get("copied", 0))
    copied = text[begins : begins + length].strip() if length >= LEAST_COPIED else ""
    return Surprisal(parts, round(fmean(drawn), 1), copied)

"""People's and machines' works as two groups without names, for a blind statistician."""

from __future__ import annotations

import random
from collections.abc import Collection
from typing import Literal

from django.utils.translation import gettext as _

from gallery.works.models import Artwork, Origin

Arm = Literal["a", "b"]


def arms(artwork_ids: Collection[int], seed: int) -> dict[int, Arm]:
    """The arm of each work, by origin. Which origin is "a" is drawn by the seed.

    Raises ValueError with a sentence where people or machines are missing: one side cannot be
    compared.
    """
    first = random.Random(seed).choice([Origin.HUMAN, Origin.MACHINE])  # noqa: S311  repeatable
    origins = dict(Artwork.objects.filter(pk__in=artwork_ids).values_list("pk", "origin"))
    found = set(origins.values())
    if Origin.HUMAN not in found:
        raise ValueError(_("There is no work by a person among these. Add at least one."))
    if Origin.MACHINE not in found:
        raise ValueError(_("There is no work by a machine among these. Add at least one."))
    return {pk: "a" if origin == first else "b" for pk, origin in origins.items()}

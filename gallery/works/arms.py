"""Works as groups without names, for a blind statistician."""

from __future__ import annotations

import random
from collections.abc import Collection
from typing import Literal

from django.utils.translation import gettext as _

from gallery.works.models import Artwork, Origin, SourceClass

ARMS = "abcdefgh"
By = Literal["sides", "kinds", "rungs"]
COMPARED = [SourceClass.HUMAN, SourceClass.SAMPLER, SourceClass.FILTER]


def arms(artwork_ids: Collection[int], seed: int, by: By = "sides") -> dict[int, str]:
    """The arm of each work. Which group is "a" is drawn by the seed.

    By sides, people and machines; by kinds, people, samplers and filters; by rungs, the values of
    a ladder, with people's works, if there are any, as one more group. Works of other
    kinds are left out. Raises ValueError with a sentence where fewer than two groups are there:
    one alone cannot be compared.
    """
    groups = _groups(artwork_ids, by)
    found = sorted(set(groups.values()))
    if by == "sides" and Origin.HUMAN not in found:
        raise ValueError(_("There is no work by a person among these. Add at least one."))
    if by == "sides" and Origin.MACHINE not in found:
        raise ValueError(_("There is no work by a machine among these. Add at least one."))
    if len(found) < 2:
        raise ValueError(
            _("These works are all of one group. Add works of another, or compare by origin.")
        )
    if len(found) > len(ARMS):
        raise ValueError(
            _("A ladder of at most %(most)d values can be compared.") % {"most": len(ARMS) - 1}
        )
    random.Random(seed).shuffle(found)  # noqa: S311 - repeatable on purpose
    letter = dict(zip(found, ARMS, strict=False))
    return {pk: letter[group] for pk, group in groups.items()}


def _groups(artwork_ids: Collection[int], by: By) -> dict[int, str]:
    """Runs are reached by the names of their reverse relations only: works know nothing of runs."""
    works = Artwork.objects.artists_works().filter(pk__in=artwork_ids).order_by()
    if by == "sides":
        return dict(works.values_list("pk", "origin"))
    if by == "kinds":
        return dict(works.filter(source_class__in=COMPARED).values_list("pk", "source_class"))
    rows = works.values_list("pk", "origin", "output__knob", "output__rung")
    return {
        pk: Origin.HUMAN if origin == Origin.HUMAN else f"{knob} {rung:012.6f}"
        for pk, origin, knob, rung in rows
        if origin == Origin.HUMAN or rung is not None
    }

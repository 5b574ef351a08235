"""Which works a study shows beside those that are rated: anchors, practice and preview."""

from __future__ import annotations

from collections.abc import Collection
from random import Random

from gallery.studies.models import Role, Study
from gallery.works.arms import arms
from gallery.works.models import Artwork

MOST_ENDS = 3  # of each anchor, so that raters who compare notes have not all seen the same


def cast(study: Study, rated: Collection[int], available: Collection[int]) -> dict[int, Role]:
    """The role of each further work (by primary key), drawn by the study's seed.

    Anchors are noise and plain fields; practice shows further ones, their cousins; the preview
    shows works that are not rated, from all arms alike. What there is too little of is left out:
    a draft's warnings say so.
    """
    session, rng = study.rules.session, Random(f"cast {study.seed}")  # noqa: S311 - repeatable
    roles: dict[int, Role] = {}
    hung = Artwork.objects.hung_or_ready().filter(medium=study.medium).order_by("pk")
    noise = _shuffled(hung.noise().values_list("pk", flat=True), rng)
    plain = _shuffled(hung.plain().values_list("pk", flat=True), rng)
    pages = session.practice * (2 if study.rules.mode == "pairs" else 1)
    each = (pages + 1) // 2
    practice = [pk for two in zip(noise[:each], plain[:each], strict=False) for pk in two][:pages]
    if len(noise) > each and len(plain) > each:
        roles |= dict.fromkeys(practice, Role.PRACTICE)
        noise, plain = noise[each:], plain[each:]
    if session.anchors and noise and plain:
        roles |= dict.fromkeys(noise[:MOST_ENDS], Role.NOISE)
        roles |= dict.fromkeys(plain[:MOST_ENDS], Role.PLAIN)
    spare = [pk for pk in available if pk not in rated]
    return roles | dict.fromkeys(_spread(spare, study, rng)[: session.preview], Role.PREVIEW)


def _shuffled(works: Collection[int], rng: Random) -> list[int]:
    return rng.sample(list(works), len(works))


def _spread(works: Collection[int], study: Study, rng: Random) -> list[int]:
    """Works of all arms in turn, as far as the smallest arm goes."""
    try:
        sides = arms(works, study.seed, study.rules.allocation.arms)
    except ValueError:
        return []
    by_arm = [
        _shuffled(sorted(pk for pk in sides if sides[pk] == arm), rng)
        for arm in sorted(set(sides.values()))
    ]
    return [pk for row in zip(*by_arm, strict=False) for pk in row]

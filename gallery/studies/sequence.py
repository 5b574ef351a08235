"""What surrounds the rated works of a sitting: practice before, anchors and repeats among them.

Pure and seeded, like `gallery.studies.design`, which draws the works themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from gallery.studies.design import Drawn


@dataclass(frozen=True)
class Place:
    """One page of a sitting: the work on it, or the two, and what it is for."""

    works: tuple[int, ...]
    kind: str  # practice, rated, repeat, anchor
    p: float | None = None
    instructed: int | None = None  # the point that an extra row asks for


def pairs_of(drawn: Sequence[Drawn], rng: Random) -> list[Place]:
    """Pairs across two arms, each work in one; the side of each arm is drawn for every pair.

    Raises ValueError where there are not two arms of one size.
    """
    arms = sorted({one.arm for one in drawn})
    sides = [[one for one in drawn if one.arm == arm] for arm in arms]
    if len(sides) != 2:
        raise ValueError("pairs are made of two arms")
    rng.shuffle(sides[1])
    places = []
    for pair in zip(*sides, strict=True):
        left, right = pair if rng.random() < 0.5 else pair[::-1]
        places.append(Place((left.work, right.work), "rated", min(left.p, right.p)))
    return places


def lay_out(
    rated: Sequence[Place],
    *,
    practice: Sequence[Place] = (),
    anchors: Sequence[Place] = (),
    repeats: int = 0,
    distance: int = 8,
    instruct: bool = False,
    rng: Random,
) -> list[Place]:
    """The whole sitting in order.

    Anchors are spread: with two, one comes in either half. A repeat comes `distance` places after
    the work at least, or as far as a short sitting allows, and shows a pair with its sides as they
    were drawn anew. The row that names its answer stands on one rated place of the middle third.
    """
    places = list(rated)
    for number, anchor in enumerate(rng.sample(anchors, len(anchors))):
        part = len(rated) / len(anchors)
        least, most = int(number * part) + (number == 0), int((number + 1) * part)
        places.insert(min(len(places), number + rng.randint(min(least, most), most)), anchor)
    places = _with_repeats(places, repeats, distance, rng)
    if instruct:
        third = len(places) // 3
        middle = [n for n in range(third, len(places) - third) if places[n].kind == "rated"]
        fit = middle or [n for n, place in enumerate(places) if place.kind == "rated"]
        chosen = rng.choice(fit)
        places[chosen] = replace(places[chosen], instructed=rng.randint(1, 7))
    return [*practice, *places]


def _with_repeats(places: Sequence[Place], repeats: int, distance: int, rng: Random) -> list[Place]:
    """Early works come again among the last places."""
    rated = [n for n, place in enumerate(places) if place.kind == "rated"]
    room = min(distance, max(1, len(places) // 2))
    early = [n for n in rated if n + room <= len(places)]
    if not repeats or not early:
        return list(places)
    chosen = sorted(rng.sample(early[: max(repeats, len(early) // 2)], min(repeats, len(early))))
    laid = list(places)
    for n in reversed(chosen):  # from behind, so that no insertion moves one still to be placed
        works = places[n].works if rng.random() < 0.5 else places[n].works[::-1]
        at = rng.randint(min(n + room, len(laid)), len(laid))
        laid.insert(at, Place(works, "repeat"))
    return laid

"""Short programs whose drawings are near a sketch: simulated annealing, and evolution.

* annealing of arcs: in each step one arc, or a free place, is offered a thousand others at once.
  What each does to the tones takes two products of a matrix with a few vectors, because an arc
  enters the picture linearly where it lies; the best few are then looked at through the network,
  and one is taken with Boltzmann's odds (Kirkpatrick, Gelatt and Vecchi 1983, in heat baths).
* annealing of walks: the same with a few programs that differ a little, drawn in full.
* evolution of either: (mu + lambda), with variation only (Schwefel 1981).

All count a program's bits, lightly, beside its distance from the sketch, and none exceeds the
budget. Chance comes from a NumPy generator of the search's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from generators.low_complexity.chance import (
    changed_arc,
    random_arc,
    random_commands,
    room_for_fills,
    varied,
)
from generators.low_complexity.code import SHEET_BITS, Arc, Program, length_of
from generators.low_complexity.sketch import IMAGES, Sketch
from generators.low_complexity.strokes import FILLED, TONES

POOL = 1024  # arcs that every place is offered
RENEWED = 32  # of them in each step
NEAR = 96  # arcs that are like the one in place
BLOCKED_OUT = 0.4  # of the steps only look at tones: forms come first, then what they look like
VARIETY = 0.12  # of the best gain: the noise with which arcs are chosen to be looked at
LOOKED_AT = 10  # of all through the network
WARM, COLD = 0.002, 0.00005  # temperature at the first and the last step, in distances
PRICE = 0.012  # distance that the whole budget of bits is worth
OFFSPRING = 16  # programs drawn in full in each step
PARENTS = 4


@dataclass(frozen=True, slots=True)
class Found:
    """A program, its distance from the sketch, and that with its bits counted."""

    program: Program
    distance: float
    value: float


class Search:
    """What annealing and evolution share."""

    def __init__(
        self, sketch: Sketch, budget: int, steps: int, fills: float, rng: np.random.Generator
    ) -> None:
        self.sketch, self.budget, self.steps = sketch, budget, steps
        self.fills, self.rng = fills, rng

    def judged(self, programs: list[Program]) -> list[Found]:
        """Each program with its worth."""
        return self.valued(programs, self.sketch.distance_of(programs))

    def valued(self, programs: list[Program], distances: Tensor) -> list[Found]:
        """Each program with its worth, where its distance is known."""
        return [
            Found(one, distance, distance + self.price(len(one.bits)))
            for one, distance in zip(programs, distances.tolist(), strict=True)
        ]

    def price(self, bits: int) -> float:
        """What bits are worth in distance."""
        return PRICE * bits / self.budget

    def temperature(self, step: int) -> float:
        return float(WARM * (COLD / WARM) ** (step / max(1, self.steps - 1)))

    def start(self, walks: bool) -> Program:
        """Blank paper, or a walk at random."""
        if not walks:
            return Program(self.sketch.sheet)
        count = (self.budget - SHEET_BITS) // 8
        return Program(self.sketch.sheet, commands=random_commands(self.rng, count))

    def chosen(self, values: np.ndarray, temperature: float) -> int:
        """A place in `values`, small ones with Boltzmann's odds."""
        noise = self.rng.gumbel(size=len(values))
        return int(np.argmax(noise - np.asarray(values) / temperature))


def anneal(search: Search, walks: bool) -> Iterator[Found]:
    """The best program so far, after each step."""
    if not walks:
        yield from Pursuit(search).steps()
        return
    best = here = search.judged([search.start(walks)])[0]
    for step in range(search.steps):
        others = [
            varied(search.rng, here.program, search.budget, search.fills) for _ in range(OFFSPRING)
        ]
        offered = [here, *search.judged(others)]
        values = np.array([one.value for one in offered])
        here = offered[search.chosen(values, search.temperature(step))]
        best = min(best, here, key=lambda one: one.value)
        yield best


def evolve(search: Search, walks: bool) -> Iterator[Found]:
    """The best program so far, after each generation."""
    first = search.start(walks)
    parents = search.judged(
        [varied(search.rng, first, search.budget, search.fills) for _ in range(PARENTS)]
    )
    for _ in range(search.steps):
        born = []
        for _ in range(OFFSPRING):
            parent = parents[int(search.rng.integers(len(parents)))]
            born.append(varied(search.rng, parent.program, search.budget, search.fills))
        known = {one.program: one for one in [*parents, *search.judged(born)]}  # each once
        parents = sorted(known.values(), key=lambda one: one.value)[:PARENTS]
        yield parents[0]


@dataclass(frozen=True, slots=True)
class Gap:
    """A free place in a row of arcs, as tones (h * w) each: what lies below it, what is seen when
    it stays free, and how much of it is seen through the arcs above. With how many bits any arc in
    it may take, and how many a filled one."""

    below: Tensor
    seen: Tensor
    through: Tensor
    room: int
    room_for_fills: int


class Pursuit:
    """Heat-bath annealing of a row of arcs."""

    def __init__(self, search: Search) -> None:
        self.search, self.sketch, self.rng = search, search.sketch, search.rng
        images = IMAGES[self.sketch.sheet.symmetry]  # each costs as much as another arc
        self.near, self.renewed = max(24, NEAR // images), max(8, RENEWED // images)
        self.pool = [self._random() for _ in range(min(POOL, 40 * search.steps))]
        self.covers = self.sketch.drawn([arc.stroke for arc in self.pool])
        self.squares = self.covers.square()
        self.lengths = np.array([arc.length for arc in self.pool])
        self.oldest = 0
        self.weight = self.sketch.weight.flatten()
        self.target = self.sketch.target.flatten()

    def _random(self) -> Arc:
        return random_arc(self.rng, self.sketch.sheet, self.search.fills)

    def steps(self) -> Iterator[Found]:
        """The best program so far, after each step."""
        search = self.search
        best = here = search.judged([search.start(walks=False)])[0]
        for step in range(search.steps):
            early = step < BLOCKED_OUT * search.steps
            here = self._step(here, search.temperature(step), early)
            best = min(best, here, key=lambda one: one.value)
            yield best

    def _step(self, here: Found, temperature: float, early: bool) -> Found:
        arcs = list(here.program.arcs)
        room = self.search.budget - length_of(arcs)
        if arcs and (room < 16 or self.rng.random() < (0.35 if early else 0.6)):
            place = int(self.rng.integers(len(arcs)))
            old = arcs.pop(place)
            if self.rng.random() < 0.15:  # it may also go elsewhere in the row
                place = int(self.rng.integers(len(arcs) + 1))
        else:
            place, old = int(self.rng.integers(len(arcs) + 1)), None
        gap = self._gap(arcs, place)
        offers = self._offers(gap, old, temperature)
        rows = [tuple(arcs), *((*arcs[:place], arc, *arcs[place:]) for arc in offers)]
        tones = torch.stack([gap.seen, *(self._tone(gap, arc) for arc in offers)])
        programs = [replace(here.program, arcs=row) for row in rows]
        if early:
            return self._by_tones(here, programs, tones, temperature)
        judged = [here, *self.search.valued(programs, self.sketch.distance(tones))]
        values = np.array([one.value for one in judged])
        return judged[self.search.chosen(values, temperature)]

    def _by_tones(
        self, here: Found, programs: list[Program], tones: Tensor, temperature: float
    ) -> Found:
        """One of the programs, or the one that there is, by its tones and bits alone."""
        now = self.sketch.tone(here.program.drawing.strokes)
        programs, tones = [here.program, *programs], torch.cat([now[None], tones])
        prices = [self.search.price(len(program.bits)) for program in programs]
        values = self.sketch.tone_distance(tones).numpy() + np.array(prices)
        which = self.search.chosen(values, temperature)
        distance = self.sketch.distance(tones[which : which + 1])
        return self.search.valued([programs[which]], distance)[0]

    def _gap(self, arcs: list[Arc], place: int) -> Gap:
        below = self.sketch.tone([arc.stroke for arc in arcs[:place]])
        seen, through = below, torch.ones_like(below)
        if arcs[place:]:
            covers = self.sketch.covers([arc.stroke for arc in arcs[place:]])
            for cover, arc in zip(covers, arcs[place:], strict=True):
                seen = seen + cover * (TONES[arc.tone] - seen)
                through = through * (1 - cover)
        budget, fills = self.search.budget, self.search.fills
        room = budget - length_of(arcs)
        return Gap(below, seen, through, room, room_for_fills(arcs, budget, fills))

    def _tone(self, gap: Gap, arc: Arc) -> Tensor:
        """The drawing's tones with an arc in the gap."""
        cover = self.sketch.covers([arc.stroke])[0]
        return gap.seen + gap.through * cover * (TONES[arc.tone] - gap.below)

    def _offers(self, gap: Gap, old: Arc | None, temperature: float) -> list[Arc]:
        """The few arcs that, in the gap, make the tones most like the target's."""
        self._renew()
        near = []
        if old:
            likes = (changed_arc(self.rng, old, self.search.fills) for _ in range(self.near))
            near = list(dict.fromkeys([old, *likes]))
        candidates = [*self.pool, *near]
        gains = self._gains(gap, self.covers, self.squares).numpy()
        lengths = self.lengths
        if near:
            covers = self.sketch.covers([arc.stroke for arc in near])
            gains = np.concatenate([gains, self._gains(gap, covers, covers.square()).numpy()])
            lengths = np.concatenate([lengths, [arc.length for arc in near]])
        values = gains + self.search.price(1) * lengths[:, None]
        values[lengths > gap.room] = np.inf
        filled = np.array([arc.pen == FILLED for arc in candidates])
        values[filled & (lengths > gap.room_for_fills)] = np.inf
        # What is best for the tones may be bad for what the network sees: the near best too get
        # their turn.
        spread = max(temperature, -VARIETY * float(values.min(initial=0.0)))
        noisy = values - spread * self.rng.gumbel(size=values.shape)
        order = np.argsort(noisy, axis=None, kind="stable")[:LOOKED_AT]
        return [
            candidates[n // len(TONES)]._replace(tone=int(n % len(TONES)))
            for n in order.tolist()
            if np.isfinite(values.flat[n])
        ]

    def _gains(self, gap: Gap, covers: Tensor, squares: Tensor) -> Tensor:
        """(arcs, tones): the change in the tones' distance by each cover (arcs, h * w) in the gap.

        A cover a of tone c changes the picture by through * a * (c - below): the squared error is
        quadratic in a.
        """
        below = gap.below
        error = self.weight * (gap.seen - self.target) * gap.through
        square = self.weight * gap.through.square()
        first = covers @ torch.stack([error, error * below], dim=1)
        second = squares @ torch.stack([square, square * below, square * below.square()], dim=1)
        tone = torch.tensor(TONES)
        linear = 2 * (first[:, :1] * tone - first[:, 1:])
        curved = second[:, :1] * tone.square() - 2 * second[:, 1:2] * tone + second[:, 2:]
        return (linear + curved) / (self.weight.numel() * self.sketch.tone_unit)

    def _renew(self) -> None:
        fresh = [self._random() for _ in range(self.renewed)]
        places = slice(self.oldest, self.oldest + self.renewed)
        self.pool[places] = fresh
        self.covers[places] = self.sketch.drawn([arc.stroke for arc in fresh])
        self.squares[places] = self.covers[places].square()
        self.lengths[places] = [arc.length for arc in fresh]
        self.oldest = (self.oldest + self.renewed) % (len(self.pool) - self.renewed + 1)

"""How long works take here, told from the runs that have finished.

What a generator declares as its cost is for an ordinary processor. What a run took is for this one,
and for its graphics card.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from pydantic import ValidationError

from gallery.runs.models import Run
from generators.catalog import GENERATORS, Generator
from generators.training.trainers import TRAINERS, Trainer

if TYPE_CHECKING:
    from gallery.runs.services import Request

MOST_PAST = 200  # the latest runs of a generator: what is older was another machine's, perhaps


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds for one work, of `runs` earlier runs: half of them took less than `middle`."""

    runs: int
    least: float
    middle: float
    most: float
    alike: bool  # whether those runs were as dear; otherwise they are all of this artist's


@dataclass(frozen=True, slots=True)
class Estimate:
    """How long a request may take, and what is to be done before it."""

    each: Timing | None  # None where no run of this artist has finished
    before: int  # runs that wait or are painted
    wait: float  # seconds of work of one worker


def estimate_of(asked: Request) -> Estimate:
    """From runs of the same cost, which counts size, steps and network; without any, from all of
    the generator's."""
    past = Past()
    pending = list(Run.objects.pending().with_counts())
    each = past.timing(asked.generator, asked.cost / asked.count)
    return Estimate(each, len(pending), sum(map(past.seconds_left, pending)))


class Past:
    """What runs took, read once for each generator."""

    def __init__(self) -> None:
        self._read: dict[str, list[tuple[float, float]]] = {}

    def timing(self, generator: Generator, cost: float) -> Timing | None:
        """`cost` is what the generator declares for one work."""
        took = self._took(generator)
        alike = [seconds for seconds, its_cost in took if abs(its_cost - cost) < 1e-6]
        seconds = alike or [each for each, _cost in took]
        if not seconds:
            return None
        return Timing(len(seconds), min(seconds), median(seconds), max(seconds), bool(alike))

    def seconds_left(self, run: Run) -> float:
        """Of one worker at a run that is not over; where nothing like it has finished, by what is
        declared for an ordinary processor. `run` has `made`."""
        known = TRAINERS.get(run.generator) if run.trains else GENERATORS.get(run.generator)
        cost = _cost(known, run) if known else None
        if cost is None or not isinstance(known, Generator):
            return cost or 0.0
        each = self.timing(known, cost)
        left: int = run.count - run.made  # type: ignore[attr-defined]  # see with_counts
        return (each.middle if each and each.alike else cost) * left

    def _took(self, generator: Generator) -> list[tuple[float, float]]:
        """Seconds and declared cost of a work of each past run, on the device of the latest."""
        if generator.name not in self._read:
            past = list(Run.objects.timed(generator.name, generator.version)[:MOST_PAST])
            devices = [run.device for run in past]  # type: ignore[attr-defined]  # see timed
            same = [run for run, device in zip(past, devices, strict=True) if device == devices[0]]
            costs = [(run, _cost(generator, run)) for run in same]
            self._read[generator.name] = [
                (run.seconds_each, cost) for run, cost in costs if cost is not None
            ]
        return self._read[generator.name]


def _cost(known: Generator | Trainer, run: Run) -> float | None:
    """Declared for one work, or a training; None for params that are not taken any more."""
    try:
        return known.params.model_validate(run.params).cost()
    except ValidationError:
        return None

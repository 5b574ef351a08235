"""Which workers are at work, on what, and which have fallen silent."""

from __future__ import annotations

from dataclasses import dataclass

from gallery.runs.models import Run, State, Worker


@dataclass(frozen=True, slots=True)
class AtWork:
    """One worker, the run that it holds, and whether it has not been heard of for too long."""

    worker: Worker
    run: Run | None
    silent: bool


@dataclass(frozen=True, slots=True)
class Health:
    """All workers, those that live first."""

    workers: list[AtWork]

    @property
    def nobody(self) -> bool:
        """Whether nothing that waits will be painted, as things are."""
        return all(one.silent for one in self.workers)


def health() -> Health:
    """What the studio tells of its workers; three queries."""
    held = {run.worker: run for run in Run.objects.filter(state=State.RUNNING)}
    silent = set(Worker.objects.silent().values_list("pk", flat=True))
    workers = [AtWork(one, held.get(one.name), one.pk in silent) for one in Worker.objects.all()]
    return Health(sorted(workers, key=lambda one: one.silent))

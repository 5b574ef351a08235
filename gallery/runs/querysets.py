"""How runs are read, claimed and given up."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Count, F, Min, Q, Window
from django.db.models.expressions import CombinedExpression
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Now, RowNumber
from django.utils.translation import gettext_noop

from gallery.runs.states import OVER, State, Task

if TYPE_CHECKING:
    from gallery.runs.models import Run

MOST_TRIES = 3
SILENT = Q(state=State.RUNNING, lease_until__lt=Now())


class LeaseLost(Exception):
    """Another worker holds this run now, or it was cancelled: whoever sees this must stop."""


def lease_end() -> CombinedExpression:
    """When a lease taken now ends, by the database's clock: workers' own clocks may differ."""
    return Now() + timedelta(seconds=settings.PAINT_LEASE_SECONDS)


class RunQuerySet(models.QuerySet["Run"]):
    """The queue."""

    def pending(self) -> RunQuerySet:
        """Runs that are not over."""
        return self.filter(state__in=[State.QUEUED, State.RUNNING])

    def over(self) -> RunQuerySet:
        """Runs that have ended, the latest first."""
        return self.filter(state__in=OVER).order_by("-finished", "-pk")

    def in_order(self) -> RunQuerySet:
        """As they are claimed: oldest first."""
        return self.order_by("created", "pk")

    def held(self) -> RunQuerySet:
        """Runs whose worker renews its lease."""
        return self.filter(state=State.RUNNING).exclude(SILENT)

    def silent(self) -> RunQuerySet:
        """Runs whose worker has not renewed its lease: killed, stopped or cut off."""
        return self.filter(SILENT)

    def claimable(self) -> RunQuerySet:
        """Runs that wait, and runs whose worker fell silent, save those out of tries."""
        return self.filter(Q(state=State.QUEUED) | SILENT, tries__lt=MOST_TRIES)

    def claim(self, worker: str) -> Run | None:
        """Take the oldest claimable run for `worker` and open its log entry; None if none waits.

        The WHERE clause of the UPDATE decides the race, so this needs neither a lock nor SKIP
        LOCKED and is as safe on SQLite as on PostgreSQL. A run that a silent worker held has that
        worker's log entry closed.
        """
        oldest = self.claimable().in_order().values_list("pk", flat=True)
        while (pk := oldest.first()) is not None:
            with transaction.atomic():
                taken = (
                    self.claimable()
                    .filter(pk=pk)
                    .update(
                        state=State.RUNNING,
                        worker=worker,
                        lease_until=lease_end(),
                        attempt=F("attempt") + 1,
                        tries=F("tries") + 1,
                        started=Coalesce(F("started"), Now()),
                        step=0,
                        steps=0,
                        note="",
                    )
                )
                if taken:
                    run = self.get(pk=pk)
                    run.end_attempts(gettext_noop("The worker fell silent."))
                    run.attempts.create(number=run.attempt, worker=worker)
                    return run
        return None

    def bury(self) -> int:
        """Fail the runs that outlived every worker that tried them; return how many."""
        reason = gettext_noop(
            "Its worker fell silent three times in a row: the machine may lack memory for it. "
            "Choose a smaller size, or try it again."
        )
        buried = 0
        for run in self.silent().filter(tries__gte=MOST_TRIES):
            this_attempt = self.silent().filter(pk=run.pk, attempt=run.attempt)
            with transaction.atomic():
                if this_attempt.update(
                    state=State.FAILED, lease_until=None, finished=Now(), error=reason
                ):
                    run.end_attempts(gettext_noop("The worker fell silent."))
                    buried += 1
        return buried

    def timed(self, generator: str, version: int) -> RunQuerySet:
        """Finished runs that tell how long a work takes, the latest first, with the `device` that
        painted them: none that was interrupted, and none whose works were asked for unlike."""
        finished = self.filter(state=State.DONE, task=Task.PAINT, attempt=1, rungs=[])
        return (
            finished.filter(generator=generator, version=version, started__isnull=False)
            .annotate(device=Min(KeyTextTransform("device", "outputs__artwork__recipe")))
            .order_by("-finished", "-pk")
        )

    def with_counts(self) -> RunQuerySet:
        """With `made`, the number of outputs."""
        return self.annotate(made=Count("outputs"))

    def requested_by(self, user: User) -> RunQuerySet:
        return self.filter(requested_by=user)

    def with_positions(self) -> RunQuerySet:
        """In the order of claims, with `position`: the place in line of each run that waits."""
        place = Window(RowNumber(), partition_by="state", order_by=["created", "pk"])
        return self.annotate(position=place).in_order()

    def with_previews(self) -> RunQuerySet:
        """With previews fetched and, as `made`, the number of outputs: a list costs one query."""
        return self.select_related("preview", "left").with_counts()

    def for_page(self) -> RunQuerySet:
        """With all that a run has one of."""
        return self.select_related("preview", "requested_by", "left", "checkpoint__run", "schedule")

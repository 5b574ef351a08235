"""Workers that have been heard of: an idle one holds no lease that would tell of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.timezone import now

BEAT_SECONDS = 10.0  # a row for each worker is worth no more writes
SILENT_SECONDS = 30.0  # three beats missed
FORGOTTEN = timedelta(days=1)  # after which nobody looks for the dead


class WorkerQuerySet(models.QuerySet["Worker"]):
    """Workers. They beat by the database's clock: their own may differ."""

    def beat(self, name: str, device: str) -> None:
        """Note that this worker lives; at its first beat, forget those long dead."""
        if not self.filter(name=name).update(seen_at=Now()):
            self.filter(seen_at__lt=Now() - FORGOTTEN).delete()
            self.create(name=name, device=device, seen_at=Now())

    def silent(self) -> Self:
        """Those not heard of for so long that they were killed, stopped or cut off."""
        return self.filter(seen_at__lt=Now() - timedelta(seconds=SILENT_SECONDS))

    def leave(self, name: str) -> None:
        """Forget a worker that ends as it should."""
        self.filter(name=name).delete()


class Worker(models.Model):
    """One process that paints, from its start to its end. One that was killed stays, silent."""

    name = models.CharField(max_length=80, unique=True)  # host:process:chance, as in runs' logs
    device = models.CharField(max_length=40)
    started_at = models.DateTimeField(default=now)
    seen_at = models.DateTimeField()

    objects = WorkerQuerySet.as_manager()

    class Meta:
        ordering = ["started_at", "pk"]
        constraints = [
            models.CheckConstraint(name="worker_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="worker_has_a_device", condition=~Q(device="")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def machine(self) -> str:
        return self.name.partition(":")[0]

    @property
    def process(self) -> str:
        return self.name.partition(":")[2].partition(":")[0]

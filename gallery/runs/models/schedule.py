"""A run that comes again and again, without anybody asking each time."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Now
from django.utils.timezone import localdate, localtime, make_aware, now

from gallery.runs.models.run import MOST_OUTPUTS, Run
from generators.catalog import GENERATORS

if TYPE_CHECKING:
    from typing import Self

MOST_DAYS = 31


@dataclass(frozen=True, slots=True)
class Use:
    """What the runs of a schedule took of its budget."""

    works: int = 0  # asked for, whatever became of them
    minutes: float = 0.0  # that workers were at them


def month_start() -> datetime:
    """When the budgets of this month began."""
    return localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def slot_after(moment: datetime, *, hour: int, every_days: int, first: date) -> datetime:
    """The first time after `moment` of those at this hour, by the gallery's clock, on the day
    `first` and every so many days after it."""
    day = first
    while (slot := make_aware(datetime.combine(day, time(hour)))) <= moment:
        day += timedelta(days=every_days)
    return slot


class ScheduleQuerySet(models.QuerySet["Schedule"]):
    """What comes by itself."""

    def due(self) -> Self:
        """Those whose time has come, the longest overdue first."""
        return self.filter(active=True, next_at__lte=now()).order_by("next_at", "pk")

    def use(self) -> dict[int, Use]:
        """What each took of its budget this month, by primary key."""
        since = month_start()
        at_work = Coalesce(F("attempts__ended"), Now()) - F("attempts__started")
        of_this = Run.objects.filter(schedule=OuterRef("pk"), created__gte=since).order_by()
        painted = of_this.values("schedule").annotate(lasted=Sum(at_work)).values("lasted")
        asked = Sum("runs__count", filter=Q(runs__created__gte=since))
        rows = self.order_by().annotate(asked=asked, painted=Subquery(painted))
        return {
            pk: Use(works or 0, lasted.total_seconds() / 60 if lasted else 0.0)
            for pk, works, lasted in rows.values_list("pk", "asked", "painted")
        }


class Schedule(models.Model):
    """What is to be asked for, when, and how much of it in a month.

    `next_at` is the only thing that makes it due: whoever moves it on, by an UPDATE that names the
    time it had, has this turn, and no other worker has. Turns that were missed are one turn.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=60)
    generator = models.CharField(max_length=60)
    params = models.JSONField(default=dict)  # as asked for: what is missing is drawn or the default
    count = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_OUTPUTS)]
    )
    draws_inputs = models.BooleanField(default=False)  # from hung works by people, each time anew
    hour = models.PositiveSmallIntegerField()  # of the day, by the gallery's clock
    every_days = models.PositiveSmallIntegerField(default=1)
    most_works = models.PositiveIntegerField(null=True, blank=True)  # in a month
    most_minutes = models.PositiveIntegerField(null=True, blank=True)  # of painting, in a month
    active = models.BooleanField(default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created = models.DateTimeField(default=now, editable=False)
    next_at = models.DateTimeField()
    last_run_at = models.DateTimeField(null=True, blank=True)
    skipped = models.TextField(blank=True)  # why the last turn made no run; empty if it did

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(name="schedule_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="schedule_comes_at_an_hour", condition=Q(hour__lte=23)),
            models.CheckConstraint(
                name="schedule_comes_every_day_to_every_month",
                condition=Q(every_days__gte=1, every_days__lte=MOST_DAYS),
            ),
            models.CheckConstraint(
                name="schedule_asks_for_one_to_a_hundred_outputs",
                condition=Q(count__gte=1, count__lte=MOST_OUTPUTS),
            ),
            models.CheckConstraint(
                name="schedule_has_room_for_one_turn_a_month",
                condition=Q(most_works__isnull=True) | Q(most_works__gte=F("count")),
            ),
            models.CheckConstraint(
                name="schedule_has_minutes_or_no_cap_of_them",
                condition=Q(most_minutes__isnull=True) | Q(most_minutes__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """The generator's title; its name, if the catalog knows it no more."""
        generator = GENERATORS.get(self.generator)
        return generator.title if generator else self.generator

    def slot_from_now(self) -> datetime:
        """Its hour, today or tomorrow."""
        return slot_after(now(), hour=self.hour, every_days=1, first=localdate())

    def take_turn(self) -> bool:
        """Move on to the next turn that lies ahead; False if this one was another's, or nobody's
        any more. Part of the caller's transaction."""
        ahead = slot_after(
            now(),
            hour=self.hour,
            every_days=self.every_days,
            first=localtime(self.next_at).date(),
        )
        mine = Schedule.objects.filter(pk=self.pk, active=True, next_at=self.next_at)
        return bool(mine.update(next_at=ahead, last_run_at=now(), skipped=""))

    def skip(self, reason: str) -> None:
        """Tell why this turn made no run; a sentence in English, which pages translate."""
        Schedule.objects.filter(pk=self.pk).update(skipped=reason, last_run_at=self.last_run_at)

    def change(self, **told: Any) -> None:
        """Ask for something else from the next turn on. It comes at its next hour if its hour or
        its days have changed, and else when it would have come: a turn that a worker takes at this
        moment stays taken."""
        for name, value in told.items():
            setattr(self, name, value)
        mine = Schedule.objects.filter(pk=self.pk)
        with transaction.atomic():
            mine.exclude(hour=self.hour, every_days=self.every_days).update(
                next_at=self.slot_from_now()
            )
            mine.update(**told, skipped="")

    @property
    def is_known(self) -> bool:
        """Whether the catalog still has its generator, so that it can be changed."""
        return self.generator in GENERATORS

    def pause(self) -> None:
        Schedule.objects.filter(pk=self.pk).update(active=False)

    def resume(self) -> None:
        """From its next hour on: what a pause left out is not made up."""
        Schedule.objects.filter(pk=self.pk, active=False).update(
            active=True, next_at=self.slot_from_now(), skipped=""
        )

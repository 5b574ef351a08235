"""One row of the queue, and what may be done with it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_noop

from gallery.constraints import ListLength, both_or_neither, is_known
from gallery.runs.querysets import MOST_TRIES, LeaseLost, RunQuerySet, lease_end
from gallery.runs.states import OVER, State, Task
from generators.catalog import GENERATORS

if TYPE_CHECKING:
    from gallery.runs.models.checkpoint import Checkpoint

MOST_OUTPUTS = 100
LARGEST_SEED = 2**63 - 1
NOTE_LENGTH = 200
STOPPED = gettext_noop("The worker was stopped; the run waits for the next one.")


class Run(models.Model):
    """One execution of one generator, from the request to its last output, or one training of it.

    Every claim raises `attempt`. What a worker writes, it writes to the row with the attempt that
    it claimed; a worker that lost its run matches no row, however late it wakes up.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    generator = models.CharField(max_length=60)
    task = models.CharField(max_length=10, choices=Task.choices, default=Task.PAINT)
    name = models.CharField(max_length=60, blank=True)  # of what a training leaves, as people say
    version = models.PositiveIntegerField()
    params = models.JSONField(default=dict)
    seed = models.PositiveBigIntegerField(validators=[MaxValueValidator(LARGEST_SEED)])
    count = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_OUTPUTS)]
    )
    # Width divided by height for each output, drawn beforehand from the works by people, so that
    # proportions do not tell the machine's works; empty where the generator's params decide.
    aspects = models.JSONField(default=list, blank=True)
    # A ladder: the param that differs between the outputs, and its value for each of them, drawn
    # beforehand. Empty where all outputs are asked for alike.
    knob = models.CharField(max_length=60, blank=True)
    rungs = models.JSONField(default=list, blank=True)
    # Trained weights that a run left, which this one paints with.
    checkpoint = models.ForeignKey(
        "Checkpoint", models.PROTECT, null=True, blank=True, related_name="runs"
    )
    # What asked for it, where nobody did at that moment.
    schedule = models.ForeignKey(
        "Schedule", models.SET_NULL, null=True, blank=True, related_name="runs"
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created = models.DateTimeField(default=now, editable=False)

    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempt = models.PositiveIntegerField(default=0)  # never goes back: it fences a stale worker
    tries = models.PositiveSmallIntegerField(default=0)  # since the last finished output or retry
    worker = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    started = models.DateTimeField(null=True, blank=True)
    finished = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    # How far the output in hand has come; outputs already finished are rows of their own.
    step = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=NOTE_LENGTH, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-pk"]
        constraints = [
            is_known("state", State),
            is_known("task", Task),
            models.CheckConstraint(
                name="run_has_a_name_iff_it_trains",
                condition=both_or_neither(Q(task=Task.TRAIN), ~Q(name="")),
            ),
            models.CheckConstraint(
                name="run_that_trains_leaves_one_thing_and_varies_nothing",
                condition=~Q(task=Task.TRAIN)
                | Q(count=1, knob="", rungs=[], aspects=[], checkpoint=None),
            ),
            models.CheckConstraint(
                name="run_is_leased_iff_running",
                condition=both_or_neither(Q(state=State.RUNNING), Q(lease_until__isnull=False)),
            ),
            models.CheckConstraint(
                name="run_is_finished_iff_over",
                condition=both_or_neither(Q(state__in=OVER), Q(finished__isnull=False)),
            ),
            models.CheckConstraint(
                name="run_fails_only_with_a_reason", condition=~Q(state=State.FAILED) | ~Q(error="")
            ),
            models.CheckConstraint(
                name="run_is_tried_at_most_three_times", condition=Q(tries__lte=MOST_TRIES)
            ),
            models.CheckConstraint(
                name="run_asks_for_one_to_a_hundred_outputs",
                condition=Q(count__gte=1, count__lte=MOST_OUTPUTS),
            ),
            models.CheckConstraint(
                name="run_step_is_within_steps", condition=Q(step__lte=models.F("steps"))
            ),
            models.CheckConstraint(
                name="run_turns_a_knob_iff_it_has_rungs",
                condition=both_or_neither(~Q(knob=""), ~Q(rungs=[])),
            ),
            models.CheckConstraint(
                name="run_has_a_rung_for_each_output_or_for_none",
                condition=Q(rungs=[]) | Q(Exact(ListLength("rungs"), F("count"))),
            ),
        ]
        indexes = [
            models.Index(
                fields=["created"],
                name="run_claimable",
                condition=Q(state__in=[State.QUEUED, State.RUNNING]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.generator} {self.code}"

    def get_absolute_url(self) -> str:
        return reverse("run", args=[self.code])

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def title(self) -> str:
        """The generator's title; its name, if the catalog knows it no more."""
        generator = GENERATORS.get(self.generator)
        return generator.title if generator else self.generator

    @property
    def trains(self) -> bool:
        return self.task == Task.TRAIN

    @property
    def learnt(self) -> Checkpoint | None:
        """What a training left."""
        return getattr(self, "left", None)

    @property
    def asked_params(self) -> dict[str, Any]:
        """The params less what was drawn for each output."""
        drawn = {"aspect"} if self.aspects else set()
        return {
            name: value for name, value in self.params.items() if name not in drawn | {self.knob}
        }

    @property
    def ladder(self) -> list[float]:
        """The knob's values from low to high; empty where no knob was turned."""
        return sorted(set(self.rungs))

    def params_of(self, index: int) -> dict[str, Any]:
        """What output `index` is made from, with what was drawn for it."""
        params: dict[str, Any] = dict(self.params)
        if self.aspects:
            params["aspect"] = self.aspects[index]
        if self.rungs:
            params[self.knob] = self.rungs[index]
        return params

    @property
    def progress(self) -> float:
        """How many works are made, counting the part of the one in hand."""
        made = int(self.learnt is not None) if self.trains else self.outputs.count()
        return made + self.step / self.steps if self.steps and not self.is_over else made

    @property
    def seconds_each(self) -> float:
        """What one work of a finished run took, by the clock."""
        if self.started is None or self.finished is None:
            return 0.0
        return (self.finished - self.started).total_seconds() / self.count

    @property
    def queue_position(self) -> int:
        """1 for the run that is claimed next; 0 for one that does not wait."""
        if self.state != State.QUEUED:
            return 0
        before = Q(created__lt=self.created) | Q(created=self.created, pk__lt=self.pk)
        return Run.objects.filter(before, state=State.QUEUED).count() + 1

    @property
    def shape(self) -> str:
        """Changes whenever more of the run's page does than its progress."""
        return f"{self.state}-{self.attempt}-{self.outputs.count()}"

    # What the worker that holds the run writes. Each of these raises LeaseLost if it holds no more.
    # Sentences are stored in English, whoever caused them; a page translates them for its reader.

    def check_held(self) -> None:
        """Write nothing; only ask."""
        if not self._held().exists():
            raise LeaseLost

    def beat(self) -> None:
        """Renew the lease."""
        self._update_held(lease_until=lease_end())

    def report(self, step: int, steps: int, note: str) -> None:
        """Store how far the output in hand has come, and renew the lease."""
        self._update_held(step=step, steps=steps, note=note[:NOTE_LENGTH], lease_until=lease_end())

    def count_output(self) -> None:
        """Start over with steps and tries, as a finished output proves that the run can go on."""
        self._update_held(step=0, steps=0, note="", tries=1, lease_until=lease_end())

    def regain_tries(self) -> None:
        """Give the tries back, as a state kept for later proves that the run can go on."""
        self._update_held(tries=1, lease_until=lease_end())

    def finish(self) -> None:
        self._end_held(gettext_noop("Finished."), state=State.DONE, finished=now())

    def fail(self, reason: str) -> None:
        """End the run: trying again would change nothing."""
        self._end_held(reason, state=State.FAILED, finished=now(), error=reason)

    def release(self, outcome: str = STOPPED) -> None:
        """Back to the queue, for a reason that the run has no part in; this was no try."""
        self._end_held(outcome, state=State.QUEUED, tries=F("tries") - 1)

    def stumble(self, reason: str) -> None:
        """Back to the queue after an accident; the run fails with `reason` at the last try.

        The row tells which try this is: an output kept since the claim has given the tries back.
        """
        if self._held().filter(tries__gte=MOST_TRIES).exists():
            self.fail(reason)
        else:
            self._end_held(reason, state=State.QUEUED)

    # What a person may ask for at any time.

    def cancel(self) -> bool:
        """End a run that waits or is being painted; False if it was over before.

        Its worker notices at its next look at the row, within a second.
        """
        with transaction.atomic():
            cancelled = (
                Run.objects.pending()
                .filter(pk=self.pk)
                .update(state=State.CANCELLED, lease_until=None, finished=now())
            )
            if cancelled:
                self.end_attempts(gettext_noop("Cancelled."))
        self.refresh_from_db()
        return bool(cancelled)

    def retry(self) -> bool:
        """Queue a failed or cancelled run again, with its tries; its outputs stay. False if it
        was neither."""
        again = Run.objects.filter(pk=self.pk, state__in=[State.FAILED, State.CANCELLED]).update(
            state=State.QUEUED, tries=0, finished=None, error="", step=0, steps=0, note=""
        )
        self.refresh_from_db()
        return bool(again)

    def end_attempts(self, outcome: str) -> int:
        """Close the log entries that are still open; part of the caller's transaction."""
        return self.attempts.filter(ended=None).update(ended=now(), outcome=outcome)

    def _held(self) -> RunQuerySet:
        return Run.objects.filter(
            pk=self.pk, state=State.RUNNING, worker=self.worker, attempt=self.attempt
        )

    def _update_held(self, **values: object) -> None:
        if not self._held().update(**values):
            raise LeaseLost

    def _end_held(self, outcome: str, **values: object) -> None:
        """Give the run up. Its log entry is closed in the same transaction."""
        with transaction.atomic():
            self._update_held(lease_until=None, **values)
            self.end_attempts(outcome)
        self.refresh_from_db()

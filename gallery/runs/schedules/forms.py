"""The form that adds or changes a schedule: what is asked for, when, and how often it comes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gallery.runs.forms import RunForm
from gallery.runs.models import Schedule
from gallery.runs.models.schedule import MOST_DAYS
from gallery.runs.refusals import RunRefused
from gallery.runs.schedules.services import check_schedule
from gallery.runs.services import Request, check_request
from gallery.runs.weights import check_weights
from generators.catalog import GENERATORS, Generator

TURN = ["name", "hour", "every_days", "draws_inputs", "most_works", "most_minutes"]


class ScheduleForm(RunForm):
    """A run's form without what each turn draws, and with the turns."""

    name = forms.CharField(
        label=_("Name"), help_text=_("As it is listed: “A dream a night”."), max_length=60
    )
    hour = forms.IntegerField(
        label=_("Hour of the day"),
        help_text=_("From 0 to 23, by the gallery’s clock."),
        min_value=0,
        max_value=23,
        initial=3,
    )
    every_days = forms.IntegerField(
        label=_("Every so many days"),
        help_text=_("1 is every day."),
        min_value=1,
        max_value=MOST_DAYS,
        initial=1,
    )
    draws_inputs = forms.BooleanField(
        label=_("Draw the works that it starts from"),
        help_text=_("Each time anew, among the works by people that hang here."),
        required=False,
    )
    most_works = forms.IntegerField(
        label=_("Most works in a month"),
        help_text=_("Leave empty for no limit."),
        min_value=1,
        max_value=100_000,
        required=False,
    )
    most_minutes = forms.IntegerField(
        label=_("Most minutes of painting in a month"),
        help_text=_("Leave empty for no limit."),
        min_value=1,
        max_value=31 * 24 * 60,
        required=False,
    )

    def __init__(
        self,
        generator: Generator,
        data: Mapping[str, Any] | None = None,
        schedule: Schedule | None = None,
    ) -> None:
        super().__init__(generator, data, initial=_asked(schedule) if schedule else None)
        self.schedule = schedule
        for name in ("seed", "ladder", "content", "styles"):
            self.fields.pop(name, None)
        if generator.content == "none" and not generator.most_styles:
            del self.fields["draws_inputs"]
        elif generator.content == "required":
            self.fields["draws_inputs"].initial = True

    @property
    def turn_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in TURN if name in self.fields]

    @property
    def run_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in (*self.param_names, "count")]

    def save_schedule(self, user: Any) -> Schedule | None:
        """Add the schedule, or change the one that it was opened with; None, with errors at the
        fields, if no turn of it could start."""
        if not self.is_valid():
            return None
        asked = self.cleaned_data
        if asked["most_works"] is not None and asked["most_works"] < asked["count"]:
            self.add_error("most_works", _("This has no room for the works of one turn."))
            return None
        try:
            self._check()
        except RunRefused as refused:
            self._show(refused)
            return None
        told = {name: asked[name] for name in TURN if name in asked}
        told |= {"params": self._params(), "count": asked["count"]}
        if self.schedule:
            self.schedule.change(**told)
            return self.schedule
        schedule = Schedule(generator=self.generator.name, created_by=user, **told)
        schedule.next_at = schedule.slot_from_now()
        schedule.save()
        return schedule

    def _check(self) -> Request:
        asked = self.cleaned_data
        request = check_request(self.generator.name, self._params(), asked["count"])
        check_weights(self.generator, request.params)
        drawn = asked.get("draws_inputs", False)
        check_schedule(self.generator, request.params, draws_inputs=drawn)
        return request


def _asked(schedule: Schedule) -> dict[str, Any]:
    """What a schedule asks for, as the form shows it: what it leaves open stays open."""
    turn = {name: getattr(schedule, name) for name in TURN}
    asked: dict[str, Any] = dict.fromkeys(GENERATORS[schedule.generator].params.model_fields)
    return {**asked, **schedule.params, "count": schedule.count, **turn}

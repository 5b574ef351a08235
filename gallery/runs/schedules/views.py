"""Where admins see what comes by itself, and add, change, pause and delete it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gallery.http import HtmxRequest
from gallery.roles import admin_required
from gallery.runs.models import Schedule, Use
from gallery.runs.schedules.forms import ScheduleForm
from gallery.runs.schedules.services import is_used_up
from generators.catalog import GENERATORS, Generator


@dataclass(frozen=True, slots=True)
class Listed:
    """A schedule and what is left of its budget."""

    schedule: Schedule
    use: Use

    @property
    def used_up(self) -> bool:
        return is_used_up(self.schedule, self.use)


@admin_required
@require_safe
def schedules(request: HtmxRequest) -> HttpResponse:
    use = Schedule.objects.all().use()
    listed = [Listed(one, use.get(one.pk, Use())) for one in Schedule.objects.all()]
    context = {"listed": listed, "generators": GENERATORS.values()}
    return render(request, "runs/schedules.html", context)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_schedule(request: HtmxRequest, name: str) -> HttpResponse:
    generator = GENERATORS.get(name)
    if generator is None:
        raise Http404
    return _asked_for(request, generator)


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HtmxRequest, code: UUID) -> HttpResponse:
    """The same form, as it was filled in."""
    schedule = get_object_or_404(Schedule, code=code, generator__in=GENERATORS)
    return _asked_for(request, GENERATORS[schedule.generator], schedule)


def _asked_for(
    request: HtmxRequest, generator: Generator, schedule: Schedule | None = None
) -> HttpResponse:
    """The form, or to the list when it is saved."""
    form = ScheduleForm(generator, request.POST if request.method == "POST" else None, schedule)
    if form.is_bound and form.save_schedule(request.user):
        return redirect("schedules")
    context = {"generator": generator, "form": form, "schedule": schedule}
    status = 422 if form.is_bound else 200
    return render(request, "runs/new_schedule.html", context, status=status)


@admin_required
@require_POST
def pause(request: HtmxRequest, code: UUID) -> HttpResponse:
    get_object_or_404(Schedule, code=code).pause()
    return redirect("schedules")


@admin_required
@require_POST
def resume(request: HtmxRequest, code: UUID) -> HttpResponse:
    get_object_or_404(Schedule, code=code).resume()
    return redirect("schedules")


@admin_required
@require_POST
def delete(request: HtmxRequest, code: UUID) -> HttpResponse:
    """Its runs stay, as runs that somebody asked for."""
    get_object_or_404(Schedule, code=code).delete()
    return redirect("schedules")

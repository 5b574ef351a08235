"""The admin's view of a study under way, and of what one could tell."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gallery.http import HtmxRequest
from gallery.roles import admin_required
from gallery.studies.board import board_of
from gallery.studies.models import Study
from gallery.studies.planning import RATINGS, WORKS, Power, power, works_for_equality


@admin_required
@require_safe
@never_cache
def board(request: HtmxRequest, slug: str) -> HttpResponse:
    """Who is where, how many ratings each work has; the part that changes, to htmx."""
    study = get_object_or_404(Study.objects.opened(), slug=slug)
    template = "studies/board.html" + ("#board" if request.htmx else "")
    return render(request, template, {"study": study, "board": board_of(study)})


@admin_required
@require_safe
def power_table(request: HttpRequest) -> HttpResponse:
    """What a study of this size could tell; the table alone where the figures make no sense yet."""
    return render(request, "studies/power.html", power_told(request))


def power_told(request: HttpRequest) -> dict[str, object]:
    """The table, with a row per number of works, and the study that the form describes."""
    per_rater = 16
    table = [
        (works, [Power(works, n // per_rater, n) for n in RATINGS], Power(works, 1, 1).floor)
        for works in WORKS
    ]
    try:
        asked = power(
            int(request.GET.get("per_arm", "")),
            int(request.GET.get("wanted", "")),
            int(request.GET.get("trials_per_rater", "")),
        )
    except ValueError:
        asked = None
    return {
        "table": table,
        "columns": RATINGS,
        "asked": asked,
        "equality": works_for_equality(),
    }

"""The studio: admins commission runs here and choose from what they make."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from gallery.http import HtmxRequest
from gallery.roles import admin_required
from gallery.runs.artists import artists
from gallery.runs.forms import RunForm
from gallery.runs.health import health
from gallery.runs.models import Checkpoint, Output, Preview, Run
from gallery.runs.refusals import RunRefused
from gallery.runs.services import Request, cancel_run, repeat_run, retry_run
from gallery.runs.timing import estimate_of
from gallery.runs.training.collection import lessons_of
from gallery.runs.training.services import repeat_training
from gallery.runs.wording import (
    duration_in_words,
    facts_in_words,
    params_in_words,
    queue_in_words,
    timing_in_words,
)
from generators.catalog import GENERATORS, Generator
from generators.training.trainers import TRAINERS

RUNS_PER_PAGE = 25


@admin_required
@require_safe
def studio(request: HtmxRequest) -> HttpResponse:
    queue = {"queue": Run.objects.pending().with_positions().with_previews(), "health": health()}
    if request.htmx:
        return render(request, "runs/studio.html#queue", queue)
    past = Paginator(Run.objects.over().with_previews(), RUNS_PER_PAGE)
    page = past.get_page(request.GET.get("page"))
    return render(
        request,
        "runs/studio.html",
        {
            **queue,
            "artists": artists(),
            "trainers": [GENERATORS[name] for name in TRAINERS],
            "checkpoints": Checkpoint.objects.select_related("run"),
            "past": page,
        },
    )


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HtmxRequest, name: str) -> HttpResponse:
    """The form. Posted with `estimate` it only tells the cost, with `look` it offers other works;
    htmx does either as someone types."""
    generator = GENERATORS.get(name)
    if generator is None:
        raise Http404
    form = _form(request, generator)
    ordering = form.is_bound and "estimate" not in request.POST
    if ordering and (queued := form.save(request.user)):
        return redirect(queued)
    asked = form.request() if form.is_bound else form.opening()
    context: dict[str, Any] = {"generator": generator, "artist": artists(only=name)[0]}
    context |= {"form": form, "asked": asked, **_expected(asked)}
    fragment = "offers" if "look" in request.POST else "estimate"
    template = f"runs/new.html#{fragment}" if request.htmx else "runs/new.html"
    return render(request, template, context, status=422 if ordering else 200)


def _expected(asked: Request | None) -> dict[str, str]:
    """What a request costs, and how long it may take here, in words."""
    if asked is None:
        return {}
    estimate = estimate_of(asked)
    return {
        "cost": duration_in_words(asked.cost),
        "each": timing_in_words(estimate.each),
        "before": queue_in_words(estimate),
    }


def _form(request: HtmxRequest, generator: Generator) -> RunForm:
    """With what was sent; or, to look for works, with that but unjudged; or as a run asked; or with
    a checkpoint chosen; or with what the address names, as presets do."""
    if "look" in request.POST:
        return RunForm.reopened(generator, request.POST)
    if "from" in request.GET and request.method != "POST":
        with suppress(ValueError):
            code = UUID(request.GET["from"])
            return RunForm.like(generator, get_object_or_404(Run, code=code))
        raise Http404
    if "checkpoint" in request.GET and request.method != "POST":
        source = Checkpoint.objects.by_source(generator.name, request.GET["checkpoint"])
        if source is None:
            raise Http404
        return RunForm(generator, initial={generator.weights: source.source})
    if request.method != "POST":
        return RunForm.filled(generator, request.GET)
    return RunForm(generator, request.POST or None)


@admin_required
@require_safe
def run(request: HtmxRequest, code: UUID) -> HttpResponse:
    """One run: its live part for polls, the rest of it for the bell in the live part, or all."""
    shown = get_object_or_404(Run.objects.for_page(), code=code)
    template = "runs/run.html"
    if request.htmx:
        template += "#rest" if request.htmx.target == "run-rest" else "#live"
    context = {
        "run": shown,
        "known": shown.generator in (TRAINERS if shown.trains else GENERATORS),
        "seen": request.GET.get("seen", ""),
        "params": params_in_words(shown),
        "inputs": shown.inputs.shown(),
        "lessons": lessons_of(shown),
        "learnt_facts": facts_in_words(shown.learnt) if shown.learnt else [],
        "attempts": shown.attempts.all(),
        "outputs": shown.outputs.with_artworks(),
        "decided": shown.outputs.count_by_state(),
    }
    return render(request, template, context)


@admin_required
@require_GET
@never_cache
def preview(request: HtmxRequest, code: UUID) -> HttpResponse:
    """The newest frame as a picture."""
    shown = get_object_or_404(Preview.objects.exclude(image=b""), run__code=code)
    response = HttpResponse(bytes(shown.image), content_type="image/webp")
    response["X-Content-Type-Options"] = "nosniff"
    return response


@admin_required
@require_POST
def cancel(request: HtmxRequest, code: UUID) -> HttpResponse:
    shown = get_object_or_404(Run, code=code)
    cancel_run(shown)
    return redirect(shown)


@admin_required
@require_POST
def retry(request: HtmxRequest, code: UUID) -> HttpResponse:
    shown = get_object_or_404(Run, code=code)
    retry_run(shown)
    return redirect(shown)


@admin_required
@require_POST
def repeat(request: HtmxRequest, code: UUID) -> HttpResponse:
    """The same again with a fresh seed; a refusal is told on the page of the run it is about."""
    shown = get_object_or_404(Run, code=code)
    again = repeat_training if shown.trains else repeat_run
    try:
        return redirect(again(shown, cast(User, request.user)))
    except RunRefused as refused:
        messages.error(request, _("It cannot be made again. %(why)s") % {"why": refused})
        return redirect(shown)


@admin_required
@require_safe
def sheet(request: HtmxRequest, code: UUID) -> HttpResponse:
    """The contact sheet alone, large, to be printed or looked at from a distance."""
    shown = get_object_or_404(Run, code=code)
    context = {
        "run": shown,
        "inputs": shown.inputs.shown(),
        "outputs": shown.outputs.with_artworks(),
    }
    return render(request, "runs/sheet.html", context)


@admin_required
@require_POST
def hang(request: HtmxRequest, code: UUID, index: int) -> HttpResponse:
    output = get_object_or_404(Output.objects.with_artworks(), run__code=code, index=index)
    output.artwork.hang(by=cast(User, request.user))
    return redirect(output.run)


@admin_required
@require_POST
def discard(request: HtmxRequest, code: UUID, index: int) -> HttpResponse:
    output = get_object_or_404(Output.objects.with_artworks(), run__code=code, index=index)
    output.artwork.discard(by=cast(User, request.user))
    return redirect(output.run)

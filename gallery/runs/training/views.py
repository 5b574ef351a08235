"""Where admins have a generator trained, and take away what it learnt."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from gallery.http import HtmxRequest
from gallery.roles import admin_required
from gallery.runs.models import Checkpoint
from gallery.runs.training.forms import TrainingForm
from gallery.runs.wording import duration_in_words
from generators.catalog import GENERATORS
from generators.training.trainers import TRAINERS, Trainer


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def train(request: HtmxRequest, name: str) -> HttpResponse:
    """The form. Posted with `look` it only tells what would be learnt from and at what cost; with
    `preset` it fills in params. htmx looks as someone types."""
    trainer = TRAINERS.get(name)
    if trainer is None:
        raise Http404
    form = _form(request, trainer)
    ordering = form.is_bound and "look" not in request.POST
    if ordering and (queued := form.save(request.user)):
        return redirect(queued)
    asked = form.asked() if form.is_bound else form.opening()
    context = {
        "trainer": trainer,
        "generator": GENERATORS[name],
        "form": form,
        "collection": form.collection,
        "cost": duration_in_words(trainer.cost(asked)) if asked else "",
    }
    template = "runs/train.html#look" if request.htmx else "runs/train.html"
    return render(request, template, context, status=422 if ordering else 200)


def _form(request: HtmxRequest, trainer: Trainer) -> TrainingForm:
    if "preset" in request.POST:
        return TrainingForm.preset(trainer, request.POST.dict(), request.POST["preset"])
    if "look" in request.POST and not request.htmx:
        return TrainingForm.preset(trainer, request.POST.dict(), "")
    return TrainingForm(trainer, request.POST or None)


@admin_required
@require_safe
def checkpoint(request: HtmxRequest, code: UUID) -> HttpResponseBase:
    """The file, as `python -m generators paint` takes it."""
    kept = get_object_or_404(Checkpoint, code=code)
    try:
        file = kept.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(
        file,
        as_attachment=True,
        filename=kept.file_name,
        content_type="application/octet-stream",
        headers={"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"},
    )

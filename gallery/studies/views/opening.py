"""The admin's part: open a study, close a study. No result by source is shown here."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gallery.roles import admin_required
from gallery.studies.forms import StudyForm
from gallery.studies.models import Study
from gallery.studies.services import (
    available,
    available_per_arm,
    open_study,
    sample,
)
from gallery.works.models import Medium


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a study's words and rules, and open it."""
    sent = request.POST if request.method == "POST" else None
    form = StudyForm(sent, initial={"medium": Medium.IMAGE})
    if form.is_valid():
        try:
            return redirect(open_from(form))
        except ValueError as refused:
            form.add_error(None, str(refused))
    waiting = [(medium.label, *available_per_arm(medium)) for medium in Medium]
    context = {"form": form, "waiting": waiting}
    return render(request, "studies/new.html", context, status=422 if form.is_bound else 200)


def open_from(form: StudyForm) -> Study:
    """Open what the form describes; a second click finds the study of the first.

    ValueError with a sentence where it cannot be.
    """
    try:
        return opened(form)
    except ValueError:
        if first := Study.objects.filter(code=form.cleaned_data["code"]).first():
            return first
        raise


def opened(form: StudyForm) -> Study:
    seed = secrets.randbits(63)
    words = form.cleaned_data
    works = available(words["medium"])
    if words["per_arm"]:
        works = sample(works, per_arm=words["per_arm"], seed=seed)
    return open_study(
        title=words["title"],
        slug=form.slug(),
        purpose=words["purpose"],
        medium=words["medium"],
        artwork_ids=works,
        trials_per_rater=words["trials_per_rater"],
        seed=seed,
        code=words["code"],
    )


@admin_required
@require_POST
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """End a study, once."""
    study = get_object_or_404(Study, slug=slug)
    if study.close():
        messages.success(request, _("“%(title)s” is closed.") % {"title": study})
    return redirect("studies")

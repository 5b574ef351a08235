"""The admin's part: draft a study, open it, close it, begin its next version. No result by source
is shown here."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gallery.roles import admin_required
from gallery.studies.blueprints import BLUEPRINTS, DEFAULT, Blueprint
from gallery.studies.models import State, Study
from gallery.studies.services import (
    StudyRefused,
    available,
    available_per_arm,
    draft_study,
    open_draft,
    sample,
)
from gallery.studies.study_form import StudyForm
from gallery.studies.views.watching import power_told
from gallery.works.blinding import WORKING
from gallery.works.models import Medium
from gallery.works.strata import strata_of


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a study's words and rules, on top of a blueprint, and draft it."""
    blueprint = BLUEPRINTS.get(request.GET.get("blueprint", ""), DEFAULT)
    form = StudyForm(blueprint, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return redirect("study-protocol", draft_from(form).slug)
        except ValueError as refused:
            form.add_error(None, str(refused))
    return render(
        request, "studies/new.html", beside(form, blueprint), status=422 if form.is_bound else 200
    )


@admin_required
@require_http_methods(["GET", "HEAD", "POST"])
def next_version(request: HttpRequest, slug: str) -> HttpResponse:
    """The form of a study that opened, to be changed into its next version."""
    study = get_object_or_404(Study.objects.opened().filter(next=None), slug=slug)
    before = Blueprint("", study.title, "", study.rules, study.trials_per_rater)
    initial = {name: getattr(study, name) for name in ("title", "purpose", "medium", "simulated")}
    sent = request.POST if request.method == "POST" else None
    form = StudyForm(before, sent, initial=initial)
    if form.is_valid():
        try:
            return redirect("study-protocol", draft_from(form, previous=study).slug)
        except ValueError as refused:
            form.add_error(None, str(refused))
    context = beside(form, before) | {"previous": study, "blueprints": []}
    return render(request, "studies/new.html", context, status=422 if form.is_bound else 200)


def beside(form: StudyForm, blueprint: Blueprint) -> dict[str, object]:
    """The form with what helps to fill it in."""
    return {
        "form": form,
        "blueprint": blueprint,
        "blueprints": BLUEPRINTS.values(),
        **power_told(HttpRequest()),
        "waiting": [(medium.label, *available_per_arm(medium)) for medium in Medium],
        "least": WORKING,
    }


def draft_from(form: StudyForm, previous: Study | None = None) -> Study:
    """Draft what the form describes; a second click finds the study of the first.

    ValueError with a sentence where it cannot be.
    """
    try:
        return drafted(form, previous)
    except ValueError:
        if first := Study.objects.filter(code=form.cleaned_data["code"]).first():
            return first
        raise


def drafted(form: StudyForm, previous: Study | None) -> Study:
    seed = secrets.randbits(63)
    words = form.cleaned_data
    by = words["rules"].allocation.arms
    works = available(
        words["medium"], before=previous, simulated=words["simulated"], within=words["within"]
    )
    if words["per_arm"]:
        works = sample(works, per_arm=words["per_arm"], seed=seed, by=by)
    return draft_study(
        title=words["title"],
        slug=form.slug(),
        purpose=words["purpose"],
        medium=words["medium"],
        artwork_ids=works,
        trials_per_rater=words["trials_per_rater"],
        seed=seed,
        rules=words["rules"],
        strata=strata_of(works),
        code=words["code"],
        simulated=words["simulated"],
        previous=previous,
    )


@admin_required
@require_POST
def open_(request: HttpRequest, slug: str) -> HttpResponse:
    """Freeze a draft and let visitors in, once."""
    study = get_object_or_404(Study, slug=slug)
    try:
        open_draft(study)
    except StudyRefused as refused:
        messages.error(request, str(refused))
        return redirect("study-protocol", slug)
    return redirect(study)


@admin_required
@require_POST
def drop(request: HttpRequest, slug: str) -> HttpResponse:
    """Throw a draft away; what opened once is kept for good."""
    Study.objects.filter(slug=slug, state=State.DRAFT).delete()
    return redirect("studies")


@admin_required
@require_POST
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """End a study, once."""
    study = get_object_or_404(Study, slug=slug)
    if study.close():
        messages.success(request, _("“%(title)s” is closed.") % {"title": study})
    return redirect("studies")

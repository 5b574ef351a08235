"""The sitting: one page for whatever comes next, and what is sent from it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from gallery.studies.forms import AnswerForm, FactsForm, GuessForm, SkipForm
from gallery.studies.identity import VisitorRequest, rater_of
from gallery.studies.limits import ANSWERS, limited
from gallery.studies.models import Rater, Recognised, SkipReason, Study, StudyWork, Trial
from gallery.studies.preview import preview_of
from gallery.studies.sittings import Step, next_step
from gallery.studies.trial_page import Page, page_of
from gallery.studies.views.entrance import refusal

Answers = AnswerForm | SkipForm | GuessForm


@require_safe
@never_cache
def sitting(request: VisitorRequest, slug: str) -> HttpResponse:
    """The current work. Loading it again shows the same one."""
    study = get_object_or_404(Study, slug=slug)
    rater = rater_of(request, study)
    if rater is None:
        return redirect(study)
    return go_on(request, rater)


def go_on(request: VisitorRequest, rater: Rater) -> HttpResponse:
    """Whatever comes next for this rater: a page to a browser, the work alone to htmx."""
    step = None if rater.revealed_at else next_step(rater)
    if step is None:
        return hurry(request, "reveal", rater.study)
    over = why_over(rater)
    if over and step.kind != "facts":  # they come after the last answer, and lead to the labels
        return refusal(request, over, rater.study)
    return show(request, step, rater)


def why_over(rater: Rater) -> str:
    """Why this sitting takes no more answers; empty while it does."""
    if not rater.study.is_open:
        return _("This study is closed. It takes no more answers; yours so far are kept.")
    if rater.is_too_old:
        return _("This sitting began more than 30 days ago and is over. Your answers are kept.")
    return ""


def show(
    request: VisitorRequest, step: Step, rater: Rater, form: Answers | None = None
) -> HttpResponse:
    """One step of the sitting; with a refused form, the choices made are kept.

    The words are the instrument, so a sitting ends in the language in which it began.
    """
    template = "studies/sitting.html" + ("#trial" if request.htmx else "")
    with translation.override(rater.language):
        context = {"step": step, "rater": rater, "study": rater.study, "form": form}
        response = render(
            request, template, context | shown_with(step, rater, form), status=422 if form else 200
        )
    response["Content-Language"] = rater.language
    return response


def shown_with(step: Step, rater: Rater, form: Answers | None) -> dict[str, Any]:
    """What one kind of step needs beside the rest."""
    if step.kind == "preview":
        return {"preview": preview_of(rater)}
    if step.kind == "facts":
        return {"facts": FactsForm()}
    if step.trial is None:
        return {}
    page: Page = page_of(step, rater, form)
    return {"page": page, "recognised": Recognised.choices, "reasons": SkipReason.choices}


def hurry(request: VisitorRequest, name: str, study: Study) -> HttpResponse:
    """A redirect that leaves the page, also when htmx asked for a fragment."""
    response = redirect(name, study.slug)
    return HttpResponseClientRedirect(response.url) if request.htmx else response


def trial_of(request: VisitorRequest, code: UUID) -> Trial:
    """This visitor's own; anyone else's is not there. Raises Http404."""
    trial: Trial = get_object_or_404(Trial.objects.of(request.raters()), code=code)
    return trial


@require_POST
@limited("answers", ANSWERS)
def answer(request: VisitorRequest, code: UUID) -> HttpResponse:
    trial = trial_of(request, code)
    return take(request, trial, AnswerForm(trial, request.POST))


@require_POST
@limited("answers", ANSWERS)
def skip(request: VisitorRequest, code: UUID) -> HttpResponse:
    return take(request, trial_of(request, code), SkipForm(request.POST))


@require_POST
@limited("answers", ANSWERS)
def guess(request: VisitorRequest, code: UUID) -> HttpResponse:
    return take(request, trial_of(request, code), GuessForm(request.POST))


def take(request: VisitorRequest, trial: Trial, form: Answers) -> HttpResponse:
    """The next page after this answer; 404 where the sitting is erased, also meanwhile."""
    try:
        return keep(request, trial, form)
    except Rater.DoesNotExist:
        raise Http404 from None


def keep(request: VisitorRequest, trial: Trial, form: Answers) -> HttpResponse:
    """Keep the first answer of its kind. Any later one changes nothing and leads on, so that a
    retry after a lost connection is always safe. Raises Rater.DoesNotExist."""
    rater = trial.rater
    if over := why_over(rater):
        return refusal(request, over, rater.study)
    if not form.is_valid():
        step = next_step(rater)
        if step and step.trial == trial:
            return show(request, step, rater, form)
    elif isinstance(form, AnswerForm):
        known = StudyWork.objects.known_to(request.readers(), trial)
        trial.record(**form.cleaned_data, informed=known)
    elif isinstance(form, SkipForm):
        trial.skip(form.cleaned_data["reason"])
    else:
        trial.guess_maker(form.cleaned_data["guess"])
    return after(request, rater)


def after(request: VisitorRequest, rater: Rater) -> HttpResponse:
    """On to the next step, now that something was kept."""
    if not request.htmx:
        return redirect("sitting", rater.study.slug)
    return go_on(request, get_object_or_404(Rater.objects.select_related("study"), pk=rater.pk))


def own_rater(request: VisitorRequest, slug: str) -> Rater:
    """Who this visitor is in this study. Raises Http404."""
    rater = rater_of(request, get_object_or_404(Study, slug=slug))
    if rater is None:
        raise Http404
    return rater


@require_POST
def pass_card(request: VisitorRequest, slug: str, card: str) -> HttpResponse:
    """The preview or the rest is over."""
    rater = own_rater(request, slug)
    rater.mark({"preview": "previewed_at", "rest": "rested_at"}[card])
    return after(request, rater)


@require_POST
def facts(request: VisitorRequest, slug: str) -> HttpResponse:
    """What the rater chose to say, or nothing; then the labels."""
    rater = own_rater(request, slug)
    form = FactsForm(request.POST)
    told = form.told() if form.is_valid() else {}
    with suppress(Rater.DoesNotExist):  # erased meanwhile: the next page says so
        rater.tell(told)
    return after(request, rater)


@require_POST
def leave(request: VisitorRequest, slug: str) -> HttpResponse:
    """End the sitting here; the labels of what was rated follow."""
    rater = own_rater(request, slug)
    if over := why_over(rater):
        return refusal(request, over, rater.study)
    with suppress(Rater.DoesNotExist):
        rater.leave()
    return after(request, rater)

"""One sitting: a work at a time to rate, then a work at a time to guess at, then the reveal."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from gallery.studies.forms import AnswerForm, GuessForm, SkipForm
from gallery.studies.identity import VisitorRequest, rater_of
from gallery.studies.models import Rater, Recognised, SkipReason, Study, Trial
from gallery.studies.questions import GUESSES, WHO, Question, in_order
from gallery.studies.reveal import reveal
from gallery.studies.sittings import Step, next_step
from gallery.studies.views.entrance import refusal
from gallery.works.stimulus import stimulus

# The same for every work, and nothing that a file's date or contents could leak through.
PICTURE_HEADERS = {
    "Content-Type": "image/webp",
    "Content-Disposition": 'inline; filename="work.webp"',
    "Cache-Control": "private, max-age=600",
}


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
    if over := why_over(rater):
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
    request: VisitorRequest,
    step: Step,
    rater: Rater,
    form: AnswerForm | SkipForm | GuessForm | None = None,
) -> HttpResponse:
    """One work in its frame with its questions; with a refused form, the choices made are kept.

    The words are the instrument, so a sitting ends in the language in which it began.
    """
    context = {
        "step": step,
        "rater": rater,
        "study": rater.study,
        "text": stimulus(step.trial.study_work.artwork_id).text,
        "form": form,
        "scales": scales(rater, form),
        "seen": form and form.data.get("recognised"),
        "recognised": Recognised.choices,
        "reasons": SkipReason.choices,
        "who": WHO,
        "guesses": GUESSES,
    }
    template = "studies/sitting.html" + ("#trial" if request.htmx else "")
    with translation.override(rater.language):
        response = render(request, template, context, status=422 if form else 200)
    response["Content-Language"] = rater.language
    return response


def scales(rater: Rater, form: forms.Form | None) -> list[tuple[Question, object, object]]:
    """Each question with the point chosen and what is wrong, where a form was refused."""
    questions = in_order(rater.first_item)
    if form is None:
        return [(question, None, None) for question in questions]
    return [(q, form.data.get(q.item), form.errors.get(q.item)) for q in questions]


def hurry(request: VisitorRequest, name: str, study: Study) -> HttpResponse:
    """A redirect that leaves the page, also when htmx asked for a fragment."""
    response = redirect(name, study.slug)
    return HttpResponseClientRedirect(response.url) if request.htmx else response


@require_safe
def trial_picture(request: VisitorRequest, code: UUID) -> HttpResponse:
    """The blind rendition, to its own rater only."""
    trial = get_object_or_404(Trial.objects.of(request.raters()), code=code)
    try:
        with stimulus(trial.study_work.artwork_id).picture() as picture:
            return HttpResponse(picture.read(), headers=PICTURE_HEADERS)
    except FileNotFoundError:
        raise Http404 from None


@require_POST
def answer(request: VisitorRequest, code: UUID) -> HttpResponse:
    return take(request, code, AnswerForm(request.POST))


@require_POST
def skip(request: VisitorRequest, code: UUID) -> HttpResponse:
    return take(request, code, SkipForm(request.POST))


@require_POST
def guess(request: VisitorRequest, code: UUID) -> HttpResponse:
    return take(request, code, GuessForm(request.POST))


def take(
    request: VisitorRequest, code: UUID, form: AnswerForm | SkipForm | GuessForm
) -> HttpResponse:
    """The next page after this answer; 404 where the sitting is erased, also meanwhile."""
    trial = get_object_or_404(Trial.objects.of(request.raters()), code=code)
    try:
        return keep(request, trial, form)
    except Rater.DoesNotExist:
        raise Http404 from None


def keep(
    request: VisitorRequest, trial: Trial, form: AnswerForm | SkipForm | GuessForm
) -> HttpResponse:
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
        trial.record(**form.cleaned_data)
    elif isinstance(form, SkipForm):
        trial.skip(form.cleaned_data["reason"])
    else:
        trial.guess_maker(form.cleaned_data["guess"])
    if not request.htmx:
        return redirect("sitting", rater.study.slug)
    rater.refresh_from_db(fields=["revealed_at"])
    return go_on(request, rater)


@require_safe
@never_cache
def reveal_page(request: VisitorRequest, slug: str) -> HttpResponse:
    """The labels, for a rater who has answered everything; anyone else is sent back."""
    study = get_object_or_404(Study, slug=slug)
    rater = rater_of(request, study)
    if rater is None or not rater.revealed_at:
        return redirect("sitting", slug)
    context = {"study": study, "rater": rater, "reveal": reveal(rater, request.raters())}
    return render(request, "studies/reveal.html", context)

"""One's own answers, by the code: take them up again, carry them away, erase them."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from gallery.studies.forms import CodeForm
from gallery.studies.identity import (
    VisitorRequest,
    forget,
    rater_of,
    raters_of,
    remember,
    remember_seen,
)
from gallery.studies.models import Rater
from gallery.studies.services import erase as erase_sitting
from gallery.studies.sittings import everything_held


def ask_for_code(request: VisitorRequest, form: CodeForm) -> HttpResponse:
    context = {"form": form, "raters": raters_of(request)}
    return render(request, "studies/answers.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def answers(request: VisitorRequest) -> HttpResponse:
    """Ask for a code; with one, let this browser be that rater again. Another sitting of the same
    study is let go only once its code is written down."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return ask_for_code(request, form)
    rater: Rater = form.cleaned_data["code"]
    other = rater_of(request, rater.study)
    if other and other != rater and not form.cleaned_data["replace"]:
        form.add_error("replace", let_go(other))
        return ask_for_code(request, form)
    response = redirect("sitting", rater.study.slug)
    remember(response, rater)
    return response


def let_go(other: Rater) -> str:
    """What to do before this browser forgets a sitting for another one."""
    return _(
        "This browser has another sitting of the same study; its code is %(code)s. "
        "Write that code down and tick the box, or you cannot come back to it."
    ) % {"code": other.spelled_code}


@require_POST
@never_cache
def export(request: VisitorRequest) -> HttpResponse:
    """Everything held about this rater, as a file."""
    form = CodeForm(request.POST)
    if not form.is_valid():
        return ask_for_code(request, form)
    held = everything_held(form.cleaned_data["code"])
    response = JsonResponse(held, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = 'attachment; filename="my-answers.json"'
    return response


@require_POST
@never_cache
def erase(request: VisitorRequest) -> HttpResponse:
    """Say what will be erased; once confirmed, erase it for good."""
    form = CodeForm(request.POST)
    if not form.is_valid():
        return ask_for_code(request, form)
    rater: Rater = form.cleaned_data["code"]
    rated = rater.trials.rated().count()
    confirmed = "confirmed" in request.POST
    context = {"rater": rater, "study": rater.study, "rated": rated, "erased": confirmed}
    response = render(request, "studies/erase.html", context)
    if confirmed:
        if rater_of(request, rater.study) == rater:
            forget(response, rater)
        if rater.revealed_at:
            remember_seen(response, rater.study)
        erase_sitting(rater)
    return response

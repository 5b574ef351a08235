"""The reveal: the labels of what one rater rated, for that rater alone."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gallery.studies.identity import VisitorRequest, rater_of
from gallery.studies.models import Study
from gallery.studies.reveal import reveal
from gallery.studies.share import share_picture


@require_safe
@never_cache
def reveal_page(request: VisitorRequest, slug: str) -> HttpResponse:
    """The labels, for a rater who has answered everything; anyone else is sent back."""
    study = get_object_or_404(Study, slug=slug)
    rater = rater_of(request, study)
    if rater is None or not rater.revealed_at:
        return redirect("sitting", slug)
    context = {
        "study": study,
        "rater": rater,
        "reveal": reveal(rater, request.raters()),
        "address": request.build_absolute_uri(study.get_absolute_url()),
    }
    return render(request, "studies/reveal.html", context)


@require_safe
@never_cache
def share(request: VisitorRequest, slug: str) -> HttpResponse:
    """How the guesses went, as a picture that names no work."""
    rater = rater_of(request, get_object_or_404(Study, slug=slug))
    if rater is None or not rater.revealed_at:
        raise Http404
    guesses = reveal(rater, request.raters()).guesses
    headers = {"Content-Disposition": 'inline; filename="unsigned.png"'}
    return HttpResponse(share_picture(guesses), content_type="image/png", headers=headers)

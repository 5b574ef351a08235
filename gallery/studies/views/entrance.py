"""The way in: home, the list of studies, and each study's landing page with its consent."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from gallery.roles import curates, is_admin
from gallery.studies.checked import last_checked
from gallery.studies.forms import ConsentForm
from gallery.studies.identity import VisitorRequest, has_seen, rater_of, remember
from gallery.studies.limits import BEGINNINGS, limited, network_of
from gallery.studies.models import Rating, Study
from gallery.studies.seating import begin
from gallery.studies.services import StudyRefused
from gallery.studies.sittings import next_step
from gallery.works.models import Artwork, Medium


@require_safe
@cache_control(private=True)
def home(request: VisitorRequest) -> HttpResponse:
    """One work, one sentence, one thing to do."""
    study = Study.objects.open().real().order_by("-opened_at").first()
    rater = rater_of(request, study) if study else None
    context = {
        "work": work_of_the_day(),
        "study": study,
        "rater": rater,
        "step": next_step(rater) if rater and not rater.ran_out else None,
        "ratings": Rating.objects.real().count(),
    }
    return render(request, "studies/home.html", context)


def work_of_the_day() -> Artwork | None:
    """A hung picture that no open study holds, and no noise or plain field; tomorrow another."""
    signed = Artwork.objects.visible_to(None).artists_works()
    pictures = signed.filter(medium=Medium.IMAGE).order_by("pk")
    count = pictures.count()
    return pictures[localdate().toordinal() % count] if count else None


@require_safe
def study_list(request: VisitorRequest) -> HttpResponse:
    """Every study, open ones first; admins also see how far each has come."""
    studies = Study.objects.open_first()
    studies = studies.with_progress() if is_admin(request) else studies.opened().real()
    return render(request, "studies/list.html", {"studies": studies})


@require_safe
@cache_control(private=True)
def landing(request: VisitorRequest, slug: str) -> HttpResponse:
    """What a study asks, how it goes, what is stored; and the way to take part."""
    study = get_object_or_404(Study.objects.opened(), slug=slug)
    rater = rater_of(request, study)
    context = {
        "study": study,
        "rater": rater,
        "form": ConsentForm(),
        "unfit": why_not_blind(request, study),
        "blindness": last_checked(),
    }
    return render(request, "studies/landing.html", context)


def why_not_blind(request: VisitorRequest, study: Study) -> str:
    """Why this visitor cannot begin to rate blind; empty for nearly everyone."""
    if curates(request.user):
        return _(
            "Curators and admins see whose works these are as they hang them, so they do not rate."
        )
    if has_seen(request, study):
        return _(
            "A finished sitting of this study was erased in this browser. Whoever has read the "
            "labels cannot rate these works blind again."
        )
    return ""


@require_POST
@limited("beginnings", BEGINNINGS)
def consent(request: VisitorRequest, slug: str) -> HttpResponse:
    """Begin a sitting; whoever has one in this study goes on with it."""
    study = get_object_or_404(Study, slug=slug)
    rater = rater_of(request, study)
    if rater and not rater.ran_out:
        return redirect("sitting", slug)
    if unfit := why_not_blind(request, study):
        return refusal(request, unfit, study, title=_("Not blind any more"), status=403)
    form = ConsentForm(request.POST)
    once = form.cleaned_data["once"] if form.is_valid() else None
    try:
        rater = begin(
            study,
            get_language() or "en",
            raters=request.raters(),
            once=once,
            network=network_of(request),
        )
    except StudyRefused as refused:
        return refusal(request, str(refused), study)
    response = redirect("sitting", slug)
    remember(response, rater)
    return response


def refusal(
    request: VisitorRequest, message: str, study: Study, *, title: str = "", status: int = 410
) -> HttpResponse:
    """A page with one sentence and the way back; 410 says that this was here, and is over."""
    context = {
        "title": title or _("This is over"),
        "message": message,
        "next_url": study.get_absolute_url(),
        "next_label": _("About this study"),
    }
    return render(request, "refused.html", context, status=status)

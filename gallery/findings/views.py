"""The findings of a study, for everyone who is not in the middle of it."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gallery.findings.article import article
from gallery.findings.exports.bundle import ExportRefused, stream
from gallery.findings.figures import as_png, as_svg, figure_named
from gallery.findings.results import Findings
from gallery.findings.services import findings_of
from gallery.findings.story import tell
from gallery.findings.works_shown import WorkShown, works_shown
from gallery.http import HtmxRequest
from gallery.studies.identity import rater_of
from gallery.studies.limits import Limit, is_over, told_to_wait
from gallery.studies.models import Study
from gallery.works.models import Artwork

EXPORTS = Limit(60, 600)  # two school classes in ten minutes


def after_the_sitting(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A visitor who still has works to rate is asked to rate them first."""

    @wraps(view)
    def guarded(request: HtmxRequest, slug: str, **kw: str) -> HttpResponseBase:
        study = get_object_or_404(Study.objects.opened(), slug=slug)
        rater = rater_of(request, study)
        if study.is_open and rater and not (rater.revealed_at or rater.is_too_old):
            return _first_your_own_eyes(request, study)
        return view(request, study, **kw)

    return guarded


def _first_your_own_eyes(request: HtmxRequest, study: Study) -> HttpResponse:
    return render(
        request,
        "refused.html",
        {
            "title": _("First your own eyes"),
            "message": _(
                "You are in the middle of this study. What others answered is here for you "
                "once you have finished your sitting, so that it does not sway you."
            ),
            "next_url": reverse("sitting", args=[study.slug]),
            "next_label": _("Go on with the sitting"),
        },
        status=403,
    )


@require_safe
@after_the_sitting
def findings(request: HtmxRequest, study: Study) -> HttpResponse:
    known = _known(request, study)
    if known is None:
        return render(request, "findings/uncounted.html", {"study": study})
    context = {"study": study, "article": article(study, *known)}
    return render(request, "findings/findings.html", context)


@require_safe
@after_the_sitting
def figure(request: HtmxRequest, study: Study, name: str, kind: str) -> HttpResponse:
    """One figure as a file. 404 where the page has none of this name."""
    known = _known(request, study)
    drawn = figure_named(tell(known[0], study, known[1]).sections, name) if known else None
    if drawn is None:
        raise Http404
    source = _source(request, study)
    data = as_png(drawn, source) if kind == "png" else as_svg(drawn, source)
    types = {"png": "image/png", "svg": "image/svg+xml"}
    headers = {"Content-Disposition": f'attachment; filename="{study.slug}-{name}.{kind}"'}
    return HttpResponse(data, content_type=types[kind], headers=headers)


@require_safe
@after_the_sitting
def export(request: HtmxRequest, study: Study) -> HttpResponseBase:
    """Everything in one archive, as a stream."""
    if is_over(request, "exports", EXPORTS):
        return told_to_wait(request, EXPORTS, _too_many_exports())
    try:
        pieces = stream(study)
    except ExportRefused as refused:
        context = {
            "title": _("Not yet"),
            "message": str(refused),
            "next_url": reverse("findings", args=[study.slug]),
            "next_label": _("To the findings"),
        }
        return render(request, "refused.html", context, status=409)
    headers = {"Content-Disposition": f'attachment; filename="{study.slug}.zip"'}
    return StreamingHttpResponse(pieces, content_type="application/zip", headers=headers)


def _too_many_exports() -> str:
    return _(
        "Very many archives were fetched from your network just now. Wait ten minutes, then fetch "
        "yours again: it will still be here."
    )


def _source(request: HtmxRequest, study: Study) -> str:
    """Where a figure's numbers come from, for whoever finds the file by itself."""
    name = _("Simulated: %(study)s") if study.simulated else "%(study)s"
    return _("%(study)s · %(url)s") % {
        "study": name % {"study": study.title},
        "url": request.build_absolute_uri(reverse("findings", args=[study.slug])),
    }


def _known(request: HtmxRequest, study: Study) -> tuple[Findings, dict[int, WorkShown]] | None:
    """The findings, and the works in them that this reader may know."""
    found = findings_of(study)
    if found is None:
        return None
    signed = Artwork.objects.visible_to(None, request.raters())
    return found, works_shown(found.shown, signed)

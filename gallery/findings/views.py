"""The findings of a study, for everyone who is not in the middle of it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gallery.findings.services import findings_of
from gallery.findings.story import tell
from gallery.findings.works_shown import works_shown
from gallery.http import HtmxRequest
from gallery.studies.identity import rater_of
from gallery.studies.models import Study
from gallery.works.models import Artwork


@require_safe
def findings(request: HtmxRequest, slug: str) -> HttpResponse:
    """A visitor who still has works to rate is asked to rate them first."""
    study = get_object_or_404(Study.objects.opened(), slug=slug)
    rater = rater_of(request, study)
    if study.is_open and rater and not (rater.revealed_at or rater.is_too_old):
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
    found = findings_of(study)
    if found is None:
        return render(request, "findings/uncounted.html", {"study": study})
    signed = Artwork.objects.signed_for(request.raters())
    story = tell(found, study, works_shown(found.shown, signed))
    return render(request, "findings/findings.html", {"study": study, "story": story})

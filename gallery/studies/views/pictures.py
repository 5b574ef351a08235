"""Pictures under study, to their own raters only."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from gallery.studies.identity import VisitorRequest, rater_of
from gallery.studies.models import Study, Trial
from gallery.studies.preview import preview_of
from gallery.works.stimulus import Stimulus, stimulus

BUCKET = 128 * 1024  # bytes; of 60 paintings' renditions the largest had 124,480

# The same for every work, and nothing that a file's date or contents could leak through.
PICTURE_HEADERS = {
    "Content-Type": "image/webp",
    "Content-Disposition": 'inline; filename="work.webp"',
    "Cache-Control": "private, max-age=600",
}


@require_safe
def trial_picture(request: VisitorRequest, code: UUID, side: str = "left") -> HttpResponse:
    """The blind rendition of a trial's work, or of one of its two."""
    trials = Trial.objects.filter(rater__in=request.raters())
    trial = get_object_or_404(trials.select_related("study_work", "right_work"), code=code)
    work = trial.study_work if side == "left" else trial.right_work
    if work is None:
        raise Http404
    return picture_of(stimulus(work.artwork_id))


@require_safe
def preview_picture(request: VisitorRequest, slug: str, number: int) -> HttpResponse:
    """The blind rendition of one work of the preview, in this rater's own order."""
    rater = rater_of(request, get_object_or_404(Study, slug=slug))
    shown = preview_of(rater) if rater else []
    if not 1 <= number <= len(shown):
        raise Http404
    return picture_of(shown[number - 1])


def picture_of(work: Stimulus) -> HttpResponse:
    """Raises Http404 where storage has no picture of it."""
    try:
        with work.picture() as picture:
            return HttpResponse(padded(picture.read()), headers=PICTURE_HEADERS)
    except FileNotFoundError:
        raise Http404 from None


def padded(data: bytes) -> bytes:
    """The same length for every ordinary picture: how well one compresses is no one's business.

    Readers of WebP end where its header says (RFC 9649, section 2.3). The bytes after that are
    random, so that no proxy that compresses gives the length away.
    """
    return data + secrets.token_bytes(-len(data) % BUCKET)

"""What a study was frozen with, for everybody: its rules in words, its document, and, once it is
closed, the key of who made what."""

from __future__ import annotations

from collections import Counter

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from gallery.roles import is_admin
from gallery.studies.models import Item, Role, Study
from gallery.studies.protocol import canonical
from gallery.studies.questions import asked_of
from gallery.studies.review import changes_since, warnings_of


@require_safe
def protocol(request: HttpRequest, slug: str) -> HttpResponse:
    """A study's rules; of a draft, to admins alone, with what to think of before it opens."""
    study = get_object_or_404(Study, slug=slug)
    if study.is_draft and not is_admin(request):
        raise Http404
    return render(request, "studies/protocol.html", told_of(study))


def told_of(study: Study) -> dict[str, object]:
    """Everything that the document of a study says, in words."""
    roles = Counter(study.works.values_list("role", flat=True))
    return {
        "study": study,
        "rules": study.rules,
        "questions": [
            question
            for item, question in asked_of(study, get_language() or "en").items()
            if item != Item.INSTRUCTED
        ],
        "cast": [(role.label, roles[role]) for role in Role if roles[role]],
        "warnings": warnings_of(study) if study.is_draft else [],
        "changes": changes_since(study),
    }


@require_safe
def document(request: HttpRequest, slug: str) -> HttpResponse:
    """The frozen document, byte for byte as it was hashed."""
    study = get_object_or_404(Study.objects.opened(), slug=slug)
    return _json(canonical(study.document or {}), f"{slug}-protocol.json")


@require_safe
def key(request: HttpRequest, slug: str) -> HttpResponse:
    """Who made each work, byte for byte as it was committed to; 404 while the study is open."""
    study = get_object_or_404(Study.objects.opened(), slug=slug)
    if not (study.is_closed and study.key):
        raise Http404
    return _json(canonical(study.key), f"{slug}-key.json")


def _json(data: bytes, name: str) -> HttpResponse:
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(
        data, content_type="application/json", headers={"Content-Disposition": disposition}
    )

"""The body of a findings page, which is written once for all who may read the same."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from hashlib import sha256

from django.core.cache import caches
from django.forms.models import model_to_dict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from gallery.findings.results import Findings
from gallery.findings.story import tell
from gallery.findings.works_shown import WorkShown
from gallery.studies.models import Study


def article(study: Study, found: Findings, works: Mapping[int, WorkShown]) -> SafeString:
    """In the language of the request.

    Kept under a digest of all that it is written from, so that a kept one is never another's and
    never out of date. A thousand works take a quarter of a second to write.
    """
    made_of = (study.pk, model_to_dict(study), found, sorted(works.items()), get_language())
    key = sha256(pickle.dumps(made_of)).hexdigest()
    kept: SafeString | None = caches["articles"].get(key)
    if kept is None:
        context = {"study": study, "story": tell(found, study, works)}
        kept = render_to_string("findings/article.html", context)
        caches["articles"].set(key, kept)
    return kept

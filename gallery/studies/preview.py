"""A first look at works that are not rated, so that a rater knows the range before judging."""

from __future__ import annotations

from random import Random

from gallery.studies.models import Rater, Role
from gallery.works.stimulus import Stimulus, stimulus


def preview_of(rater: Rater) -> list[Stimulus]:
    """The works of the preview, in this rater's own order."""
    works = rater.study.works.filter(role=Role.PREVIEW).order_by("pk")
    artworks = list(works.values_list("artwork_id", flat=True))
    Random(f"preview {rater.seed}").shuffle(artworks)  # noqa: S311 - repeatable, no secret
    return [stimulus(artwork) for artwork in artworks]

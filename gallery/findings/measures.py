"""Measures of works as the findings take them: three numbers that say something of creativity."""

from __future__ import annotations

from collections.abc import Sequence

from gallery.studies.models import StudyWork
from gallery.works.models import Measures

DISORDER, DESCRIPTION, NOVELTY = "disorder", "description", "novelty"


def measures_of(study_works: Sequence[int]) -> dict[str, dict[int, float]]:
    """By measure, by the place of a study's work (primary keys, in order of their numbers). Two
    queries."""
    artworks = dict(StudyWork.objects.filter(pk__in=study_works).values_list("artwork_id", "pk"))
    number = {pk: n for n, pk in enumerate(study_works)}
    found: dict[str, dict[int, float]] = {DISORDER: {}, DESCRIPTION: {}, NOVELTY: {}}
    for taken in (
        Measures.objects.filter(artwork__in=artworks, reason="")
        .defer("features")
        .order_by("version")
    ):
        place = number[artworks[taken.artwork_id]]
        told = {
            DISORDER: taken.permutation_entropy,
            DESCRIPTION: next(iter(taken.lengths.values()), None),
            NOVELTY: taken.novelty,
        }
        for name, value in told.items():
            if value is not None:
                found[name][place] = float(value)
    return {name: values for name, values in found.items() if values}

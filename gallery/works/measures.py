"""What was computed about works, as the database keeps it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now

from gallery.works.querysets import MeasuresQuerySet


def _known(field: str, least: int, most: int) -> Q:
    """In range and not null: a check passes what is neither true nor false."""
    return Q(**{f"{field}__isnull": False, f"{field}__range": (least, most)})


class Measures(models.Model):
    """What was computed about one work: not what it is worth. `generators.measures` says how.

    Taken once for each version of the measures, in the background. A work that cannot be measured
    has a row with the reason, so that it is not tried for ever.
    """

    artwork = models.ForeignKey("works.Artwork", models.CASCADE, related_name="measures")
    version = models.PositiveSmallIntegerField()
    created = models.DateTimeField(default=now, editable=False)
    reason = models.TextField(blank=True)  # why there are none, a sentence

    luminance_entropy = models.FloatField(null=True)  # bits; these three are of pictures only
    permutation_entropy = models.FloatField(null=True)
    statistical_complexity = models.FloatField(null=True)
    lengths = models.JSONField(default=dict, blank=True)  # codec: bits a pixel or a character
    features = models.BinaryField(blank=True)  # float32, little-endian, of length 1

    # Among the works of its medium that hung here before it did; distances are 1 - cosine.
    # Where the nearest work is removed, these measures go too, and are taken anew without it.
    nearest = models.ForeignKey("works.Artwork", models.CASCADE, null=True, related_name="+")
    distance = models.FloatField(null=True)  # to the nearest
    novelty = models.FloatField(null=True)  # mean distance to the ten nearest
    typicality = models.FloatField(null=True)  # cosine to the mean of all

    objects = MeasuresQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "artwork", "version", name="measures_are_taken_once_per_version"
            ),
            models.CheckConstraint(
                name="measures_are_there_unless_there_is_a_reason",
                condition=Q(reason="") & ~Q(lengths={}) & ~Q(features=b"")
                | ~Q(reason="")
                & Q(
                    lengths={},
                    features=b"",
                    luminance_entropy=None,
                    nearest=None,
                ),
            ),
            models.CheckConstraint(
                name="measures_of_shades_are_complete_and_in_range",
                condition=_known("luminance_entropy", 0, 8)
                & _known("permutation_entropy", 0, 1)
                & _known("statistical_complexity", 0, 1)
                | Q(luminance_entropy=None, permutation_entropy=None, statistical_complexity=None),
            ),
            models.CheckConstraint(
                name="measures_tell_how_near_the_nearest_is",
                condition=Q(nearest__isnull=False) & _known("distance", 0, 2)
                | Q(nearest=None, distance=None, novelty=None),
            ),
            models.CheckConstraint(
                name="measures_tell_novelty_and_typicality_together",
                condition=_known("novelty", 0, 2) & _known("typicality", -1, 1)
                | Q(novelty=None, typicality=None),
            ),
            models.CheckConstraint(
                name="measures_compare_a_work_with_others",
                condition=Q(nearest=None) | ~Q(nearest=F("artwork")),
            ),
        ]

    def __str__(self) -> str:
        return f"measures {self.version} of {self.artwork_id}"

"""How carefully a rater answered, as far as it can be computed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from gallery.studies.models.rater import Rater


class Rule(models.TextChoices):
    """The only rules that leave a rater out."""

    SPEED = "speed", _("answered too fast to have looked")
    ANCHORS = "anchors", _("judged both anchors the wrong way round")
    INSTRUCTED = "instructed", _("missed the row that names its answer")


class CareVerdict(models.Model):
    """The indices of `gallery.studies.careless` for one rater, and what follows from them.

    Computed anew whenever others have answered: an index may compare a rater with the rest.
    """

    rater = models.OneToOneField(Rater, models.CASCADE, related_name="verdict", primary_key=True)
    indices = models.JSONField(default=dict)
    flags = models.JSONField(default=list)
    excluded_by = models.CharField(max_length=12, choices=Rule.choices, blank=True)
    computed_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="careverdict_excludes_by_a_known_rule",
                condition=Q(excluded_by__in=["", *Rule.values]),
            ),
        ]

    def __str__(self) -> str:
        return f"verdict on {self.rater_id}"

"""What was found in a study, kept, and every look at it while answers still came in."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now

from gallery.studies.models import Study


class Finding(models.Model):
    """The results of a study as they were computed at one time. `mark` names the answers that they
    rest on, so that nothing is computed twice."""

    study = models.OneToOneField(Study, models.CASCADE, related_name="finding")
    mark = models.CharField(max_length=120)
    computed_at = models.DateTimeField(default=now)
    seconds = models.FloatField()
    document = models.JSONField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="finding_takes_some_time", condition=Q(seconds__gte=0)),
        ]

    def __str__(self) -> str:
        return f"findings of {self.study_id}"


class Look(models.Model):
    """One estimate of one difference, in logits, as somebody could have seen it.

    While a study is open its interval is one that holds however often one looks; the single look
    after its end has the narrower one, and happens once.
    """

    study = models.ForeignKey(Study, models.CASCADE, related_name="looks")
    item = models.CharField(max_length=20)
    at = models.DateTimeField(default=now)
    final = models.BooleanField()
    raters = models.PositiveIntegerField()
    answers = models.PositiveIntegerField()
    estimate = models.FloatField()
    error = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                "study", "item", condition=Q(final=True), name="look_at_the_end_happens_once"
            ),
            models.CheckConstraint(
                name="look_has_its_estimate_inside",
                condition=Q(low__lte=F("estimate"), high__gte=F("estimate"), error__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.estimate:+.2f}"

    def as_json(self) -> dict[str, Any]:
        names = ("item", "final", "raters", "answers", "estimate", "error", "low", "high")
        return {"at": self.at.isoformat()} | {name: getattr(self, name) for name in names}

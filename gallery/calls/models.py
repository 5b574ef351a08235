"""A call to draw, and what came in for it."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _

from gallery.links import digest, draw_secret

DAYS = 7  # that a call usually lasts, today among them
DRAWINGS = 30  # that a call usually takes
MOST_DRAWINGS = 500


def in_a_week() -> date:
    """The last day of a call that is made today."""
    return localdate() + timedelta(days=DAYS - 1)


class CallQuerySet(models.QuerySet["Call"]):
    def of_link(self, secret: str) -> CallQuerySet:
        """The call, if any, whose link holds this secret, whether or not it is open."""
        return self.filter(digest=digest(secret))

    def open(self) -> CallQuerySet:
        """Those that take another drawing now."""
        return self.filter(closed_at=None, last_day__gte=localdate(), came__lt=F("most"))


class Call(models.Model):
    """A brief, and a link at which it may be drawn. Of the link's secret only a hash is kept, so
    that a copy of the database opens nothing."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    brief = models.CharField(_("brief"), max_length=500)
    licence = models.CharField(_("licence"), max_length=300)
    credit = models.CharField(_("credit"), max_length=500, blank=True)
    most = models.PositiveSmallIntegerField(_("drawings at most"), default=DRAWINGS)
    came = models.PositiveSmallIntegerField(default=0, editable=False)
    last_day = models.DateField(_("last day"), default=in_a_week)
    closed_at = models.DateTimeField(null=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created = models.DateTimeField(default=now, editable=False)

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(brief=""), name="call_says_what_is_asked_for"),
            models.CheckConstraint(condition=~Q(licence=""), name="call_has_a_licence"),
            models.CheckConstraint(
                condition=Q(most__gte=1, most__lte=MOST_DRAWINGS),
                name="call_asks_for_one_to_five_hundred_drawings",
            ),
            models.CheckConstraint(
                condition=Q(came__lte=F("most")), name="call_takes_no_more_than_it_asks_for"
            ),
        ]

    def __str__(self) -> str:
        return self.brief

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def is_full(self) -> bool:
        return self.came >= self.most

    @property
    def is_over(self) -> bool:
        return self.last_day < localdate()

    @property
    def is_open(self) -> bool:
        return not (self.is_closed or self.is_full or self.is_over)

    @property
    def left(self) -> int:
        """How many drawings it still takes."""
        return self.most - self.came

    def draw_secret(self) -> str:
        """The secret of a new link, told this once; the old link opens nothing from then on, and
        what was closed is open again. The caller saves."""
        secret = draw_secret()
        self.digest, self.closed_at = digest(secret), None
        return secret

    def close(self) -> None:
        """Take no more drawings; when it was closed first stays on record."""
        Call.objects.filter(pk=self.pk, closed_at=None).update(closed_at=now())

    def take_place(self) -> bool:
        """Count one more drawing, in the transaction that records it; False if the call took its
        last one, was closed or ran out a moment ago."""
        return bool(Call.objects.open().filter(pk=self.pk).update(came=F("came") + 1))


class Contribution(models.Model):
    """A drawing that came in for a call, and the consent that came with it."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="contributions")
    artwork = models.OneToOneField("works.Artwork", models.CASCADE, related_name="contribution")
    agreed_to = models.CharField(max_length=1000)  # the sentence, in the language it was read in
    agreed_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(agreed_to=""), name="contribution_says_what_was_agreed_to"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.artwork_id} for {self.call_id}"

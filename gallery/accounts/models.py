"""Invitations: the only way to an account, save for the command that makes the first admin."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from gallery.constraints import is_known
from gallery.links import digest, draw_secret

VALID = timedelta(days=7)
CLOSED = "closed"  # what an account can be instead of having a role


class Role(models.TextChoices):
    CURATOR = "curator", _("curator")
    ADMIN = "admin", _("admin")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> InvitationQuerySet:
        """Those that still let somebody in."""
        return self.filter(accepted_at=None, expires__gt=now())

    def of_link(self, secret: str) -> InvitationQuerySet:
        """The open invitation, if any, whose link holds this secret."""
        return self.open().filter(digest=digest(secret))


class Invitation(models.Model):
    """A link that lets one person make an account with a role. Of its secret only a hash is kept,
    so that a copy of the database opens nothing."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    role = models.CharField(
        _("may act as"), max_length=10, choices=Role.choices, default=Role.CURATOR
    )
    name = models.CharField(_("for"), max_length=150)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created = models.DateTimeField(default=now, editable=False)
    expires = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-pk"]
        constraints = [
            is_known("role", Role),
            models.CheckConstraint(condition=~Q(name=""), name="invitation_says_for_whom"),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(accepted_at__lt=models.F("expires")),
                name="invitation_is_accepted_in_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} invitation for {self.name}"

    def draw_secret(self) -> str:
        """The secret of the link, told this once; it lasts for VALID from now."""
        secret = draw_secret()
        self.digest, self.expires = digest(secret), now() + VALID
        return secret

    def take(self) -> bool:
        """Use the invitation up; False if somebody else was quicker, or it has run out."""
        taken = Invitation.objects.open().filter(pk=self.pk).update(accepted_at=now())
        return bool(taken)

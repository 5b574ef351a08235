"""What a living artist said to their work being shown here.

A licence says what the law allows; while the artist lives, a museum asks them too, and writes down
who said yes, when and how. Once somebody has noted that an artist lives and has not answered, the
work waits for the answer.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Consent(models.TextChoices):
    """UNSTATED is what every work begins with, and not NEEDLESS: of what comes from a museum or by
    a catalogue nobody here has looked whether the artist lives, and a record says no more than
    somebody knew. Such a work hangs by its licence alone."""

    UNSTATED = "unstated", _("nothing noted")
    NEEDLESS = "not needed", _("not needed: the artist has died, or the work is free to all")
    AWAITED = "awaited", _("awaited: the artist lives and has not said yes")
    GIVEN = "given", _("given by the artist")


LETS_HANG = ~Q(consent=Consent.AWAITED)
NOTED_IF_GIVEN = ~Q(consent=Consent.GIVEN) | ~Q(consent_note="")
OF_PEOPLE_ONLY = ~Q(origin="machine") | Q(consent=Consent.UNSTATED, consent_note="")

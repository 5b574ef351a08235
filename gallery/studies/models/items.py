"""What may be asked, and when."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Item(models.TextChoices):
    """Everything that a study may ask about a work."""

    COHERENCE = "coherence", _("coherence")
    SURPRISE = "surprise", _("surprise")
    QUALITY = "quality", _("quality")
    LIKING = "liking", _("liking")
    INSTRUCTED = "instructed", _("the row that names its answer")


class GuessTiming(models.TextChoices):
    AFTER = "after", _("after all ratings")
    INTERLEAVED = "interleaved", _("with each work")
    NONE = "none", _("never")


class PairItem(models.TextChoices):
    """Everything that a study may ask about two works side by side."""

    COHERENCE = "coherence", _("coherence")
    SURPRISE = "surprise", _("surprise")
    PERSON = "person", _("made by a person")


class Outcome(models.TextChoices):
    LEFT = "left", _("the left one")
    TIE = "tie", _("no difference")
    RIGHT = "right", _("the right one")

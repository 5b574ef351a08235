"""Makers, their works, and the files derived from a work."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gallery.constraints import both_or_neither, is_known
from gallery.works.collections import Collection, Placing
from gallery.works.consent import LETS_HANG, NOTED_IF_GIVEN, OF_PEOPLE_ONLY, Consent
from gallery.works.drawing import Drawing
from gallery.works.history import Change, Deed
from gallery.works.measures import Measures
from gallery.works.querysets import ArtworkQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import User


__all__ = [
    "Artwork",
    "Change",
    "Collection",
    "Consent",
    "Description",
    "Drawing",
    "Kind",
    "Maker",
    "Measures",
    "Medium",
    "Origin",
]
__all__ += ["Placing", "Rendition", "SourceClass", "State"]


class Origin(models.TextChoices):
    HUMAN = "human", _("person")
    MACHINE = "machine", _("machine")


class SourceClass(models.TextChoices):
    """How a work came about, as far as comparing kinds of makers needs it."""

    HUMAN = "human", _("person")
    SAMPLER = "sampler", _("drawn by chance")
    FILTER = "filter", _("a given work, worked over")
    HYBRID = "hybrid", _("person and machine together")  # counted on neither side
    NOISE = "noise", _("noise")  # the two ends of the scale of surprise
    PLAIN = "plain", _("one plain thing")
    CONTROL = "control", _("control")  # matched to a work; neither end, and no artist's work


class Medium(models.TextChoices):
    IMAGE = "image", _("picture")
    TEXT = "text", _("text")


class State(models.TextChoices):
    CANDIDATE = "candidate", _("candidate")  # nobody has decided yet
    HUNG = "hung", _("hung")
    DISCARDED = "discarded", _("discarded")  # kept, so that what was passed over can be counted
    WITHDRAWN = "withdrawn", _("withdrawn")  # hung once; its history says why it does no more


class Maker(models.Model):
    """The person or the generator that made a work. Namesakes are told apart in the name."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    origin = models.CharField(max_length=10, choices=Origin.choices)

    class Meta:
        constraints = [
            is_known("origin", Origin),
            models.UniqueConstraint("name", "origin", name="maker_is_named_once_per_origin"),
            models.CheckConstraint(condition=~Q(name=""), name="maker_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


def original_path(sha256: str) -> str:
    """Where storage keeps the bytes as they came: by hash, so the same bytes are one file."""
    return f"originals/{sha256[:2]}/{sha256}"


class Artwork(models.Model):
    """One image or text and what is known of it. The original bytes are kept, and kept private."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    medium = models.CharField(max_length=10, choices=Medium.choices)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    source_class = models.CharField(max_length=10, choices=SourceClass.choices)
    maker = models.ForeignKey(Maker, models.PROTECT, related_name="artworks")
    title = models.CharField(_("title"), max_length=300, blank=True)
    year = models.CharField(_("year"), max_length=40, blank=True)
    licence = models.CharField(_("licence"), max_length=300, blank=True)
    credit = models.CharField(_("credit"), max_length=500, blank=True)
    source = models.CharField(_("source"), max_length=500, blank=True)
    consent = models.CharField(max_length=10, choices=Consent.choices, default=Consent.UNSTATED)
    consent_note = models.CharField(max_length=500, blank=True)  # not shown to visitors
    state = models.CharField(max_length=10, choices=State.choices, default=State.CANDIDATE)
    sha256 = models.CharField(max_length=64, editable=False)  # of the original bytes; its address
    text = models.TextField(blank=True)  # normalised; empty for an image
    width = models.PositiveIntegerField(default=0)  # of the upright original, px; 0 for a text
    height = models.PositiveIntegerField(default=0)
    framing = models.JSONField(null=True, blank=True)  # see `Framing`; null: as it came
    jpeg_quality = models.PositiveSmallIntegerField(null=True)  # estimated; null if no JPEG came in
    # generator, version, params, seed, index, torch version, device, weights hash, inputs
    recipe = models.JSONField(null=True, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    phash = models.CharField(max_length=16, blank=True, editable=False)  # pictures alike, alike
    created = models.DateTimeField(default=now, editable=False)
    hung_at = models.DateTimeField(null=True, blank=True)

    objects = ArtworkQuerySet.as_manager()

    class Meta:
        ordering = ["-hung_at", "-created", "-pk"]
        constraints = [
            is_known("medium", Medium),
            is_known("origin", Origin),
            is_known("state", State),
            is_known("source_class", SourceClass),
            models.CheckConstraint(
                name="artwork_is_of_the_human_class_iff_by_a_person",
                condition=both_or_neither(
                    Q(origin=Origin.HUMAN), Q(source_class=SourceClass.HUMAN)
                ),
            ),
            models.CheckConstraint(
                name="artwork_has_a_recipe_iff_by_machine",
                condition=Q(origin=Origin.MACHINE, recipe__isnull=False)
                | Q(origin=Origin.HUMAN, recipe__isnull=True),
            ),
            models.CheckConstraint(
                name="artwork_has_words_iff_a_text",
                condition=both_or_neither(Q(medium=Medium.TEXT), ~Q(text="")),
            ),
            models.CheckConstraint(
                name="artwork_has_a_size_iff_a_picture",
                condition=Q(medium=Medium.IMAGE, width__gt=0, height__gt=0)
                | Q(medium=Medium.TEXT, width=0, height=0),
            ),
            models.CheckConstraint(
                name="artwork_is_dated_iff_hung",
                condition=both_or_neither(Q(state=State.HUNG), Q(hung_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="artwork_hangs_only_with_a_licence",
                condition=~Q(state=State.HUNG) | ~Q(licence=""),
            ),
            is_known("consent", Consent),
            models.CheckConstraint(
                name="artwork_hangs_only_if_no_consent_is_awaited",
                condition=~Q(state=State.HUNG) | LETS_HANG,
            ),
            models.CheckConstraint(
                name="artwork_says_how_consent_was_given", condition=NOTED_IF_GIVEN
            ),
            models.CheckConstraint(
                name="artwork_asks_consent_of_people_only", condition=OF_PEOPLE_ONLY
            ),
            models.CheckConstraint(
                name="artwork_is_framed_only_if_a_picture",
                condition=Q(framing__isnull=True) | Q(medium=Medium.IMAGE),
            ),
            models.UniqueConstraint(
                fields=["sha256"],
                condition=Q(origin=Origin.HUMAN),
                name="artwork_by_a_person_is_kept_once",
            ),
        ]
        indexes = [models.Index(fields=["state", "medium"], name="artwork_by_state")]

    def __str__(self) -> str:
        return self.title or gettext("Untitled")

    def get_absolute_url(self) -> str:
        return reverse("work", args=[self.code])

    @property
    def by_machine(self) -> bool:
        return self.origin == Origin.MACHINE

    @property
    def original_path(self) -> str:
        return original_path(self.sha256)

    @property
    def lacks_nothing(self) -> bool:
        """Whether it may hang: with a licence, and with no artist whose yes is awaited."""
        return bool(self.licence) and self.consent != Consent.AWAITED

    def hang(self, licence: str = "", consent_note: str = "", *, by: User | None = None) -> bool:
        """Put a candidate, or what was withdrawn, on the wall; False if it is neither by now.

        `licence` completes a label that has none, and `consent_note` tells of the consent that was
        awaited: without them nothing hangs.
        """
        given = {"consent": Consent.GIVEN, "consent_note": consent_note} if consent_note else {}
        return self._decide(
            {State.CANDIDATE, State.WITHDRAWN},
            Deed.HUNG,
            by,
            state=State.HUNG,
            hung_at=now(),
            licence=self.licence or licence,
            **given,
        )

    def discard(self, *, by: User | None = None) -> bool:
        """Pass a candidate over. It stays on record: what was not shown is part of the finding."""
        return self._decide({State.CANDIDATE}, Deed.DISCARDED, by, state=State.DISCARDED)

    def withdraw(self, reason: str, *, by: User | None = None) -> bool:
        """Take a work off the wall for a reason; False if it does not hang by now."""
        return self._decide(
            {State.HUNG}, Deed.WITHDRAWN, by, reason, state=State.WITHDRAWN, hung_at=None
        )

    def _decide(
        self, from_states: set[State], deed: Deed, by: User | None, reason: str = "", **values: Any
    ) -> bool:
        with transaction.atomic():
            if not Artwork.objects.filter(pk=self.pk, state__in=from_states).update(**values):
                return False
            Change.objects.record(self, deed, by=by, reason=reason)
        for name, value in values.items():
            setattr(self, name, value)
        return True


class Kind(models.TextChoices):
    BLIND = "blind", _("blind")  # what raters see: one recipe for every work
    DISPLAY = "display", _("display")
    THUMB = "thumb", _("thumbnail")


class Rendition(models.Model):
    """A picture file derived from a work once, under a name that says nothing."""

    artwork = models.ForeignKey(Artwork, models.CASCADE, related_name="renditions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    file = models.FileField(upload_to="renditions", max_length=120)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        constraints = [
            is_known("kind", Kind),
            models.UniqueConstraint("artwork", "kind", name="rendition_is_made_once_per_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.artwork_id}"


class Description(models.Model):
    """A picture in words, by somebody who did not know who made it: read out in its place."""

    artwork = models.OneToOneField(Artwork, models.CASCADE, related_name="description")
    text = models.CharField(max_length=500)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="description_has_words")]

    def __str__(self) -> str:
        return self.text

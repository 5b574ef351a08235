"""Makers, their works, and the files derived from a work."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gallery.constraints import both_or_neither, is_known
from gallery.works.querysets import ArtworkQuerySet, MeasuresQuerySet


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
    state = models.CharField(max_length=10, choices=State.choices, default=State.CANDIDATE)
    sha256 = models.CharField(max_length=64, editable=False)  # of the original bytes; its address
    text = models.TextField(blank=True)  # normalised; empty for an image
    width = models.PositiveIntegerField(default=0)  # of the upright original, px; 0 for a text
    height = models.PositiveIntegerField(default=0)
    jpeg_quality = models.PositiveSmallIntegerField(null=True)  # estimated; null if no JPEG came in
    # generator, version, params, seed, index, torch version, device, weights hash, inputs
    recipe = models.JSONField(null=True, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
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

    def hang(self, licence: str = "") -> bool:
        """Put a candidate on the wall; False if someone decided otherwise before.

        `licence` completes a label that has none: without one nothing hangs.
        """
        return self._decide(state=State.HUNG, hung_at=now(), licence=self.licence or licence)

    def discard(self) -> bool:
        """Pass a candidate over. It stays on record: what was not shown is part of the finding."""
        return self._decide(state=State.DISCARDED)

    def _decide(self, **values: object) -> bool:
        undecided = Artwork.objects.filter(pk=self.pk, state=State.CANDIDATE)
        if not undecided.update(**values):
            return False
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


def _known(field: str, least: int, most: int) -> Q:
    """In range and not null: a check passes what is neither true nor false."""
    return Q(**{f"{field}__isnull": False, f"{field}__range": (least, most)})


class Measures(models.Model):
    """What was computed about one work: not what it is worth. `generators.measures` says how.

    Taken once for each version of the measures, in the background. A work that cannot be measured
    has a row with the reason, so that it is not tried for ever.
    """

    artwork = models.ForeignKey(Artwork, models.CASCADE, related_name="measures")
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
    nearest = models.ForeignKey(Artwork, models.CASCADE, null=True, related_name="+")
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

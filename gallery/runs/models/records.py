"""What a run leaves behind: its inputs, its outputs, its log and its newest frame."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db import models
from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from gallery.constraints import both_or_neither, is_known
from gallery.runs.models.run import Run
from gallery.works.models import Artwork
from gallery.works.models import State as ArtworkState
from generators.seeds import output_seed

MOST_STYLES = 4  # of one run, whatever its generator
MOST_LESSONS = 10_000  # works of one collection


class Role(models.TextChoices):
    """What a work is to a run. A guide has the role of a style."""

    CONTENT = "content", _("content")
    STYLE = "style", _("style")
    LESSON = "lesson", _("lesson")  # one of a collection that a generator learns from


class InputQuerySet(models.QuerySet["Input"]):
    """What runs start from."""

    def with_artworks(self) -> InputQuerySet:
        return self.select_related("artwork__maker")

    def lessons(self) -> InputQuerySet:
        return self.filter(role=Role.LESSON)

    def told(self) -> dict[str, Any]:
        """How many works, by how many makers, and how many of them under each licence."""
        each = self.order_by().values_list("artwork__maker", "artwork__licence")
        makers, licences = zip(*each, strict=True) if each else ((), ())
        return {
            "works": len(makers),
            "makers": len(set(makers)),
            "licences": dict(Counter(licences).most_common()),
        }

    def shown(self) -> InputQuerySet:
        """Those that a page can show one by one: a collection may have thousands."""
        return self.exclude(role=Role.LESSON).with_artworks()


class Input(models.Model):
    """A work that a run starts from: its lineage."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="inputs")
    role = models.CharField(max_length=10, choices=Role.choices)
    position = models.PositiveSmallIntegerField(default=0)
    artwork = models.ForeignKey(Artwork, models.PROTECT, related_name="inspired")

    objects = InputQuerySet.as_manager()

    class Meta:
        # The content, a collection in its order, the styles as their weights count them.
        ordering = ["role", "position"]
        constraints = [
            is_known("role", Role),
            models.UniqueConstraint("run", "role", "position", name="input_fills_one_place"),
            models.UniqueConstraint("run", "role", "artwork", name="input_is_used_once_per_role"),
            models.CheckConstraint(
                name="input_is_one_content_one_of_four_styles_or_a_lesson",
                condition=Q(position=0)
                | Q(role=Role.STYLE, position__lt=MOST_STYLES)
                | Q(role=Role.LESSON, position__lt=MOST_LESSONS),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.run_id}"


class OutputQuerySet(models.QuerySet["Output"]):
    """What runs have made."""

    def with_artworks(self) -> OutputQuerySet:
        return self.select_related("artwork", "run")

    def samples(self, each: int) -> OutputQuerySet:
        """The newest works of each generator whose labels everybody may read, `each` at most."""
        place = Window(
            RowNumber(), partition_by="run__generator", order_by=["-artwork__hung_at", "-pk"]
        )
        visible = Artwork.objects.visible_to(None).by_machines().values("pk")
        shown = self.filter(artwork__in=visible).annotate(place=place).filter(place__lte=each)
        return shown.with_artworks().order_by("-artwork__hung_at", "-pk")

    def count_by_state(self) -> dict[str, int]:
        """How many were made, and how many of them are hung, discarded and undecided: what was
        passed over is part of the finding."""
        counts = self.aggregate(
            made=Count("pk"),
            **{state: Count("pk", filter=Q(artwork__state=state)) for state in ArtworkState.values},
        )
        return dict(counts)


class Output(models.Model):
    """One finished work of a run. (run, index) is its identity; attempts may not add a second."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="outputs")
    index = models.PositiveSmallIntegerField()
    artwork = models.OneToOneField(Artwork, models.PROTECT, related_name="output")
    # On which rung of the run's ladder it stands: the knob and the value that it was made with.
    knob = models.CharField(max_length=60, blank=True)
    rung = models.FloatField(null=True, blank=True)

    objects = OutputQuerySet.as_manager()

    class Meta:
        ordering = ["index"]
        constraints = [
            models.UniqueConstraint("run", "index", name="output_is_made_once_per_index"),
            models.CheckConstraint(
                name="output_names_a_knob_iff_it_stands_on_a_rung",
                condition=both_or_neither(~Q(knob=""), Q(rung__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"output {self.index} of {self.run_id}"

    @property
    def number(self) -> int:
        """As people count: from 1."""
        return self.index + 1

    @property
    def seed(self) -> int:
        """What its chance was drawn from."""
        return output_seed(self.run.seed, self.index)


class Attempt(models.Model):
    """One worker's try at a run: the log that an admin reads when something went wrong."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()  # the run's `attempt` at the time
    worker = models.CharField(max_length=80)
    started = models.DateTimeField(default=now)
    ended = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(blank=True)  # a sentence; empty while it lasts

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint("run", "number", name="attempt_is_logged_once"),
            models.CheckConstraint(
                name="attempt_has_an_outcome_iff_ended",
                condition=both_or_neither(Q(ended__isnull=False), ~Q(outcome="")),
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number} at {self.run_id}"


class PreviewQuerySet(models.QuerySet["Preview"]):
    """The newest frames."""

    def show(self, run: Run, *, image: bytes, text: str) -> None:
        """Put a frame in place of the one before it."""
        frame = {"image": image, "text": text}
        self.update_or_create(
            run=run,
            defaults={**frame, "number": F("number") + 1},
            create_defaults={**frame, "number": 1},
        )


class Preview(models.Model):
    """The newest frame of a run, small. In the database, so that any web process can show what a
    worker on another machine is painting."""

    run = models.OneToOneField(Run, models.CASCADE, related_name="preview", primary_key=True)
    number = models.PositiveIntegerField()  # rises with each frame: part of its address
    image = models.BinaryField(blank=True)  # WebP; empty for a text
    text = models.TextField(blank=True)

    objects = PreviewQuerySet.as_manager()

    def __str__(self) -> str:
        return f"preview {self.number} of {self.run_id}"

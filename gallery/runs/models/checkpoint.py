"""What a training leaves: trained weights, and before that the place where it goes on."""

from __future__ import annotations

import hashlib
import uuid
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_noop

from gallery.runs.models.run import Run
from generators.refused import Refused

SHA256_LENGTH = 64
SUFFIX = ".safetensors"


def stored(folder: str, path: Path) -> str:
    """Copy a file into storage under a name that nothing else has; return the name."""
    with path.open("rb") as file:
        return str(default_storage.save(f"{folder}/{uuid.uuid4()}{SUFFIX}", File(file)))


def fetched(name: str, sha256: str, path: Path) -> bool:
    """Copy a file from storage to this machine; False, and no file, if it is gone or altered."""
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    try:
        with default_storage.open(name) as kept, path.open("wb") as file:
            for chunk in kept.chunks():
                digest.update(chunk)
                file.write(chunk)
    except FileNotFoundError:
        path.unlink(missing_ok=True)
        return False
    if digest.hexdigest() != sha256:
        path.unlink()
        return False
    return True


class CheckpointQuerySet(models.QuerySet["Checkpoint"]):
    """Trained weights."""

    def of(self, generator: str) -> CheckpointQuerySet:
        """Those that a generator may paint with, the newest first."""
        return self.filter(run__generator=generator).select_related("run")

    def by_source(self, generator: str, source: object) -> Checkpoint | None:
        """The one that a param's value names; None if it names none of this generator's."""
        code = str(source).removeprefix("file:").removesuffix(SUFFIX)
        try:
            return self.of(generator).filter(code=uuid.UUID(code)).first()
        except ValueError:
            return None


class Checkpoint(models.Model):
    """Weights that a run learnt and others paint with. Their name and generator are the run's."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    run = models.OneToOneField(Run, models.PROTECT, related_name="left")
    file = models.FileField(upload_to="checkpoints", max_length=120)
    sha256 = models.CharField(max_length=SHA256_LENGTH, editable=False)
    size = models.PositiveBigIntegerField()  # bytes
    # What the trainer told, what its bytes depend on, and how many works under which licences.
    facts = models.JSONField(default=dict)
    created = models.DateTimeField(default=now, editable=False)

    objects = CheckpointQuerySet.as_manager()

    class Meta:
        ordering = ["-created", "-pk"]
        constraints = [
            models.CheckConstraint(name="checkpoint_holds_something", condition=Q(size__gt=0)),
            models.CheckConstraint(name="checkpoint_has_a_file", condition=~Q(file="")),
            models.CheckConstraint(
                name="checkpoint_is_known_by_its_hash",
                condition=Q(Exact(Length("sha256"), SHA256_LENGTH)),
            ),
        ]

    def __str__(self) -> str:
        return self.run.name

    def get_absolute_url(self) -> str:
        return reverse("checkpoint", args=[self.code])

    @property
    def file_name(self) -> str:
        """As it is called wherever it is copied to."""
        return f"{self.code}{SUFFIX}"

    @property
    def source(self) -> str:
        """What a generator's param says to paint with it, here as on a command line in whose
        folder the file lies."""
        return f"file:{self.file_name}"

    def written(self, folder: Path) -> str:
        """The source by which a process of this machine finds a copy in `folder`.

        Raises Refused if storage has it no more, or other bytes: no further try would help.
        """
        path = folder / self.file_name
        if not fetched(str(self.file), self.sha256, path):
            raise Refused(
                gettext_noop("The file of the checkpoint that this run paints with is missing.")
            )
        return f"file:{path}"


class Bookmark(models.Model):
    """Where an interrupted training goes on: the newest state that its trainer saved."""

    run = models.OneToOneField(Run, models.CASCADE, related_name="bookmark", primary_key=True)
    file = models.FileField(upload_to="bookmarks", max_length=120)
    sha256 = models.CharField(max_length=SHA256_LENGTH, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="bookmark_has_a_file", condition=~Q(file="")),
        ]

    def __str__(self) -> str:
        return f"bookmark of {self.run_id}"

"""Requesting trainings, and keeping what they leave."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import ValidationError

from gallery.runs.doorbell import ring
from gallery.runs.models import Bookmark, Checkpoint, Input, Role, Run, Task
from gallery.runs.models.checkpoint import stored
from gallery.runs.refusals import RunRefused, wrong_params
from gallery.runs.services import check_room, checked_seed
from gallery.runs.training.collection import Collection
from gallery.storage import discard
from gallery.works.models import Artwork
from generators.catalog import GENERATORS
from generators.refused import Refused
from generators.training.params import TrainingParams
from generators.training.trainers import TRAINERS, Trainer

LONGEST_NAME = 60


def check_training(trainer: Trainer, params: Mapping[str, object]) -> TrainingParams:
    """What the trainer would work with. Raises RunRefused with a sentence at each field."""
    try:
        checked = trainer.params.model_validate(dict(params))
        trainer.check(checked)
    except ValidationError as error:
        raise wrong_params(error) from None
    except Refused as refused:
        raise RunRefused(str(refused)) from None
    return checked


def request_training(
    *,
    generator: str,
    params: Mapping[str, object],
    name: str,
    collection: Collection,
    seed: int | None = None,
    requested_by: User | None = None,
) -> Run:
    """Queue a run that trains `generator` and ring for a worker; without a seed, one is drawn.

    What hangs in the collection now is what it learns from, whatever hangs later. `name` is that
    of the checkpoint. Raises RunRefused before anything is stored.
    """
    trainer = TRAINERS.get(generator)
    if trainer is None:
        raise RunRefused(_("“%(name)s” cannot be trained.") % {"name": generator})
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        sentence = _("Give it a name of at most %(most)d characters.") % {"most": LONGEST_NAME}
        raise RunRefused(sentence, fields={"name": sentence})
    checked = check_training(trainer, params)
    seed = checked_seed(seed)
    collection.check()
    check_room(requested_by)
    with transaction.atomic():
        run = Run.objects.create(
            generator=generator,
            task=Task.TRAIN,
            name=name,
            version=GENERATORS[generator].version,
            params=checked.model_dump(mode="json"),
            seed=seed,
            requested_by=requested_by,
        )
        # From the oldest: what is hung later is read later, and the order never changes.
        works = collection.works.order_by("hung_at", "pk").values_list("pk", flat=True)
        Input.objects.bulk_create(
            Input(run=run, role=Role.LESSON, position=position, artwork_id=pk)
            for position, pk in enumerate(works)
        )
        transaction.on_commit(ring, robust=True)
    return run


def repeat_training(run: Run, requested_by: User | None) -> Run:
    """Queue a training on the same works with a fresh seed. Raises RunRefused if it may not be
    asked for any more."""
    if run.generator not in TRAINERS:
        raise RunRefused(_("“%(name)s” cannot be trained.") % {"name": run.generator})
    lessons = run.inputs.lessons()
    chosen = Artwork.objects.filter(inspired__in=lessons)
    collection = Collection(TRAINERS[run.generator], chosen=chosen)
    if collection.count < lessons.count():
        raise RunRefused(_("Some of the works that it learnt from hang here no more."))
    return request_training(
        generator=run.generator,
        params=run.params,
        name=run.name,
        collection=collection,
        requested_by=requested_by,
    )


def keep_bookmark(run: Run, path: Path) -> None:
    """Put the state that a trainer saved in place of the one before it, for whoever goes on.

    The file comes first, then its row; the file before it goes last, so that a kill leaves either
    with its row. Raises LeaseLost if the run has moved on; then nothing of it is left.
    """
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    name = stored("bookmarks", path)
    try:
        with transaction.atomic():
            run.regain_tries()
            before = Bookmark.objects.filter(run=run).first()
            Bookmark.objects.update_or_create(run=run, defaults={"file": name, "sha256": sha256})
    except BaseException:
        discard([name])
        raise
    if before:
        discard([str(before.file)])


def keep_checkpoint(run: Run, path: Path, facts: Mapping[str, Any]) -> Checkpoint:
    """Store what a training learnt, exactly once and only for the worker that holds the run; its
    bookmark is of no more use then.

    Raises LeaseLost if the run has moved on; then nothing of it is left.
    """
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    name = stored("checkpoints", path)
    told = run.inputs.lessons().told()
    try:
        with transaction.atomic():
            run.count_output()
            checkpoint = Checkpoint.objects.create(
                run=run,
                file=name,
                sha256=sha256,
                size=path.stat().st_size,
                facts={**facts, **told},
            )
            bookmark = Bookmark.objects.filter(run=run).first()
            Bookmark.objects.filter(run=run).delete()
    except BaseException:
        discard([name])
        raise
    if bookmark:
        discard([str(bookmark.file)])
    return checkpoint

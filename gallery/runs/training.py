"""Requesting runs that train, and keeping what they leave."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.models import User
from django.core.files import File
from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Length
from django.utils.timezone import now
from django.utils.translation import gettext as _
from pydantic import ValidationError

from gallery.runs.doorbell import announce, ring
from gallery.runs.models import LARGEST_SEED, Checkpoint, Input, Interim, Role, Run, Task
from gallery.runs.refusals import RunRefused, wrong_params
from gallery.runs.services import check_room
from gallery.works.models import Artwork
from gallery.works.querysets import ArtworkQuerySet
from generators.catalog import GENERATORS
from generators.refused import Refused
from generators.training.params import TrainingParams
from generators.training.trainers import TRAINERS, Trainer


@dataclass(frozen=True, slots=True)
class Lesson:
    """A training that passed every check."""

    trainer: Trainer
    params: TrainingParams
    works: ArtworkQuerySet
    amount: int  # pictures, or characters of texts

    @property
    def cost(self) -> float:
        """Estimated seconds of one ordinary CPU core."""
        return self.trainer.cost(self.params)


def collection(medium: str, words: str) -> ArtworkQuerySet:
    """Works that may be learnt from: by people, hung, with these words in title or maker."""
    return Artwork.objects.hung().by_people().filter(medium=medium).named(words).order_by("pk")


def amount_of(trainer: Trainer, works: ArtworkQuerySet) -> int:
    """How much there is to learn from: pictures, or characters."""
    if trainer.medium == "image":
        return works.count()
    return works.aggregate(total=Sum(Length("text")))["total"] or 0


def check_lesson(name: str, params: Mapping[str, object], words: str) -> Lesson:
    """Raises RunRefused, with sentences at the fields."""
    trainer = TRAINERS.get(name)
    if trainer is None:
        raise RunRefused(_("There is no trainer for “%(name)s”.") % {"name": name})
    try:
        parsed = trainer.params.model_validate(dict(params))
        trainer.check(parsed)
    except ValidationError as error:
        raise wrong_params(error) from None
    except Refused as refused:
        raise RunRefused(str(refused)) from None
    works = collection(trainer.medium, words)
    amount = amount_of(trainer, works)
    if not trainer.least <= amount <= trainer.most:
        sentence = _("These are %(n)d pictures: between %(least)d and %(most)d can be learnt from.")
        if trainer.medium == "text":
            sentence = _(
                "These texts have %(n)d characters together: between %(least)d and %(most)d can be "
                "learnt from."
            )
        told = sentence % {"n": amount, "least": trainer.least, "most": trainer.most}
        raise RunRefused(told, fields={"find": told})
    return Lesson(trainer, parsed, works, amount)


def request_training(
    *,
    generator: str,
    params: Mapping[str, object],
    name: str,
    words: str = "",
    seed: int | None = None,
    requested_by: User | None = None,
) -> Run:
    """Queue a run that learns from works by people and leaves a checkpoint of this name; ring for a
    worker. Raises RunRefused before anything is stored."""
    lesson = check_lesson(generator, params, words)
    name = " ".join(name.split())
    seed = secrets.randbelow(LARGEST_SEED + 1) if seed is None else seed
    _check_name(generator, name)
    check_room(requested_by)
    with transaction.atomic():
        run = Run.objects.create(
            task=Task.TRAIN,
            leaves=name,
            generator=generator,
            version=GENERATORS[generator].version,
            params=lesson.params.model_dump(mode="json"),
            seed=seed,
            requested_by=requested_by,
        )
        run.inputs.bulk_create(
            Input(run=run, role=Role.LESSON, position=position, artwork=artwork)
            for position, artwork in enumerate(lesson.works)
        )
        transaction.on_commit(ring, robust=True)
    return run


def _check_name(generator: str, name: str) -> None:
    taken = Checkpoint.objects.of(generator).filter(name=name).exists()
    waiting = Run.objects.pending().filter(generator=generator, leaves=name).exists()
    sentence = ""
    if not name:
        sentence = _("Give it a name, by which it is chosen later.")
    elif taken or waiting:
        sentence = _("There is one of this name already: choose another.")
    if sentence:
        raise RunRefused(sentence, fields={"name": sentence})


def keep_interim(run: Run, path: Path) -> None:
    """Put the state of a training where any worker finds it. The file comes first; the one before
    it goes when the row names the new one. Raises LeaseLost."""
    with path.open("rb") as file:
        state = Interim(run=run)
        state.file.save(f"{run.code}-{run.attempt}.safetensors", File(file), save=False)
    old = Interim.objects.filter(run=run).first()
    try:
        with transaction.atomic():
            run.beat()
            Interim.objects.update_or_create(
                run=run, defaults={"file": state.file.name, "saved": now()}
            )
    except BaseException:
        state.file.storage.delete(str(state.file.name))
        raise
    if old is not None:
        old.file.storage.delete(str(old.file.name))


def forget_interim(run: Run) -> None:
    """A training that is over needs no state to go on from."""
    for state in Interim.objects.filter(run=run):
        state.delete()
        state.file.storage.delete(str(state.file.name))


def keep_checkpoint(run: Run, path: Path, facts: Mapping[str, str]) -> Checkpoint:
    """Store what a training left, exactly once and only for the worker that holds the run. The file
    comes first, then the row. Raises LeaseLost if the run has moved on; then nothing of it is left.
    """
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        left = Checkpoint(
            run=run,
            generator=run.generator,
            name=run.leaves,
            size=path.stat().st_size,
            sha256=sha256,
            facts={**facts, **_rights(run)},
        )
        left.file.save(f"{run.code}-{run.attempt}.safetensors", File(file), save=False)
    try:
        with transaction.atomic():
            run.count_output()
            left.save(force_insert=True)
    except BaseException:
        left.file.storage.delete(str(left.file.name))
        raise
    with suppress(OSError):
        forget_interim(run)
    announce(run.code)
    return left


def _rights(run: Run) -> dict[str, str]:
    """How many works were learnt from, and under which licences."""
    licences = run.inputs.lessons().values_list("artwork__licence", flat=True).order_by()
    found = sorted(set(licences))
    return {"works": str(run.inputs.lessons().count()), "licences": "; ".join(found)[:500]}

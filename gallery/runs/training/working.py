"""Carrying a training out: the process that learns saves its state, and it is lifted into storage.

A state that only this machine has would be lost with it. So whenever the process has saved one,
it is put in storage, and whoever tries the run next, wherever that is, goes on from there.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from functools import partial
from pathlib import Path
from time import monotonic

from channels.db import database_sync_to_async
from django.utils.translation import gettext_noop

from gallery.runs.child import Message
from gallery.runs.materials import written
from gallery.runs.models import Bookmark, LeaseLost
from gallery.runs.models.checkpoint import SUFFIX, fetched
from gallery.runs.painting import Painting, patiently
from gallery.runs.training.services import keep_bookmark, keep_checkpoint
from gallery.works.models import Medium
from generators.refused import Refused
from generators.training.trainers import TRAINERS, Trainer

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0  # between two looks for a state that was saved


class Training(Painting):
    """One attempt at one training by one worker."""

    @property
    def state(self) -> Path:
        """Where the process saves its state on this machine."""
        return self.spool / f"state{SUFFIX}"

    async def _paint(self) -> None:
        """Learn, and keep what was learnt, unless an attempt before this one has kept it."""
        set_out = database_sync_to_async(self._set_out, thread_sensitive=False)  # it takes long
        job = await patiently(set_out)
        if job is None:
            return
        begun = monotonic()
        trainer = self._trainer()
        limit = trainer.limit(trainer.parse(self.run.params))
        learning = asyncio.create_task(self.child.paint(job, self._hear, limit))
        try:
            facts = await self._lifting_states(learning)
        finally:
            learning.cancel()
            await asyncio.gather(learning, return_exceptions=True)
        await self._tell()  # the last frame is always shown
        keep = database_sync_to_async(keep_checkpoint, thread_sensitive=False)
        await patiently(partial(keep, self.run, Path(job["output"]), facts))
        logger.info("%s: trained in %.1f s.", self.run.generator, monotonic() - begun)

    def _trainer(self) -> Trainer:
        trainer = TRAINERS.get(self.run.generator)
        if trainer is None:
            raise Refused(gettext_noop("This generator cannot be trained any more."))
        return trainer

    def _set_out(self) -> Message | None:
        """Write what is learnt from, and the newest state if there is one, as files of this
        machine. None if nothing is left to be learnt."""
        if self.run.learnt is not None:
            return None
        collection = self.spool / "collection"
        collection.mkdir(parents=True, exist_ok=True)
        for lesson in self.run.inputs.lessons().with_artworks().iterator(chunk_size=200):
            # By its code a label can tell later which of them a picture comes near to.
            name = f"collection/{lesson.position:05}_{lesson.artwork.code}"
            if lesson.artwork.medium == Medium.TEXT:
                (self.spool / f"{name}.txt").write_text(lesson.artwork.text, encoding="utf-8")
            else:
                written(lesson.artwork, self.spool / f"{name}.webp")
        self._open_bookmark()
        return {
            "train": self.run.generator,
            "params": self.run.params,
            "seed": self.run.seed,
            "collection": str(collection),
            "checkpoint": str(self.state),
            "output": str(self.spool / f"learnt{SUFFIX}"),
        }

    def _open_bookmark(self) -> None:
        """Without one, and with one whose file is gone or damaged, it begins anew: the end is the
        same, only later."""
        bookmark = Bookmark.objects.filter(run=self.run).first()
        if bookmark is None:
            return
        if fetched(str(bookmark.file), bookmark.sha256, self.state):
            logger.info("Run %s goes on from its saved state.", self.run.code)
        else:
            logger.warning("Run %s: its saved state is gone; it begins anew.", self.run.code)

    async def _lifting_states(self, learning: asyncio.Task[dict[str, str]]) -> dict[str, str]:
        """Put each new state in storage until the process has ended; return its facts.

        A storage that cannot be reached is no reason to stop learning. Raises LeaseLost if the run
        is another's now.
        """
        lifted = self._saved()
        while not learning.done():
            await asyncio.wait([learning], timeout=LOOK_SECONDS)
            saved = self._saved()
            if saved in (None, lifted) or learning.done():
                continue
            lift = database_sync_to_async(keep_bookmark, thread_sensitive=False)
            try:
                await lift(self.run, self.state)
                lifted = saved
            except LeaseLost:
                raise
            except Exception:
                logger.warning("Run %s: its state was not stored.", self.run.code, exc_info=True)
        return learning.result()

    def _saved(self) -> tuple[int, int] | None:
        """What tells one saved state from the next; None where there is none."""
        with suppress(FileNotFoundError):
            told = self.state.stat()
            return told.st_ino, told.st_mtime_ns
        return None

"""Carrying a training run out: the same two tasks as a painting, and a third.

The child saves its state to a file now and then; the third task puts it into storage, where whoever
takes the run on finds it. What is learnt from is laid into a folder of the spool, a file for each
work.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

from channels.db import database_sync_to_async

from gallery.runs.child import Message
from gallery.runs.models import Interim
from gallery.runs.painting import Painting
from gallery.runs.training import keep_checkpoint, keep_interim
from gallery.works.models import Artwork, Kind, Medium, Rendition
from generators.refused import Refused
from generators.training.trainers import TRAINERS

LIFT_SECONDS = 2.0  # between two looks for a new state


class Learning(Painting):
    """One attempt at one training run by one worker."""

    async def _paint(self) -> None:
        job, limit = await database_sync_to_async(self._lesson, thread_sensitive=False)()
        lifting = asyncio.create_task(self._lift(Path(job["checkpoint"])))
        painting = asyncio.create_task(self.child.paint(job, self._hear, limit))
        try:
            await asyncio.wait([lifting, painting], return_when=asyncio.FIRST_COMPLETED)
            if lifting.done():
                lifting.result()
            facts = await painting
        finally:
            for task in (lifting, painting):
                task.cancel()
            await asyncio.gather(lifting, painting, return_exceptions=True)
        await self._tell()
        keep = database_sync_to_async(keep_checkpoint, thread_sensitive=False)
        await keep(self.run, Path(job["output"]), facts)

    def _lesson(self) -> tuple[Message, float]:
        """The job, and how many seconds it may take. Raises Refused."""
        trainer = TRAINERS.get(self.run.generator)
        if trainer is None:
            raise Refused(f"There is no trainer for {self.run.generator!r} any more.")
        folder = self.spool / "collection"
        folder.mkdir(parents=True, exist_ok=True)
        for used in self.run.inputs.lessons().with_artworks():
            _lay(used.artwork, folder, used.position)
        checkpoint = self.spool / "state.safetensors"
        state = Interim.objects.filter(run=self.run).first()
        if state is not None:
            with suppress(FileNotFoundError), state.file.open("rb") as file:
                checkpoint.write_bytes(file.read())
        job: Message = {
            "train": self.run.generator,
            "params": self.run.params,
            "seed": self.run.seed,
            "collection": str(folder),
            "checkpoint": str(checkpoint),
            "output": str(self.spool / "weights.safetensors"),
        }
        return job, trainer.limit(trainer.parse(self.run.params))

    async def _lift(self, checkpoint: Path) -> None:
        """Never returns. Raises LeaseLost when the run is no longer ours."""
        keep = database_sync_to_async(keep_interim, thread_sensitive=False)
        seen = _saved(checkpoint)
        while True:
            await asyncio.sleep(LIFT_SECONDS)
            newest = _saved(checkpoint)
            if newest != seen:
                await keep(self.run, checkpoint)
                seen = newest


def _saved(path: Path) -> int:
    """When a file was written, in nanoseconds; 0 if it was not."""
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _lay(artwork: Artwork, folder: Path, position: int) -> None:
    """One work as a file, named by its place and its code, by which labels can tell what a picture
    comes near to. Raises Refused if storage has it no more."""
    name = f"{position:05}_{artwork.code}"
    if artwork.medium == Medium.TEXT:
        (folder / f"{name}.txt").write_text(artwork.text, encoding="utf-8")
        return
    try:
        rendition = Rendition.objects.get(artwork=artwork, kind=Kind.THUMB)  # larger is not needed
        with rendition.file.open("rb") as file:
            (folder / f"{name}.webp").write_bytes(file.read())
    except (Rendition.DoesNotExist, FileNotFoundError):
        raise Refused("The file of a work that this run learns from is missing.") from None

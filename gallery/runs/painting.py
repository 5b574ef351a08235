"""Carrying a run out: here Django meets the process that paints.

Two tasks share the work. One paints output after output and keeps each; the other looks after the
row: it stores progress, renews the lease even while the child is silent, and notices within a
second that the run was cancelled or taken over. Whichever ends first ends the other.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import shutil
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TypeVar

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import OperationalError, transaction
from django.utils import translation
from django.utils.translation import gettext_noop

from gallery.runs.child import Accident, Child, Message
from gallery.runs.doorbell import announce
from gallery.runs.materials import laid_out
from gallery.runs.models import LeaseLost, Preview, Run
from gallery.runs.services import keep_output
from gallery.storage import StorageAway
from gallery.works.ingest import Busy, IngestRefused
from generators.catalog import GENERATORS
from generators.refused import Refused
from generators.seeds import output_seed

logger = logging.getLogger(__name__)
T = TypeVar("T")

LOOK_SECONDS = 0.5  # between two looks at the row, and between two reports of progress
AWAY_SECONDS = 120.0  # a store that is away so long is left to another worker, or to later
AWAY_PAUSE = 5.0  # seconds between two tries at it


class Stopped(Exception):
    """The worker has to end; the run goes back to the queue."""


async def patiently(do: Callable[[], Awaitable[T]]) -> T:
    """Do what needs storage, and do it again while that is away: what took an hour to paint is not
    painted anew for a minute's absence. Raises StorageAway, or Busy, in the end."""
    end = monotonic() + AWAY_SECONDS
    while True:
        try:
            return await do()
        except (StorageAway, Busy) as away:
            if monotonic() >= end:
                raise
            logger.warning("Trying again: %s", away)
        await asyncio.sleep(AWAY_PAUSE)


class Painting:
    """One attempt at one run by one worker."""

    def __init__(self, run: Run, child: Child) -> None:
        self.run, self.child = run, child
        self.spool = Path(settings.SPOOL) / str(run.code) / str(run.attempt)
        self.weights: dict[str, str] = {}  # the param that names trained ones, by path
        self.learnt: dict[str, str] = {}  # what a recipe says of the checkpoint
        self.news: Message | None = None  # the newest frame that no row has yet
        self.stirred = asyncio.Event()  # there are news, or it is time to stop
        self.stopping = False
        self.reported = self.beaten = monotonic()

    def stop(self) -> None:
        """Give the run back to the queue as soon as possible."""
        self.stopping = True
        self.stirred.set()

    async def carry_out(self) -> None:
        """Paint what the run still lacks; whatever happens is written to its row, in English."""
        try:
            with translation.override("en"):
                end = await self._ending()
            await database_sync_to_async(end)()
        except LeaseLost:
            logger.info("Run %s was cancelled or taken over.", self.run.code)
        finally:
            await asyncio.to_thread(self._clear_spool)
            announce(self.run.code)

    async def _ending(self) -> Callable[[], None]:
        """Paint; return how the run is to be ended. Raises LeaseLost."""
        try:
            await self._paint_and_look_after()
            return self.run.finish
        except LeaseLost:
            raise
        except Stopped:
            return self.run.release
        except (StorageAway, Busy):
            return partial(self.run.release, gettext_noop("The store room does not answer."))
        except (Refused, IngestRefused) as refused:
            return partial(self.run.fail, str(refused))
        except Exception as accident:  # noqa: BLE001  the log has it, and the run is tried again
            return partial(self.run.stumble, self._told(accident))

    def _told(self, accident: Exception) -> str:
        """Log an accident; what the run's row says of it."""
        if isinstance(accident, Accident):
            logger.warning("Run %s: %s", self.run.code, accident)
            return str(accident)
        if isinstance(accident, OperationalError):
            logger.warning("Run %s lost the database.", self.run.code, exc_info=accident)
            return gettext_noop("The database could not be reached.")
        logger.error("Run %s", self.run.code, exc_info=accident)
        return f"{type(accident).__name__}: {accident}"

    async def _paint_and_look_after(self) -> None:
        tasks = [asyncio.create_task(self._look_after()), asyncio.create_task(self._paint())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()

    async def _paint(self) -> None:
        """Paint and keep each output that has no row yet."""
        missing, job = await patiently(database_sync_to_async(self._plan))
        for index in missing:
            params = self.run.params_of(index)
            job |= {
                "params": params | self.weights,
                "seed": output_seed(self.run.seed, index),
                "output": str(self.spool / f"{index}.bytes"),
            }
            begun = monotonic()
            facts = await self.child.paint(job, self._hear)
            await self._tell()  # the last frame is always shown
            await self._keep(index, {**job, "params": params}, facts)
            logger.info(
                *("%s: work %d of %d made in %.1f s.", self.run.generator, index + 1),
                *(self.run.count, monotonic() - begun),
            )

    def _plan(self) -> tuple[list[int], Message]:
        """Which outputs are missing, and what all of them start from."""
        kept = set(self.run.outputs.values_list("index", flat=True))
        job: Message = {"generator": self.run.generator}
        if checkpoint := self.run.checkpoint:
            self.weights = {GENERATORS[self.run.generator].weights: checkpoint.written(self.spool)}
            self.learnt = {"checkpoint": str(checkpoint.code), "weights_sha256": checkpoint.sha256}
        inputs = list(self.run.inputs.shown())
        self.inputs = [{"code": str(one.artwork.code), "role": str(one.role)} for one in inputs]
        job |= laid_out(((one.role, one.artwork) for one in inputs), self.spool)
        return [index for index in range(self.run.count) if index not in kept], job

    def _hear(self, frame: Message) -> None:
        """Take a frame from the child. A picture is not lost to a later frame without one."""
        if self.news and not (frame["image"] or frame["text"]):
            frame |= {"image": self.news["image"], "text": self.news["text"]}
        self.news = frame
        self.stirred.set()

    async def _keep(self, index: int, job: Message, facts: dict[str, str]) -> None:
        """Ingest takes seconds, so it gets a thread of its own; the lease is renewed meanwhile."""
        recipe = {
            **facts,
            **self.learnt,
            "generator": self.run.generator,
            "version": int(facts["version"]),
            "params": job["params"],
            "seed": job["seed"],
            "run": str(self.run.code),
            "run_seed": self.run.seed,
            "index": index,
            "inputs": self.inputs,
        }
        data = await asyncio.to_thread(Path(job["output"]).read_bytes)
        keep = database_sync_to_async(keep_output, thread_sensitive=False)
        await patiently(partial(keep, self.run, index, data, recipe))
        announce(self.run.code)

    async def _look_after(self) -> None:
        """Never returns. Raises Stopped, or LeaseLost when the run is no longer ours."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self.stirred.wait()
            self.stirred.clear()
            if self.stopping:
                raise Stopped
            try:
                await self._look()
            except OperationalError:
                logger.warning("The database cannot be reached; painting goes on.", exc_info=True)

    async def _look(self) -> None:
        if self.news and monotonic() - self.reported >= LOOK_SECONDS:
            await self._tell()
        elif monotonic() - self.beaten >= settings.PAINT_BEAT_SECONDS:
            await database_sync_to_async(self.run.beat)()
            self.beaten = monotonic()
        else:
            await database_sync_to_async(self.run.check_held)()

    async def _tell(self) -> None:
        """Store the newest frame, if it is not stored yet, and tell those who look."""
        news, self.news = self.news, None
        if news:
            await database_sync_to_async(self._report)(news)
            self.reported = self.beaten = monotonic()
            announce(self.run.code)

    def _report(self, news: Message) -> None:
        with transaction.atomic():
            self.run.report(news["step"], news["steps"], news["note"])
            if news["image"] or news["text"]:
                image = base64.b64decode(news["image"])
                Preview.objects.show(self.run, image=image, text=news["text"])

    def _clear_spool(self) -> None:
        """Remove what this attempt and those before it left; a later one keeps its own."""
        with suppress(FileNotFoundError):
            for attempt in self.spool.parent.iterdir():
                if int(attempt.name) <= self.run.attempt:
                    shutil.rmtree(attempt, ignore_errors=True)
            self.spool.parent.rmdir()

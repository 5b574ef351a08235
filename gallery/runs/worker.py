"""The Channels worker that paints, in the web server's process or in one of its own."""

from __future__ import annotations

import asyncio
import logging
import math
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from typing import Any

from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from channels.worker import Worker
from django.conf import settings
from django.db import DatabaseError
from django.utils.module_loading import import_string

from gallery.runs.child import Child
from gallery.runs.consumers import PaintConsumer
from gallery.runs.doorbell import CHANNEL
from gallery.runs.measuring import Measuring
from gallery.runs.models import Run
from gallery.runs.models import Worker as Live
from gallery.runs.models.worker import BEAT_SECONDS
from gallery.runs.painting import Painting
from gallery.runs.schedules.services import start_due
from gallery.runs.training.working import Training
from gallery.storage import StorageAway

logger = logging.getLogger(__name__)

GRACE_SECONDS = 5.0  # to give a run back when told to stop; past it, its lease runs out


class PaintWorker(Worker):
    """`channels.worker.Worker`, which also rings its own bell and can be stopped gently.

    Channel layers deliver at most once; the tick makes sure that what waits is found without them.
    With `until_empty` it ends by itself when every run is over, also those of other workers, and
    measures nothing and starts no schedule: someone waits for it.
    """

    def __init__(self, *, until_empty: bool = False) -> None:
        self.until_empty = until_empty
        # Says in the log where a run was painted; the random part tells restarts apart.
        self.name = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(3)}"
        self.child = Child()
        self.measuring = Measuring(self.child)
        self.painting: Painting | None = None
        self.beaten = -math.inf
        self.stopping = asyncio.Event()
        self.idle = asyncio.Event()
        self.idle.set()
        application = PaintConsumer.as_asgi(worker=self)
        super().__init__(application, [CHANNEL], get_channel_layer())

    async def arun(self) -> None:
        """Work until `stop` is called, or until every run is over if that is all to be done."""
        checking = asyncio.create_task(self.application_checker())
        try:
            await self.child.warm_up()
            await self.handle()
        finally:
            checking.cancel()
            self.stop()
            with suppress(TimeoutError):
                async with asyncio.timeout(GRACE_SECONDS):
                    await self.idle.wait()
            await self.child.kill()
            with _trying_again():
                await database_sync_to_async(Live.objects.leave)(self.name)
            for channel in list(self.application_instances):
                self.delete_application_instance(channel)

    async def handle(self) -> None:
        """Listen to the layer, and ring every tick, which serves alone while Redis is away.

        The tick also buries, as one run may be painted for hours and others die meanwhile, and
        starts what a schedule asks for at this hour.
        """
        listening = asyncio.create_task(super().handle())
        while not self.stopping.is_set():
            with _trying_again():
                await self._beat()
                await database_sync_to_async(Run.objects.bury)()
                if not self.until_empty:
                    await database_sync_to_async(start_due)()
            self.ring()
            with suppress(TimeoutError):
                async with asyncio.timeout(settings.PAINT_TICK_SECONDS):
                    await self.stopping.wait()
            if listening.done():
                logger.warning("No channel layer: %r", listening.exception())
                listening = asyncio.create_task(super().handle())
        listening.cancel()

    async def _beat(self) -> None:
        """Let the studio know that this worker lives, also while no run keeps it busy."""
        if monotonic() - self.beaten >= BEAT_SECONDS:
            await database_sync_to_async(Live.objects.beat)(self.name, settings.PAINT_DEVICE)
            self.beaten = monotonic()

    def ring(self) -> None:
        """Put a doorbell before the consumer, unless one lies there already."""
        scope = {"type": "channel", "channel": CHANNEL}
        bells: asyncio.Queue[dict[str, Any]] = self.get_or_create_application_instance(
            CHANNEL, scope
        )
        if bells.empty():
            bells.put_nowait({"type": "paint.ready"})

    def stop(self) -> None:
        """End soon: the run in hand goes back to the queue."""
        self.stopping.set()
        if self.painting is not None:
            self.painting.stop()

    async def paint_waiting(self) -> None:
        """Paint, one after another, all runs that wait; then measure works, and do what else the
        settings name, until a run does."""
        self.idle.clear()
        try:
            with _trying_again():
                while not self.stopping.is_set():
                    run = await database_sync_to_async(Run.objects.claim)(self.name)
                    if run is not None:
                        await self._carry_out(run)
                    elif self.until_empty or not (
                        await self.measuring.measure_next() or await _other_work()
                    ):
                        break
                any_pending = database_sync_to_async(Run.objects.pending().exists)
                if self.until_empty and not await any_pending():
                    self.stop()
        finally:
            self.idle.set()

    async def _carry_out(self, run: Run) -> None:
        self.painting = (Training if run.trains else Painting)(run, self.child)
        if self.stopping.is_set():  # told so while the run was being claimed
            self.painting.stop()
        await self.painting.carry_out()
        self.painting = None
        if not self.stopping.is_set():
            await self.child.warm_up()


async def _other_work() -> bool:
    """One piece of what the settings name as work for an idle worker; False if there is none.

    Runs know nothing of what that is. Raises DatabaseError.
    """
    for path in settings.IDLE_WORK:
        if await database_sync_to_async(import_string(path))():
            return True
    return False


@contextmanager
def _trying_again() -> Iterator[None]:
    """What fails for want of database or storage is done again at the next tick."""
    try:
        yield
    except DatabaseError:
        logger.warning("The database cannot be reached; trying again.", exc_info=True)
    except StorageAway as away:
        logger.warning("Trying again: %s", away)

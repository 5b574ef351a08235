"""ASGI's lifespan: the server starts the worker that paints, and stops it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings

from gallery.runs.doorbell import live_on
from gallery.runs.worker import PaintWorker

logger = logging.getLogger(__name__)

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Lifespan:
    """Runs a `PaintWorker` on the server's own loop for as long as the server lives."""

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        await receive()  # lifespan.startup
        live_on(asyncio.get_running_loop())
        self.stopping = False
        painting = asyncio.create_task(self._paint()) if settings.PAINT_IN_PROCESS else None
        await send({"type": "lifespan.startup.complete"})
        await receive()  # lifespan.shutdown
        live_on(None)
        if painting is not None:
            self.stopping = True
            self.worker.stop()
            await painting
        await send({"type": "lifespan.shutdown.complete"})

    async def _paint(self) -> None:
        """Keep a worker running. One that falls over is told of in the log and replaced."""
        while not self.stopping:
            self.worker = PaintWorker()
            try:
                await self.worker.arun()
            except Exception:
                logger.exception("The worker that paints fell over; another starts.")
                await asyncio.sleep(settings.PAINT_TICK_SECONDS)

"""Messages that say "look again". What there is to see stands in the runs table, so a message
that is lost, late or doubled does no harm, and a bell that does not ring must not fail a request.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import Any, Protocol
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings

logger = logging.getLogger(__name__)

CHANNEL = "paint"
PATIENCE = 1.0  # seconds that a request waits for the layer at most


class Layer(Protocol):
    """The part of a channel layer that rings."""

    async def send(self, channel: str, message: dict[str, Any]) -> None: ...

    async def group_send(self, group: str, message: dict[str, Any]) -> None: ...


class Home:
    """The event loop that this process serves on. The in-memory layer belongs to it: from another
    loop or a plain thread a message would arrive seconds late, or never."""

    loop: asyncio.AbstractEventLoop | None = None


def live_on(loop: asyncio.AbstractEventLoop | None) -> None:
    """Send on `loop` from now on; None when it is about to end."""
    Home.loop = loop


def group(code: UUID) -> str:
    """The group of those who look at a run."""
    return f"run.{code}"


def ring() -> None:
    """Tell a worker that there may be something to paint. Callable from any thread."""
    _deliver(lambda layer: layer.send(CHANNEL, {"type": "paint.ready"}))


def announce(code: UUID) -> None:
    """Tell all who look at a run that it has changed. Callable from any thread."""
    _deliver(lambda layer: layer.group_send(group(code), {"type": "run.changed"}))


def ask() -> None:
    """Have the layer note a name and forget it: wait for it, and raise whatever goes wrong.

    From a plain thread, never from the loop that this process serves on.
    """

    async def note() -> None:
        layer = get_channel_layer()
        async with asyncio.timeout(PATIENCE):
            channel = await layer.new_channel()
            await layer.group_add("ready", channel)
            await layer.group_discard("ready", channel)

    if Home.loop is not None:
        asyncio.run_coroutine_threadsafe(note(), Home.loop).result(2 * PATIENCE)
    else:
        async_to_sync(note)()


def _deliver(message: Callable[[Layer], Awaitable[None]]) -> None:
    async def deliver() -> None:
        async with asyncio.timeout(PATIENCE):
            await message(get_channel_layer())

    try:
        if Home.loop is not None:
            asyncio.run_coroutine_threadsafe(deliver(), Home.loop).add_done_callback(_complain)
        elif settings.REDIS_URL:
            async_to_sync(deliver)()
        # else the layer is in memory and nobody listens in this process: the worker's tick serves
    except Exception as error:  # noqa: BLE001  each layer has its own, and none may fail a request
        logger.warning("The bell did not ring: %r", error)


def _complain(ringing: Future[None]) -> None:
    if not ringing.cancelled() and ringing.exception() is not None:
        logger.warning("The bell did not ring: %r", ringing.exception())

"""What Channels calls: the background worker's handler, and the socket of an open run page."""

from __future__ import annotations

import asyncio
from collections import Counter
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs
from uuid import UUID

from channels.consumer import AsyncConsumer
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import translation

from gallery.roles import is_admin
from gallery.runs import doorbell
from gallery.runs.models import Run

if TYPE_CHECKING:
    from gallery.runs.worker import PaintWorker

# Close codes, after HTTP's; htmx reconnects on none of them.
NOT_YOURS, UNKNOWN, TOO_MANY = 4403, 4404, 4429
CHECK_SECONDS = 3.0  # between two questions whether somebody may still listen
MOST_SOCKETS = 50  # of one person in this process; each is a page that is open


class PaintConsumer(AsyncConsumer):
    """Background worker. A message is only a doorbell: what there is to do is read from the runs
    table, so a lost or doubled message is harmless."""

    def __init__(self, worker: PaintWorker) -> None:
        self.worker = worker

    async def paint_ready(self, message: dict[str, Any]) -> None:
        await self.worker.paint_waiting()


class RunConsumer(AsyncWebsocketConsumer):
    """Pushes the live part of one run's page to an admin who has it open, as HTML for htmx.

    An event says only "look again"; what is sent is read from the row. So lost and repeated events
    are harmless, and a reconnect brings everything up to date.
    """

    open_sockets: Counter[int | None] = Counter()  # by whoever opened them, strangers together

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve until the socket ends, in whatever way; if asking fails, the socket ends too."""
        person = scope["user"].pk
        self.over = False
        self.open_sockets[person] += 1
        try:
            async with asyncio.TaskGroup() as tasks:
                watch = tasks.create_task(self._watch())
                await super().__call__(scope, receive, send)
                watch.cancel()
        finally:
            self.open_sockets[person] -= 1
            self.open_sockets += Counter()  # forget who has none left

    async def connect(self) -> None:
        self.code: UUID = self.scope["url_route"]["kwargs"]["code"]
        query = parse_qs(self.scope["query_string"].decode("latin1"))
        self.seen = query.get("seen", [""])[0]  # the shape that the page was rendered with
        await self.accept()  # a refusal before it would reach the browser as a mere failure
        if self.open_sockets[self.scope["user"].pk] > MOST_SOCKETS:
            await self._end(TOO_MANY)
            return
        # Join before reading, so that no change falls between the two.
        await self.channel_layer.group_add(doorbell.group(self.code), self.channel_name)
        await self.run_changed({})

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(doorbell.group(self.code), self.channel_name)

    async def _watch(self) -> None:
        """Close when the right to listen ends, also where nothing happens to the run."""
        while not self.over:
            await asyncio.sleep(CHECK_SECONDS)
            if not await database_sync_to_async(self._is_admin)():
                await self._end(NOT_YOURS)

    async def _end(self, code: int) -> None:
        """Close once; nothing is sent afterwards."""
        if not self.over:
            self.over = True
            await self.close(code)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Nothing that a page sends is of interest."""

    async def run_changed(self, message: dict[str, Any]) -> None:
        page = await database_sync_to_async(self._look)()
        if isinstance(page, int):
            await self._end(page)
        elif not self.over:
            await self.send(page)

    def _look(self) -> str | int:
        """The live part of the page, or the code to close with. Asks again each time whether this
        person may see it: roles end, and so do sessions."""
        if not self._is_admin():
            return NOT_YOURS
        run = Run.objects.filter(code=self.code).select_related("preview", "left").first()
        if run is None:
            return UNKNOWN
        seen, self.seen = self.seen, run.shape
        with translation.override(self._language()):
            return render_to_string("runs/run.html#live", {"run": run, "seen": seen})

    def _is_admin(self) -> bool:
        """Asked of the session as it is now: it ends by signing out, does not outlive the password
        with which it began, and is an admin's only once a second factor was shown in it."""
        request = HttpRequest()
        sessions = import_module(settings.SESSION_ENGINE)
        request.session = sessions.SessionStore(self.scope["session"].session_key)
        request.user = get_user(request)
        return is_admin(request)

    def _language(self) -> str:
        request = HttpRequest()
        request.COOKIES = self.scope["cookies"]
        headers = dict(self.scope["headers"])
        request.META["HTTP_ACCEPT_LANGUAGE"] = headers.get(b"accept-language", b"").decode("latin1")
        return translation.get_language_from_request(request)

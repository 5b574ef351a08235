"""Wait for request bodies on the event loop, where waiting is free, not in one of the few threads.

Without this, as many visitors on slow lines as there are threads would hold up everyone else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from tempfile import SpooledTemporaryFile
from typing import IO, Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[..., Awaitable[None]]  # ASGI, however its types are spelled

IN_MEMORY = 1024 * 1024  # bytes; a longer body waits on disk
CHUNK = 64 * 1024


class Disconnected(Exception):
    """The visitor went away before the body was complete."""


class TooLong(Exception):
    """The body grew past the limit without having said so."""


class WholeBodies:
    """Call `application` only once the body is there in full.

    A body of more than `limit` bytes, or one that takes more than `seconds`, is refused: 413, 408.
    A body that declares itself too long is not waited for; the application sees an empty one and
    its declared length, and refuses it in its own words.
    """

    def __init__(self, application: Application, *, limit: int, seconds: float) -> None:
        self.application, self.limit, self.seconds = application, limit, seconds

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        length = headers.get(b"content-length", b"0")
        if b"transfer-encoding" not in headers and length == b"0":
            return await self.application(scope, receive, send)
        with SpooledTemporaryFile(IN_MEMORY) as body:
            try:
                if not length.isdigit() or int(length) <= self.limit:
                    async with asyncio.timeout(self.seconds):
                        await self._collect(receive, body)
            except TimeoutError:
                return await refuse(
                    send, 408, b"This request took too long to arrive. Send it again."
                )
            except TooLong:
                return await refuse(send, 413, b"This request is too large.")
            except Disconnected:
                return None
            body.seek(0)
            return await self.application(scope, replay(body, receive), send)

    async def _collect(self, receive: Receive, body: IO[bytes]) -> None:
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Disconnected
            body.write(message.get("body", b""))
            if body.tell() > self.limit:
                raise TooLong
            more = message.get("more_body", False)


def replay(body: IO[bytes], receive: Receive) -> Receive:
    """A `receive` that hands out `body` and then whatever else happens to the connection."""
    done = False

    async def next_message() -> Message:
        nonlocal done
        if done:
            return await receive()
        chunk = body.read(CHUNK)
        done = len(chunk) < CHUNK
        return {"type": "http.request", "body": chunk, "more_body": not done}

    return next_message


async def refuse(send: Send, status: int, sentence: bytes) -> None:
    """A refusal in plain text, after which the connection is of no more use."""
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(sentence)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": sentence})

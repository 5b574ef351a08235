"""A run's page, as far as it listens: its socket, and what rings."""

import asyncio
from contextlib import contextmanager

from asgiref.testing import ApplicationCommunicator

from gallery.asgi import application
from gallery.runs import doorbell

ORIGIN = "http://localhost"


class Socket(ApplicationCommunicator):
    """A page's socket with the cookies of `client`."""

    def __init__(
        self, client, code: object, *, origin: str | None = ORIGIN, seen: str = ""
    ) -> None:
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
        headers = [(b"cookie", cookies.encode())]
        if origin:
            headers.append((b"origin", origin.encode()))
        scope = {
            "type": "websocket",
            "path": f"/ws/runs/{code}/",
            "query_string": f"seen={seen}".encode(),
            "headers": headers,
            "subprotocols": [],
        }
        super().__init__(application, scope)

    async def opens(self) -> bool:
        await self.send_input({"type": "websocket.connect"})
        return bool((await self.receive_output(5))["type"] == "websocket.accept")

    async def hears(self) -> str:
        message = await self.receive_output(5)
        assert message["type"] == "websocket.send"
        return str(message["text"])

    async def is_closed_with(self) -> int:
        message = await self.receive_output(5)
        assert message["type"] == "websocket.close"
        return int(message["code"])

    async def leave(self) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait()


async def refusal(client, code: object) -> int:
    page = Socket(client, code)
    assert await page.opens()
    told = await page.is_closed_with()
    await page.leave()
    return told


async def first_words(page: Socket) -> str:
    await page.opens()
    heard = await page.hears()
    await page.leave()
    return heard


@contextmanager
def bells_on_this_loop():
    doorbell.live_on(asyncio.get_running_loop())
    try:
        yield
    finally:
        doorbell.live_on(None)

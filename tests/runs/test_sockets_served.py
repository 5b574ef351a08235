"""What an open run page hears from real servers, over real sockets."""

import asyncio

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.servers import Gallery


def cookie_of(gallery: Gallery) -> str:
    """Of an admin who is signed in."""
    return f"sessionid={gallery.admin_session()}"


def queue(gallery: Gallery) -> str:
    return gallery.python(
        "from gallery.runs.services import request_run\n"
        "params = {'size': 192, 'octaves': 1, 'steps': 60}\n"
        "print(request_run(generator='inceptionism', params=params).code)"
    ).strip()


async def hear_to_the_end(gallery: Gallery, code: str, cookie: str) -> list[str]:
    heard: list[str] = []
    async with asyncio.timeout(30):
        address = f"{gallery.url.replace('http', 'ws')}/ws/runs/{code}/"
        page: ClientConnection
        async with connect(
            address,
            origin=gallery.url,  # type: ignore[arg-type]
            additional_headers={"Cookie": cookie},
        ) as page:
            while not heard or "Done" not in heard[-1]:
                heard.append(str(await page.recv()))
    return heard


def assert_a_run_is_heard(gallery: Gallery) -> None:
    cookie = cookie_of(gallery)
    code = queue(gallery)
    heard = asyncio.run(hear_to_the_end(gallery, code, cookie))
    assert any("Painting, step" in part for part in heard)
    assert any("/preview/?n=" in part for part in heard)
    assert "1 of 1 work made" in heard[-1]


async def shout(gallery: Gallery, cookie: str, length: int) -> int | None:
    """The code that the socket is closed with after a frame of so many bytes; None if it stays."""
    address = f"{gallery.url.replace('http', 'ws')}/ws/runs/{queue(gallery)}/"
    headers = {"Cookie": cookie}
    async with connect(address, origin=gallery.url, additional_headers=headers) as page:  # type: ignore[arg-type]
        try:
            await page.send("x" * length)
            async with asyncio.timeout(1):
                while True:
                    await page.recv()
        except TimeoutError:
            return None
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None


def test_a_frame_that_no_page_sends_closes_the_socket(tmp_path, furnished):
    gallery = Gallery(tmp_path / "gallery", PAINT_IN_PROCESS="0").furnish(furnished).start()
    try:
        cookie = cookie_of(gallery)
        assert asyncio.run(shout(gallery, cookie, 4096)) is None
        assert asyncio.run(shout(gallery, cookie, 4097)) == 1009
    finally:
        gallery.stop()


def test_a_run_is_heard_while_it_is_painted_in_the_servers_own_process(gallery_server):
    assert_a_run_is_heard(gallery_server)


def test_a_run_is_heard_through_redis_while_another_process_paints_it(
    tmp_path, redis_url, furnished
):
    gallery = Gallery(tmp_path / "gallery", REDIS_URL=redis_url).furnish(furnished).start()
    worker = gallery.worker()
    try:
        assert_a_run_is_heard(gallery)
    finally:
        worker.terminate()
        gallery.stop()
        assert worker.wait(10) == 0


async def listen(gallery: Gallery, code: str, cookie: str, seconds: float) -> bool:
    """Whether the page's socket is still open after so long without news."""
    address = f"{gallery.url.replace('http', 'ws')}/ws/runs/{code}/"
    headers = {"Cookie": cookie}
    async with connect(address, origin=gallery.url, additional_headers=headers) as page:  # type: ignore[arg-type]
        await page.recv()
        try:
            async with asyncio.timeout(seconds):
                await page.recv()
        except TimeoutError:
            return True
        except ConnectionClosed:
            return False
    raise AssertionError("there was news")


@pytest.mark.soak
def test_a_socket_stays_open_through_redis_while_there_is_no_news(tmp_path, redis_url, furnished):
    gallery = Gallery(tmp_path / "gallery", REDIS_URL=redis_url).furnish(furnished).start()
    try:
        code = queue(gallery)  # and no worker to paint it
        assert asyncio.run(listen(gallery, code, cookie_of(gallery), 12))
    finally:
        gallery.stop()

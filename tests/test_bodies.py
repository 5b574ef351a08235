"""Slow and endless requests at the real server."""

import socket
import time
from contextlib import ExitStack
from urllib.request import urlopen

import pytest

from gallery.asgi import HTTP_THREADS
from tests.servers import Gallery

pytestmark = pytest.mark.any_database


@pytest.fixture(scope="module")
def server(tmp_path_factory, furnished):
    gallery = Gallery(tmp_path_factory.mktemp("bodies"), PAINT_IN_PROCESS="0")
    gallery.furnish(furnished).start()
    yield gallery
    gallery.stop()


def dial(server: Gallery, request: str) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    line.sendall(request.replace("\n", "\r\n").encode())
    return line


def test_visitors_on_slow_lines_hold_nobody_up(server):
    with ExitStack() as lines:
        for _ in range(2 * HTTP_THREADS):
            head = "POST /login/ HTTP/1.1\nHost: localhost\nContent-Length: 100000\n\nab="
            lines.enter_context(dial(server, head))
        began = time.monotonic()
        with urlopen(f"{server.url}/login/", timeout=5) as page:
            assert page.status == 200
        assert time.monotonic() - began < 3


def test_a_body_that_arrives_in_pieces_is_read_whole(server):
    body = "code=" + "x" * 300_000
    head = (
        "POST /answers/ HTTP/1.1\nHost: localhost\nConnection: close\n"
        f"Content-Type: application/x-www-form-urlencoded\nContent-Length: {len(body)}\n\n"
    )
    with dial(server, head) as line:
        for start in range(0, len(body), 100_000):
            line.sendall(body[start : start + 100_000].encode())
            time.sleep(0.05)
        # It has no token: that this is what is missed shows that the form was read.
        assert line.recv(12) == b"HTTP/1.1 403"


def test_an_endless_body_is_refused(server):
    head = "POST /answers/ HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked\n\n"
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    with dial(server, head) as line:
        with pytest.raises((BrokenPipeError, ConnectionResetError)):  # noqa: PT012  any of the sends may meet the closed line
            for _ in range(200):
                line.sendall(chunk)
        try:
            answer = line.recv(12)
        except ConnectionResetError:
            return  # closed before its words were read
        assert answer in (b"HTTP/1.1 413", b"")

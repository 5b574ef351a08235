"""Logs for programs: one object a line whatever is asked, and nobody who visits is in them."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.servers import Gallery, wait_until
from tests.studies.browsers import Browser, next_address

ADDRESS, AGENT = "203.0.113.77", "Snooper/9.9"  # the address is one for documentation
CLIENT = {"X-Forwarded-For": ADDRESS, "User-Agent": AGENT}
MARKS = {"coherence": 2, "surprise": 6}


class Known(Browser):
    """A visitor whom the server knows by address and program."""

    def send(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str]:
        return super().send(method, path, body, **headers, **CLIENT)


TALKATIVE = {"LOG_FORMAT": "json", "LOG_LEVEL": "DEBUG", "PAINT_IN_PROCESS": "0"}


@pytest.fixture(scope="module")
def gallery(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gallery]:
    """It serves, and its server is as talkative as by default."""
    gallery = Gallery(tmp_path_factory.mktemp("logs") / "gallery", **TALKATIVE)
    gallery.furnish(furnished).start("info")
    yield gallery
    gallery.stop()


def lines(gallery: Gallery) -> list[dict[str, Any]]:
    """Every line, which has to be an object."""
    told = [json.loads(line) for line in gallery.log.read_text().splitlines()]
    assert all(isinstance(one, dict) for one in told)
    return told


def shout(gallery: Gallery, request: bytes) -> bytes:
    """Send bytes as no browser would; the answer's first line."""
    with socket.create_connection(("127.0.0.1", gallery.port), timeout=10) as line:
        line.sendall(request)
        return line.recv(4096).split(b"\r\n")[0]


def told_of(gallery: Gallery, request: bytes, status: bytes) -> dict[str, Any]:
    """The one line that a request leaves."""
    before = len(lines(gallery))
    assert status in shout(gallery, request)
    wait_until(lambda: len(lines(gallery)) > before, seconds=5, what="a line")
    (line,) = (one for one in lines(gallery)[before:] if one["levelname"] != "DEBUG")
    return line


def test_a_hostile_path_is_one_line(gallery):
    path = b"/%0a%7b%22forged%22:true%7d%0d%0a%1b%5b31m%00%e2%80%a8%c2%85"
    line = told_of(gallery, b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", b"404")
    assert "forged" in line["message"]
    assert line["levelname"] == "WARNING"
    assert line["name"] == "django.request"
    assert line["status_code"] == 404


def test_what_is_no_request_is_one_line(gallery):
    line = told_of(gallery, b'GET /\x1b{"forged": 1}\nHost x\r\n\r\n', b"400")
    assert line["name"] == "uvicorn.error"


def test_a_hostile_host_is_one_line(gallery):
    line = told_of(gallery, b"GET / HTTP/1.1\r\nHost: evil\xe2\x80\xa8.example\r\n\r\n", b"400")
    assert line["name"] == "django.security.DisallowedHost"


async def open_socket(gallery: Gallery, origin: str) -> None:
    """As a stranger does, from a page of `origin`; it is closed again by the server."""
    url = f"{gallery.url.replace('http', 'ws')}/ws/runs/{uuid4()}/"
    try:
        async with connect(url, origin=origin, additional_headers=CLIENT) as page:  # type: ignore[arg-type]
            await asyncio.wait_for(page.recv(), 5)
    except (ConnectionClosed, InvalidStatus):
        pass


def test_a_walk_through_the_site_leaves_no_trace_of_who_walked(tmp_path, furnished):
    gallery = Gallery(tmp_path / "gallery", **TALKATIVE).furnish(furnished).start("info")
    gallery.python("from tests.factories import make_study\nmake_study(2, slug='walk')")
    visitor = Known(gallery.url)
    for path in ("/", "/works/", "/studies/", "/nowhere/", "/studio/", "/static/nothing.css"):
        visitor.get(path)
    address = visitor.sit_down("walk")
    while "/answer/" in address:
        _, page = visitor.post(address, MARKS, htmx=True)
        address = next_address(page)
    visitor.post("/login/", {"username": "nobody", "password": "wrong"})
    visitor.post("/answers/erase/", {"code": "nobody"})
    assert visitor.send("POST", "/answers/export/", "code=x")[0] == 403  # no token
    asyncio.run(open_socket(gallery, gallery.url))
    asyncio.run(open_socket(gallery, "http://evil.example"))
    gallery.python(
        "from django.db import connection\n"
        "connection.cursor().execute('alter table works_artwork rename to elsewhere')"
    )
    try:
        assert visitor.get("/works/")[0] == 500
    finally:
        gallery.stop()
    told = lines(gallery)
    assert {one["name"] for one in told} >= {"django.request", "django.security.csrf"}
    assert any("Traceback" in one.get("exc_info", "") for one in told)
    log = gallery.log.read_text()
    for trace in (ADDRESS, "127.0.0.1", AGENT, "Snooper"):
        assert trace not in log

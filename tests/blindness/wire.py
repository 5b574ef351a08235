"""Walks studies as raters do, and keeps everything that can be observed before a vote.

The walker never learns who made a work; it follows whatever form the page has.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from time import perf_counter
from urllib.parse import urlencode

from gallery.simulation.visitor import FormReader

ALIAS = re.compile(r"/trials/([0-9a-f-]{36})/(?:answer|guess)/")
PICTURE = re.compile(r'<img src="(/trials/[^"]+/picture/)"')
PREFETCH = re.compile(r'<link rel="prefetch" href="([^"]+)"')


@dataclass(frozen=True)
class Reply:
    """One answer of the server, as it came over the wire. Times in ms since the request."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    first_ms: float
    last_ms: float

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


class Wire:
    """A browser's connection: kept alive, with cookies, and nothing else of its own."""

    def __init__(self, port: int, cookies: dict[str, str] | None = None) -> None:
        self.port = port
        self.connection = HTTPConnection("127.0.0.1", port, timeout=30)
        self.cookies = dict(cookies or {})

    def ask(
        self,
        path: str,
        form: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())} | (headers or {})
        body = None
        if form is not None:
            body = urlencode(form)
            sent |= {"Content-Type": "application/x-www-form-urlencoded"}
            sent |= {"Origin": f"http://127.0.0.1:{self.port}"}
        begun = perf_counter()
        self.connection.request("GET" if form is None else "POST", path, body, sent)
        response = self.connection.getresponse()
        first = perf_counter()
        data = response.read()
        last = perf_counter()
        found = response.getheaders()
        for name, value in found:
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return Reply(response.status, found, data, 1000 * (first - begun), 1000 * (last - begun))


def filled(form: FormReader, chance: random.Random) -> dict[str, str]:
    """Any answer to every question."""
    return form.hidden | {name: chance.choice(values) for name, values in form.radios.items()}


@dataclass
class Observation:
    """Everything seen of one work before its answer."""

    alias: str
    position: int
    page: Reply
    picture: Reply | None
    again: Reply | None  # the picture asked for once more, with what a cache would send
    socket: int  # the status with which a websocket on the alias is refused
    announced: bool  # whether the page before had told the browser to fetch this picture
    listed: bool = False  # whether a public page names the alias
    extra: dict[str, float] = field(default_factory=dict)


def sit(port: int, slug: str, chance: random.Random, leak: str = "") -> Iterator[Observation]:
    """One rater's sitting up to the guesses. `leak` names a seeded leak of a leaky server."""
    wire = Wire(port, {"leak": leak} if leak else None)
    landing = FormReader(wire.ask(f"/studies/{slug}/").text)
    wire.ask(f"/studies/{slug}/begin/", filled(landing, chance))
    announced: set[str] = set()
    position = 0
    for _ in range(200):
        page = wire.ask(f"/studies/{slug}/sitting/")
        if page.status != 200 or "/guess/" in page.text:
            return
        text = page.text
        if found := ALIAS.search(text):
            position += 1
            yield _observe(wire, page, found[1], position, announced)
            announced = set(PREFETCH.findall(text))
        form = FormReader(text)
        wire.ask(form.action, filled(form, chance))


def _observe(
    wire: Wire, page: Reply, alias: str, position: int, announced: set[str]
) -> Observation:
    picture = again = None
    address = PICTURE.search(page.text)
    if address:
        picture = wire.ask(address[1])
        again = wire.ask(
            address[1],
            headers={
                "If-None-Match": picture.header("ETag") or '"x"',
                "If-Modified-Since": "Wed, 25 Nov 2026 00:00:00 GMT",
                "Range": "bytes=0-9",
            },
        )
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Origin": f"http://127.0.0.1:{wire.port}",
    }
    socket = Wire(wire.port, wire.cookies).ask(f"/ws/trials/{alias}/", headers=upgrade).status
    seen = bool(address) and address is not None and address[1] in announced
    return Observation(alias, position, page, picture, again, socket, seen)


def listed_anywhere(port: int, leak: str = "") -> str:
    """All that the public pages say, to look for aliases in."""
    wire = Wire(port, {"leak": leak} if leak else None)
    pages = (
        "/",
        "/works/",
        "/studies/",
        "/api/works/",
        "/api/studies/",
        "/sitemap.xml",
        "/robots.txt",
    )
    return "".join(wire.ask(page).text for page in pages)

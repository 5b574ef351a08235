"""A museum on this machine: a real server in a thread that says what a test has it say."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

ANSWERS = Path(__file__).with_name("answers")


class Museum:
    """`say` what a path answers; `asked` holds each request: its time, path and headers."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.server = server
        self.port = port = server.server_address[1]
        self.url = f"http://127.0.0.1:{port}"
        self.asked: list[tuple[float, str, dict[str, str]]] = []
        self.answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}

    @property
    def paths(self) -> list[str]:
        """What was asked for, less the queries."""
        return [urlsplit(path).path for _time, path, _headers in self.asked]

    def query(self, number: int) -> dict[str, str]:
        """The values that the request of this number sent."""
        sent = parse_qs(urlsplit(self.asked[number][1]).query)
        return {name: values[0] for name, values in sent.items()}

    def document(self, name: str) -> Any:
        """A documented answer, with this server's address in it."""
        return json.loads((ANSWERS / name).read_text().replace("BASE", self.url))

    def say(self, path: str, body: object, status: int = 200, **headers: str) -> None:
        """Bytes as they are, anything else as JSON."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in {"Content-Length": str(len(data)), **headers}.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            handler.wfile.write(data)

        self.answers[path] = answer


@contextmanager
def museum_at(host: str = "127.0.0.1") -> Iterator[Museum]:
    """Serve until the block is left."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            museum.asked.append((monotonic(), self.path, dict(self.headers)))
            answer = museum.answers.get(unquote(urlsplit(self.path).path))
            with suppress(OSError):  # who asked may hang up
                if answer:
                    answer(self)
                else:
                    self.send_error(404)

        def log_message(self, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer((host, 0), Handler)
    museum = Museum(server)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield museum
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

"""Visitors who rate over HTTP, as a browser with htmx does, and keep the time."""

from __future__ import annotations

import http.client
import re
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

ANSWER = re.compile(r"/trials/([0-9a-f-]{36})/answer/")


@dataclass
class Visitor:
    """One keep-alive connection with a cookie jar."""

    port: int
    study: str
    cookies: dict[str, str] = field(default_factory=dict)
    trial: str = ""

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        body = None
        if fields is not None:
            body = urlencode(fields)
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-CSRFToken": self.cookies["csrftoken"],
                "HX-Request": "true",
            }
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        text = response.read().decode()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                self.cookies |= {k: m.value for k, m in SimpleCookie(value).items()}
        if response.status == 302:
            return self.ask("GET", response.getheader("Location") or "/")
        return response.status, text

    def sit_down(self) -> None:
        """Consent, and see the first work."""
        self.cookies.clear()
        self.ask("GET", f"/studies/{self.study}/")
        status, page = self.ask("POST", f"/studies/{self.study}/begin/", {})
        self.see(status, page)

    def see(self, status: int, page: str) -> None:
        if status != 200:
            raise RuntimeError(f"status {status}: {page[:200]}")
        found = ANSWER.search(page)
        self.trial = found[1] if found else ""

    def rate(self) -> float:
        """Answer the work in front and see the next one; the seconds from the answer to the sight.
        Sits down again when the sitting is at its end (not timed)."""
        while not self.trial:
            self.sit_down()
        began = time.perf_counter()
        status, page = self.ask(
            "POST",
            f"/trials/{self.trial}/answer/",
            {"coherence": "5", "surprise": "3", "recognised": "no", "rt_ms": "4000"},
        )
        took = time.perf_counter() - began
        self.see(status, page)
        return took

"""A visitor over HTTP: keeps cookies, reads pages, sends forms. It knows what a page shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException
from time import perf_counter, sleep
from urllib.parse import urlencode, urlsplit

TRIES = 8  # of one request, while the server is away or asks to wait
ALIAS = re.compile(r"/trials/([0-9a-f-]{36})/(answer|guess)/")


class FormReader(HTMLParser):
    """The form of a page that leads on: its address, hidden fields, radio groups, selects."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.hidden: dict[str, str] = {}
        self.radios: dict[str, list[str]] = {}
        self.selects: dict[str, list[str]] = {}
        self.named: int | None = None  # the point that a row asks for
        self._inside = False
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            begins = not self.action and found.get("action", "").endswith("/begin/")
            self._inside = begins or "answers" in found.get("class", "").split()
            if self._inside:
                self.action = found["action"]
        elif self._inside:
            self._field(tag, found)

    def _field(self, tag: str, found: dict[str, str]) -> None:
        if tag == "input" and found.get("type") == "radio":
            self.radios.setdefault(found["name"], []).append(found["value"])
        elif tag == "input" and found.get("type") == "hidden":
            self.hidden[found["name"]] = found.get("value", "")
        elif tag == "select":
            self._select = found["name"]
            self.selects[self._select] = []
        elif tag == "option" and self._select:
            self.selects[self._select].append(found.get("value", ""))
        elif "data-point" in found:
            self.named = int(found["data-point"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = ""


@dataclass
class Step:
    """One page of a sitting."""

    form: FormReader
    alias: str  # of the trial that it shows; empty where it shows none
    guessing: bool


class Lost(Exception):
    """The server did not take a request, however often it was sent."""


@dataclass
class Visitor:
    """One browser. `url` is the gallery's address; times are kept in seconds."""

    url: str
    slug: str
    cookies: dict[str, str] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)  # from an answer to the next page

    def __post_init__(self) -> None:
        self.host = urlsplit(self.url).netloc
        self._connection: HTTPConnection | None = None

    def begin(self) -> Step | None:
        """Agree to take part; the first page of the sitting."""
        form = FormReader(self.ask(f"/studies/{self.slug}/")[1])
        if not form.action:
            raise Lost(f"The study “{self.slug}” lets nobody begin.")
        self.ask(form.action, form.hidden)
        return self.step()

    def step(self) -> Step | None:
        """Where the sitting stands; None at its end."""
        status, page = self.ask(f"/studies/{self.slug}/sitting/")
        form = FormReader(page)
        if status != 200 or not form.action:
            return None
        found = ALIAS.search(form.action)
        return Step(form, found[1] if found else "", bool(found and found[2] == "guess"))

    def send(self, step: Step, values: dict[str, str]) -> Step | None:
        """Answer a page; the next one."""
        begun = perf_counter()
        self.ask(step.form.action, step.form.hidden | values)
        following = self.step()
        self.waits.append(perf_counter() - begun)
        return following

    def skip(self, step: Step, reason: str) -> Step | None:
        token = step.form.hidden["csrfmiddlewaretoken"]
        self.ask(f"/trials/{step.alias}/skip/", {"csrfmiddlewaretoken": token, "reason": reason})
        return self.step()

    def leave(self, step: Step) -> None:
        token = step.form.hidden["csrfmiddlewaretoken"]
        self.ask(f"/studies/{self.slug}/sitting/leave/", {"csrfmiddlewaretoken": token})

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and page. What fails on the way is sent again. Raises Lost."""
        for tried in range(TRIES):
            try:
                status, page, wait = self._ask(path, form)
            except (HTTPException, OSError):
                self._connection = None
                sleep(min(5.0, 0.1 * 2**tried))
                continue
            if status != 429 and status < 500:
                return status, page
            sleep(wait or min(5.0, 0.1 * 2**tried))
        raise Lost(f"{path} was asked for {TRIES} times in vain.")

    def _ask(self, path: str, form: dict[str, str] | None) -> tuple[int, str, float]:
        if self._connection is None:
            self._connection = HTTPConnection(self.host, timeout=30)
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if form is not None:
            sent |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.url}
            body = urlencode(form)
        self._connection.request("GET" if form is None else "POST", path, body, sent)
        response = self._connection.getresponse()
        page = response.read().decode(errors="replace")
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return response.status, page, float(response.headers.get("Retry-After") or 0)

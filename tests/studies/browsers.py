"""A visitor over real HTTP: keeps cookies, sends the token, follows nothing by itself."""

from __future__ import annotations

import http.client
import re
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
CURRENT = re.compile(r'action="(/trials/[0-9a-f-]{36}/(?:answer|guess)/)"')


class Browser:
    """One visitor at one server; safe to copy the cookies of for another thread."""

    def __init__(self, url: str, cookies: dict[str, str] | None = None, token: str = "") -> None:
        self.address = urlsplit(url).netloc
        self.cookies = dict(cookies or {})
        self.token = token

    def twin(self) -> Browser:
        """The same visitor in another tab."""
        return Browser(f"http://{self.address}", self.cookies, self.token)

    def send(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str]:
        """Status and body; raises OSError or HTTPException where no whole answer came."""
        connection = http.client.HTTPConnection(self.address, timeout=60)
        headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body or None, headers)
            response = connection.getresponse()
            page = response.read().decode()
        finally:
            connection.close()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        if found := TOKEN.search(page):
            self.token = found[1]
        return response.status, page

    def get(self, path: str) -> tuple[int, str]:
        return self.send("GET", path)

    def post(
        self, path: str, fields: Mapping[str, object] | None = None, *, htmx: bool = False
    ) -> tuple[int, str]:
        body = urlencode({"csrfmiddlewaretoken": self.token, **(fields or {})})
        headers = {"HX-Request": "true"} if htmx else {}
        return self.send("POST", path, body, **headers)

    def sit_down(self, slug: str) -> str:
        """Consent; the address that the first answer goes to."""
        self.get(f"/studies/{slug}/")
        status, _ = self.post(f"/studies/{slug}/begin/")
        assert status == 302
        return self.current(slug)

    def current(self, slug: str) -> str:
        """The address that the next answer goes to."""
        status, page = self.get(f"/studies/{slug}/sitting/")
        assert status == 200, page
        return next_address(page)


def next_address(page: str) -> str:
    found = CURRENT.search(page)
    assert found, page
    return found[1]

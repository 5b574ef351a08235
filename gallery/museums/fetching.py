"""The only code of the gallery that opens connections to museums.

An address comes from a curator or from somebody's document, so any of them may try to make this
machine read its own network. A name is resolved once, and all that it resolves to must be public;
the connection goes to what was resolved, while the certificate and the Host header are held to the
name; a redirect is followed by hand and checked as if it were the first address. No cookies, no
credentials, no proxy. Time and size have bounds, whatever the other side does.
"""

from __future__ import annotations

import io
import json
import socket
import ssl
import zlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPException, HTTPResponse
from time import monotonic
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.utils.translation import gettext as _

from gallery.museums import turns
from gallery.museums.addresses import Place, Resolve, checked, is_public, resolved
from gallery.museums.refusals import NotFetched

SECONDS = 15.0  # for one fetch: its turn, names, redirects and the body together
FIRST_TRY = 4.0  # seconds for an address that has another one behind it
MOST_REDIRECTS = 3
REDIRECTS = {301, 302, 303, 307, 308}
MOST_JSON = 2 * 2**20  # bytes
CHUNK = 64 * 1024


def fetch_json(address: str, headers: Mapping[str, str] | None = None) -> Any:
    """What the JSON at an address says; its shape is anybody's. Raises NotFetched."""
    try:
        return json.loads(fetch(address, most=MOST_JSON, headers=headers))
    except (ValueError, RecursionError):
        raise _unread(checked(address).host) from None


def fetch(
    address: str,
    *,
    most: int,
    headers: Mapping[str, str] | None = None,
    resolve: Resolve = resolved,
) -> bytes:
    """The body at an address: at most `most` bytes, packed as unpacked. Raises NotFetched."""
    end = monotonic() + SECONDS
    for _hop in range(MOST_REDIRECTS + 1):
        place = checked(address)
        turns.wait_for(place.host, end)
        try:
            with _connected(place, end, resolve) as line:
                response = _answer(place, line, end, headers or {})
                if response.status in REDIRECTS:
                    address = urljoin(address, response.getheader("Location") or "")
                    continue
                _check_status(response, place.host)
                return _body(response, most, place.host)
        except ssl.SSLCertVerificationError:
            sentence = _("%(host)s could not prove that this is its name. Check the address.")
            raise NotFetched(sentence % {"host": place.host}) from None
        except TimeoutError:
            sentence = _("%(host)s took too long to answer. Try again in a few minutes.")
            raise NotFetched(sentence % {"host": place.host}) from None
        except (OSError, HTTPException, ValueError, zlib.error):
            raise _unread(place.host) from None
    sentence = _("%(host)s only leads on to other addresses. Check the address.")
    raise NotFetched(sentence % {"host": place.host})


def _unread(host: str) -> NotFetched:
    sentence = _("%(host)s could not be read. Check the address, or try again in a few minutes.")
    return NotFetched(sentence % {"host": host})


def user_agent() -> str:
    """Which program asks, and whom to write to if it asks too much."""
    contact = " ".join(settings.MUSEUMS_CONTACT.split())
    return f"Unsigned/0.1 ({contact})" if contact else "Unsigned/0.1"


def _left(end: float) -> float:
    """Seconds until `end`. Raises TimeoutError."""
    left = end - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


@contextmanager
def _connected(place: Place, end: float, resolve: Resolve) -> Iterator[socket.socket]:
    """A connection to one of the addresses that the name has now, and has been checked to have."""
    resolver = ThreadPoolExecutor(1)  # it cannot be told to hurry, but it can be left behind
    try:
        found = resolver.submit(resolve, place.host, place.port).result(_left(end))
    finally:
        resolver.shutdown(wait=False)
    if not found or not (place.trusted or all(map(is_public, found))):
        sentence = _("%(host)s is not on the public internet and is not read. Check the address.")
        raise NotFetched(sentence % {"host": place.host})
    with _first_to_answer(found, place.port, end) as line:
        line.settimeout(_left(end))
        if not place.tls:
            yield line
            return
        with ssl.create_default_context().wrap_socket(line, server_hostname=place.host) as safe:
            yield safe


def _first_to_answer(found: Sequence[str], port: int, end: float) -> socket.socket:
    for address in found[:-1]:
        try:
            return socket.create_connection((address, port), min(FIRST_TRY, _left(end)))
        except OSError:
            continue
    return socket.create_connection((found[-1], port), _left(end))


class _Listening(io.RawIOBase):
    """What a connection says until `end` and no longer, though each byte come in good time."""

    def __init__(self, line: socket.socket, end: float) -> None:
        self.line, self.end = line, end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.line.settimeout(_left(self.end))
        return self.line.recv_into(buffer)

    def makefile(self, mode: str) -> io.BufferedReader:
        """As `HTTPResponse` asks of a socket."""
        return io.BufferedReader(self)


def _answer(
    place: Place, line: socket.socket, end: float, headers: Mapping[str, str]
) -> HTTPResponse:
    """The head of what comes back."""
    said = {"Host": place.named, "User-Agent": user_agent(), "Accept-Encoding": "gzip"}
    said |= {"Connection": "close", **headers}
    lines = [f"GET {place.target} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items())]
    line.sendall("\r\n".join([*lines, "", ""]).encode())
    response = HTTPResponse(_Listening(line, end), method="GET")  # type: ignore[arg-type]  # it asks for makefile only
    response.begin()
    return response


def _check_status(response: HTTPResponse, host: str) -> None:
    if response.status in {429, 503}:
        raise turns.asked_to_wait(host, response.getheader("Retry-After") or "")
    if response.status in {404, 410}:
        raise NotFetched(_("%(host)s has nothing there. Check the address.") % {"host": host})
    if response.status != 200:
        sentence = _("%(host)s answered with error %(status)d. Try again in a few minutes.")
        raise NotFetched(sentence % {"host": host, "status": response.status})


def _body(response: HTTPResponse, most: int, host: str) -> bytes:
    """Raises NotFetched if it is too large, ValueError if it is cut short or packed otherwise."""
    packing = (response.getheader("Content-Encoding") or "identity").strip().lower()
    if packing not in {"identity", "gzip"}:
        raise ValueError(packing)
    unpacker = zlib.decompressobj(wbits=31) if packing == "gzip" else None
    body, came = bytearray(), 0
    while chunk := response.read1(CHUNK):
        came += len(chunk)
        body += unpacker.decompress(chunk, most + 1 - len(body)) if unpacker else chunk
        if max(came, len(body)) > most:
            sentence = _("%(host)s sends more than %(limit)s MB. Choose something smaller.")
            raise NotFetched(sentence % {"host": host, "limit": f"{most / 2**20:g}"})
    if response.length or (unpacker and not unpacker.eof):
        raise ValueError("cut short")
    return bytes(body)

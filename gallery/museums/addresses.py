"""Which addresses may be asked, whoever wrote them.

After the OWASP cheat sheet on server-side request forgery and the registries of special addresses
(RFC 6890, IANA), which `ipaddress` knows.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from gallery.museums.refusals import NotFetched

HOST = re.compile(r"[a-z0-9._:-]+")
UNTOUCHED = "/%:=+,;!$&'()*@~?[]"  # in a path or query that is quoted already

GLOBAL_UNICAST = ip_network("2000::/3")  # so no ::1, ::ffff:0:0/96 (IPv4), 64:ff9b::/96 (NAT64)
CLOSED = [
    ip_network(block)
    for block in (
        "2001::/32",  # Teredo, 6to4 and its relays: an IPv4 address inside, perhaps a private one
        "2002::/16",
        "192.88.99.0/24",
        "192.0.0.0/24",  # special, which Python knows in full only from 3.11.10 on
        "3fff::/20",  # examples in documents
    )
]

Resolve = Callable[[str, int], Sequence[str]]  # a host and a port: its numeric addresses


@dataclass(frozen=True, slots=True)
class Place:
    """An address that may be asked, taken apart. `host` is in ASCII, `target` is quoted."""

    tls: bool
    host: str
    port: int
    named: str  # as the Host header says it
    target: str
    trusted: bool  # it may be of this machine's own network


def checked(address: str) -> Place:
    """An address taken apart: https on its usual port, or a host that is trusted with its port.

    Raises NotFetched.
    """
    try:
        parts = urlsplit(address.strip())
        host = (parts.hostname or "").encode("idna").decode().lower()
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise _unusable() from None
    named = parts.netloc.lower()
    trusted = named in settings.MUSEUMS_TRUSTED_HOSTS and parts.scheme in {"http", "https"}
    if not trusted and (parts.scheme != "https" or port != 443):
        raise _unusable()
    if "@" in named or not HOST.fullmatch(host):
        raise _unusable()
    if not trusted:
        named = f"[{host}]" if ":" in host else host
    query = f"?{quote(parts.query, UNTOUCHED)}" if parts.query else ""
    target = (quote(parts.path, UNTOUCHED) or "/") + query
    return Place(parts.scheme == "https", host, port, named, target, trusted)


def _unusable() -> NotFetched:
    return NotFetched(
        _("Only public addresses that begin with https:// are read. Check the address.")
    )


def is_public(address: str) -> bool:
    """Whether a numeric address is of the public internet and of nobody's inside."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    return (
        ip.is_global
        and not ip.is_multicast
        and not ip.is_reserved
        and (ip.version == 4 or ip in GLOBAL_UNICAST)
        and not any(ip in block for block in CLOSED)
    )


def resolved(host: str, port: int) -> list[str]:
    """What this machine's resolver says. Raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]

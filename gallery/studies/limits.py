"""How much one network may send, so that a script is slowed and a school class is not.

A network is a /24 of IPv4 or a /56 of IPv6, known only by a keyed hash whose salt is drawn each day
and forgotten with the cache: no address is stored, and yesterday's networks cannot be told from
today's. Counted are answers and beginnings of one minute and one hour; above the limits an answer
has to wait, and `trial.js` sends it again by itself. Other rooms count with `is_over` what is dear
to them: sendings for a call, exports of findings, readings of the JSON interface.

Stated limits: forty people behind one address who answer every six seconds, all begun within
minutes, are never slowed (400 answers a minute). One consent hands out one sitting, so nobody can
collect works without rating them. Processes count together in Redis, and let everything through
while it is away; without Redis each counts for itself. A proxy on another machine must be known by
FORWARDED_ALLOW_IPS, or all visitors are one network; RATE_LIMITS=0 switches the limits off.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from hashlib import blake2b
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

DAY = 24 * 3600


@dataclass(frozen=True)
class Limit:
    """So many in so many seconds."""

    most: int
    seconds: int


ANSWERS = Limit(600, 60)  # forty people at one answer in four seconds
BEGINNINGS = Limit(200, 3600)  # five school classes in an hour

View = Callable[..., HttpResponse]


def network_of(request: HttpRequest) -> str:
    """Sixteen hexadecimal digits that stand for a visitor's network today."""
    address = ip_address(request.META.get("REMOTE_ADDR") or "0.0.0.0")  # noqa: S104 - no server binds to it
    block = ip_network(f"{address}/{24 if address.version == 4 else 56}", strict=False)
    drawn = secrets.token_hex(32)
    salt: str = cache.get_or_set(f"salt:{localdate()}", drawn, DAY) or drawn
    return blake2b(str(block).encode(), key=bytes.fromhex(salt), digest_size=8).hexdigest()


def limited(name: str, limit: Limit) -> Callable[[View], View]:
    """Let a network do this so often; more of it is told to wait, and loses nothing."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if is_over(request, name, limit):
                return told_to_wait(request, limit, _too_many_answers())
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def is_over(request: HttpRequest, name: str, limit: Limit) -> bool:
    """Whether this network does it too often by now, this time counted."""
    return settings.RATE_LIMITS and _count(f"{name}:{network_of(request)}", limit) > limit.most


def _count(key: str, limit: Limit) -> int:
    """How often this happened in the present window, this time included."""
    cache.add(key, 0, limit.seconds)
    try:
        return cache.incr(key)
    except ValueError:  # it ran out between the two
        cache.set(key, 1, limit.seconds)
        return 1


def _too_many_answers() -> str:
    return _(
        "Very many answers come from your network just now. Nothing is lost: wait a minute, "
        "then send yours again."
    )


def told_to_wait(request: HttpRequest, limit: Limit, message: str) -> HttpResponse:
    """A page that says what to do, for whoever was over a limit."""
    context = {
        "title": _("One moment"),
        "message": message,
        "next_url": request.META.get("HTTP_REFERER", "/"),
        "next_label": _("Back"),
    }
    response = render(request, "refused.html", context, status=429)
    response["Retry-After"] = str(limit.seconds)
    return response

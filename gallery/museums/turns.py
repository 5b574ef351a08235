"""Not to be a burden: to museums, who are asked one thing a second, and to visitors, who need the
threads in which curators would wait for museums."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import BoundedSemaphore, Lock
from time import monotonic, sleep

from django.utils.translation import gettext as _

from gallery.museums.refusals import NotFetched

SECONDS_APART = 1.0  # between two requests of this process to one host
USUAL_WAIT = 60.0  # seconds, where a host says "later" and not when
LONGEST_WAIT = 3600.0
AT_ONCE = 2  # of this process' threads, which are four

_places = BoundedSemaphore(AT_ONCE)
_lock = Lock()
_free_at: dict[str, float] = {}  # by host: when it may be asked again


@contextmanager
def place() -> Iterator[None]:
    """Be one of the few that wait for museums. Raises NotFetched if there are enough of them."""
    if not _places.acquire(blocking=False):
        raise NotFetched(
            _("Somebody else is asking museums at this moment. Try again in a minute.")
        )
    try:
        yield
    finally:
        _places.release()


def wait_for(host: str, end: float) -> None:
    """Sleep until this host may be asked. Raises NotFetched, at once, if that is after `end`."""
    with _lock:
        now = monotonic()
        for over in [name for name, at in _free_at.items() if at <= now]:
            del _free_at[over]
        at = _free_at.get(host, now)
        if at < end:
            _free_at[host] = at + SECONDS_APART
    if at >= end:
        raise _later(host, at - now)
    sleep(at - now)


def asked_to_wait(host: str, retry_after: str) -> NotFetched:
    """Leave a host alone for as long as its Retry-After header says, and say so."""
    seconds = seconds_of(retry_after)
    with _lock:
        _free_at[host] = monotonic() + seconds
    return _later(host, seconds)


def seconds_of(retry_after: str) -> float:
    """A Retry-After header, seconds or a date (RFC 9110, section 10.2.3), within reason."""
    if re.fullmatch(r"[0-9]{1,9}", retry_after.strip()):
        seconds = float(retry_after)
    else:
        try:
            date = parsedate_to_datetime(retry_after)
            seconds = (date.replace(tzinfo=date.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError, OverflowError):
            seconds = USUAL_WAIT
    return min(max(seconds, 1.0), LONGEST_WAIT)


def _later(host: str, seconds: float) -> NotFetched:
    return NotFetched(
        _("%(host)s asks to be left alone for a while. Try again in %(seconds)d seconds.")
        % {"host": host, "seconds": max(1, round(seconds))}
    )

"""Is this process fit to serve? Each part that a visit needs is asked, now and for real."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from functools import cache

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from gallery.keeping.integrity import Migration, applied_migrations, known_migrations
from gallery.runs import doorbell

logger = logging.getLogger(__name__)
OK = "ok"


def checks() -> dict[str, str]:
    """For each part OK, or what is wrong in words that give nothing away: the log has the rest."""
    return {name: _told(name, ask) for name, ask in CHECKS.items()}


def _told(name: str, ask: Callable[[], str | None]) -> str:
    try:
        return ask() or OK
    except Exception as error:  # noqa: BLE001  each part has its own, and all mean the same here
        logger.warning("Not ready, %s: %r", name, error)
        return "does not answer"


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_migrations() -> str | None:
    if connection.connection is None:  # asked before, and waited for
        return "not known without the database"
    lacking = _known() - applied_migrations()
    return "some are not applied: run manage.py migrate" if lacking else None


@cache
def _known() -> set[Migration]:
    """A process knows the same ones as long as it lives."""
    return known_migrations()


def _ask_media() -> None:
    name = default_storage.save(f".ready-{secrets.token_hex(8)}", ContentFile(b"ready"))
    default_storage.delete(name)


CHECKS: dict[str, Callable[[], str | None]] = {
    "database": _ask_database,
    "migrations": _ask_migrations,
    "media": _ask_media,
    "channels": doorbell.ask,
}

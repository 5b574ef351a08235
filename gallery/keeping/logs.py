"""Logs for programs: one JSON object a line, and no client in it.

Only the fields below are written, whatever else a record carries: Django's carry the request. The
servers' own lines about connections name clients, and are left out; see `LOGGERS`.
"""

from __future__ import annotations

import logging
from typing import Any

from pythonjsonlogger.json import JsonFormatter

FIELDS = ("timestamp", "levelname", "name", "message", "status_code", "exc_info", "stack_info")


class OneLine(JsonFormatter):
    """JSON escapes what could break a line, or steer a terminal."""

    def __init__(self) -> None:
        super().__init__(["levelname", "name", "message"], timestamp=True)
        logging.captureWarnings(capture=True)  # Python's warnings would be lines of their own

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        return {name: log_data[name] for name in FIELDS if name in log_data}


# What servers and Django print by themselves goes the way of all lines. Uvicorn tells at INFO who
# opened a socket, gunicorn at WARNING who sent nonsense.
_PASSED_ON: dict[str, Any] = {"handlers": [], "propagate": True}
LOGGERS: dict[str, dict[str, Any]] = {
    "uvicorn": _PASSED_ON,
    "uvicorn.error": _PASSED_ON | {"level": "WARNING"},
    "uvicorn.access": {"handlers": [], "propagate": False},
    "gunicorn.error": _PASSED_ON | {"level": "ERROR"},
    "gunicorn.access": {"handlers": [], "propagate": False},
    "django": _PASSED_ON,
    "django.server": _PASSED_ON,
}

"""What the last attack on this gallery's blindness found: see `make blindness`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

OURS = (
    settings.BASE_DIR / "docs" / "blindness.json"
)  # of the collection that the project tests with
OWN = Path(settings.VAR_DIR) / "blindness.json"  # of this gallery's own works


@dataclass(frozen=True)
class Blindness:
    """How well a program told the sides apart by everything but the picture."""

    auc: float
    low: float
    high: float
    day: date


def last_checked() -> Blindness | None:
    """The newer of the gallery's own check and the project's; of one day, the gallery's own. None
    where there is none that can be read."""
    checks = [check for path in (OWN, OURS) if (check := _told(path))]
    return max(checks, key=lambda check: check.day, default=None)


def _told(path: Path) -> Blindness | None:
    try:
        told = json.loads(path.read_text())
        bare = told["bare"]
        return Blindness(
            float(bare["auc"]),
            float(bare["low"]),
            float(bare["high"]),
            date.fromisoformat(told["date"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None

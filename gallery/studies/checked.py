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
    """A gallery's own check before the project's; None where there is none that can be read."""
    for path in (OWN, OURS):
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
            continue
    return None

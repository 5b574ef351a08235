"""Measuring finished works, by the worker that paints and in the process that it paints with.

What is to be measured is a question to the database, not a queue of its own: the hung works that
have no measures yet, the oldest first. A row of measures is the only thing that a worker leaves, so
there is nothing to lease and nothing to take over: a worker that is killed leaves the work as it
was. Two workers take the same work at once; both measure the same and one row is kept. That costs a
second of an idle machine and buys the order: a work is compared with all that hung before it, so
none may be measured before they are.
"""

from __future__ import annotations

import base64
import json
import logging
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from channels.db import database_sync_to_async
from django.db import OperationalError
from django.utils.translation import gettext_noop

from gallery.runs.child import Accident, Child
from gallery.storage import StorageAway
from gallery.works.models import Artwork, Kind, Measures, Medium, Rendition
from generators.measures import VERSION, compare
from generators.refused import Refused

logger = logging.getLogger(__name__)

MOST_TRIES = 3  # of one worker at one work
BROKE_OFF = gettext_noop("Measuring it broke off three times; the next worker tries again.")


class Measuring:
    """What one worker measures between runs."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self.tries: Counter[int] = Counter()
        self.fresh = True

    async def measure_next(self) -> bool:
        """Measure the oldest work that is not measured yet; False if there is none.

        Raises OperationalError and StorageAway. Any other accident is logged and tried again, at
        the next call, until MOST_TRIES; then the work stands aside, so that others are measured,
        until a worker starts anew: the accident may have been the machine's.
        """
        if self.fresh:
            await database_sync_to_async(Measures.objects.filter(reason=BROKE_OFF).delete)()
            self.fresh = False
        artwork = await database_sync_to_async(Artwork.objects.unmeasured(VERSION).first)()
        if artwork is None:
            return False
        try:
            taken = await self._taken(artwork)
            await database_sync_to_async(_keep)(artwork, taken)
        except Refused as refused:
            await database_sync_to_async(_give_up)(artwork, str(refused))
        except (OperationalError, StorageAway):
            raise
        except Exception as error:
            self.tries[artwork.pk] += 1
            logger.warning(
                *("Work %s was not measured.", artwork.code),
                exc_info=not isinstance(error, Accident),
            )
            if self.tries[artwork.pk] >= MOST_TRIES:
                await database_sync_to_async(_give_up)(artwork, BROKE_OFF)
        return True

    async def _taken(self, artwork: Artwork) -> dict[str, Any]:
        """What the child tells of the work alone."""
        with tempfile.TemporaryDirectory(prefix="measuring-") as folder:
            output = Path(folder) / "measures.json"
            job = {"measure": str(artwork.medium), "output": str(output)}
            if artwork.medium == Medium.TEXT:
                job["text"] = artwork.text
            else:
                picture = Path(folder) / "work.webp"
                picture.write_bytes(await database_sync_to_async(_picture)(artwork))
                job["picture_file"] = str(picture)
            await self.child.paint(job, lambda _frame: None)
            taken: dict[str, Any] = json.loads(output.read_bytes())
            return taken


def _picture(artwork: Artwork) -> bytes:
    """Raises Refused if storage has it no more: no further try would find it."""
    try:
        rendition = Rendition.objects.get(artwork=artwork, kind=Kind.DISPLAY)
        with rendition.file.open("rb") as file:
            data: bytes = file.read()
    except (Rendition.DoesNotExist, FileNotFoundError):
        raise Refused(gettext_noop("The file of this work is missing.")) from None
    return data


def _keep(artwork: Artwork, taken: dict[str, Any]) -> None:
    """Compare the work with those that hung before it, and store all of it."""
    features = base64.b64decode(taken.pop("features"))
    before = Artwork.objects.hung_before(artwork)
    rows = list(
        before.filter(measures__version=VERSION, measures__reason="").values_list(
            "pk", "measures__features"
        )
    )
    earlier = np.frombuffer(b"".join(bytes(packed) for _pk, packed in rows), "<f4")
    own = np.frombuffer(features, "<f4")
    found = compare(own, earlier.reshape(-1, len(own)))
    measures = Measures(
        artwork=artwork,
        version=VERSION,
        features=features,
        nearest_id=None if found.nearest is None else rows[found.nearest][0],
        distance=found.distance,
        novelty=found.novelty,
        typicality=found.typicality,
        **taken,
    )
    Measures.objects.keep(measures)


def _give_up(artwork: Artwork, reason: str) -> None:
    Measures.objects.keep(Measures(artwork=artwork, version=VERSION, reason=reason))

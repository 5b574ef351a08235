"""Many sittings, and, once all is seen, who had made what was seen."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass

from tests.blindness.attack import Verdict, attack
from tests.blindness.features import Row, features
from tests.blindness.wire import Observation, listed_anywhere, sit
from tests.servers import Gallery

# Asked after the walk: the walker itself never learns it.
TRUTH = """
import json
from gallery.studies.models import Trial
rows = Trial.objects.filter(kind="rated").values_list(
    "code", "study_work__artwork__origin", "study_work__artwork__code")
print(json.dumps({str(code): [origin == "machine", str(work)] for code, origin, work in rows}))
"""


@dataclass(frozen=True)
class Walked:
    """What was seen of rated works, and the truth about each."""

    seen: list[Observation]
    by_machine: list[bool]
    works: list[str]

    @property
    def rows(self) -> list[Row]:
        return [features(one) for one in self.seen]

    def attacked(self, resampled: int = 1000) -> list[Verdict]:
        """By everything but the picture."""
        return attack(self.rows, self.by_machine, self.works, resampled=resampled)


def seen_by(
    gallery: Gallery, slug: str, *, raters: int, leak: str = "", seed: int = 0
) -> list[Observation]:
    """So many sittings; `leak` is one of a leaky server's."""
    chance, leak = random.Random(seed), leak.replace(" ", "_")
    seen = [one for _ in range(raters) for one in sit(gallery.port, slug, chance, leak)]
    public = listed_anywhere(gallery.port, leak)
    for one in seen:
        one.listed = one.alias in public
    return seen


def truth_of(gallery: Gallery) -> dict[str, tuple[bool, str]]:
    """By alias of every rated work, whether a machine made it, and which work it is."""
    told: dict[str, tuple[bool, str]] = json.loads(gallery.python(TRUTH))
    return told


def judged(seen: list[Observation], truth: dict[str, tuple[bool, str]]) -> Walked:
    """What was seen beside the truth; of anchors and practice there is none."""
    rated = [one for one in seen if one.alias in truth]
    told = [truth[one.alias] for one in rated]
    return Walked(rated, [machine for machine, _ in told], [work for _, work in told])

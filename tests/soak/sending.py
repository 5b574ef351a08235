"""Take in many files at once and tell what became of them."""

from __future__ import annotations

import gc
import tempfile
import threading
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from time import monotonic

from django.conf import settings

from gallery.works.ingest import IngestRefused, Read, keep, read
from gallery.works.models import Artwork, Medium, Rendition, original_path
from gallery.works.sandbox import WALL_SECONDS, Sandbox
from gallery.works.services import AlreadyHere, Label, record
from tests.soak.files import valid_pictures
from tests.works.pictures import webp_chunks

AT_ONCE = 2
GRACE = 1.0  # seconds for a child to be killed in
MOST_GROWTH = 30.0  # MB

Named = tuple[str, bytes]
Outcome = tuple[str, float, Read | Exception]  # the name, seconds, what was read


@dataclass
class Findings:
    """What became of what was sent; times in seconds, memory in MB."""

    allowed: float
    verdicts: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "")
    late: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)
    growth: float = 0.0

    def breaches(self) -> list[str]:
        """What must not be, in words."""
        told = [f"uncaught: {one}" for one in self.errors]
        told += [f"longer than {self.allowed:g} s: {one}" for one in self.late]
        told += [f"left behind: {one}" for one in self.strays]
        if self.growth >= MOST_GROWTH:
            told.append(f"grew by {self.growth:.1f} MB")
        return told


def soak(strangers: Iterable[Named], imports: Iterable[Named]) -> Findings:
    """Take in named files, and tell what became of them. Django is set up, the storage empty."""
    found = Findings(allowed=WALL_SECONDS + GRACE)
    kept = threading.local()
    opened: list[Sandbox] = []

    def imported(named: Named) -> Outcome:
        if not hasattr(kept, "sandbox"):
            kept.sandbox = Sandbox()
            opened.append(kept.sandbox)
        return _read(*named, kept.sandbox)

    def from_a_stranger(named: Named) -> Outcome:
        with Sandbox() as sandbox:
            return _read(*named, sandbox)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        for outcome in threads.map(imported, valid_pictures().items()):
            _keep(*outcome, found)
        assert set(found.verdicts) == {"taken in"}, found
        before = _memory()
        for send, files in ((from_a_stranger, strangers), (imported, imports)):
            waiting = iter(files)
            while some := list(islice(waiting, 64)):  # few at once, so that little is in memory
                for outcome in threads.map(send, some):
                    _keep(*outcome, found)
        for sandbox in opened:
            sandbox.close()
    gc.collect()
    found.growth = _memory() - before
    found.strays = _strays()
    return found


def _read(name: str, data: bytes, sandbox: Sandbox) -> Outcome:
    medium = Medium.TEXT if name.endswith(".txt") else Medium.IMAGE
    began = monotonic()
    try:
        outcome: Read | Exception = read(medium, data, [80, 90], sandbox)
    except Exception as error:  # noqa: BLE001 - what comes is the finding
        outcome = error
    return name, monotonic() - began, outcome


def _keep(name: str, seconds: float, outcome: Read | Exception, found: Findings) -> None:
    """Store what was read, and note the verdict."""
    empty = Label(maker="Anon", title=name, year="", licence="CC0 1.0", credit="", source="")
    found.slowest = max(found.slowest, (seconds, name))
    if seconds > found.allowed:
        found.late.append(name)
    try:
        if isinstance(outcome, Exception):
            raise outcome
        for one in outcome.picture.prints if outcome.picture else ():
            assert webp_chunks(one.webp) == [b"VP8 "], one.kind
        record(keep(outcome), empty, hang=True)
        found.verdicts["taken in"] += 1
    except IngestRefused as refused:
        found.verdicts[str(refused)] += 1
    except AlreadyHere:
        found.verdicts["here already"] += 1
    except Exception as error:  # noqa: BLE001 - as above
        found.errors.append(f"{name}: {error!r}")


def _strays() -> list[str]:
    """Stored files that no row names, and whatever lies where temporary files go."""
    media = Path(settings.MEDIA_ROOT)
    known = {original_path(sha256) for sha256 in Artwork.objects.values_list("sha256", flat=True)}
    known |= set(Rendition.objects.values_list("file", flat=True))
    stored = {str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()}
    temporary = {path.name for path in Path(tempfile.gettempdir()).iterdir()}
    return sorted(stored - known | temporary)


def _memory() -> float:
    """Resident memory of this process in MB."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024

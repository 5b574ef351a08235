"""Bringing in many works at once: two children read while this process stores."""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from gallery.works.catalogue import Entry
from gallery.works.consent import Consent
from gallery.works.ingest import IngestRefused, Read, check_size, keep, read
from gallery.works.models import Artwork
from gallery.works.sandbox import Sandbox
from gallery.works.services import AlreadyHere, record

READERS = 2
AHEAD = 8  # works read and not yet stored: bounds the memory held


@dataclass(slots=True)
class Importer:
    """Stores each entry, and counts what became of it under "hung", "kept", "here", "refused".

    `say` is called with a line for each refusal. A dry run reads and checks, and writes nothing.
    """

    say: Callable[[str], object]
    hang: bool = True
    dry_run: bool = False
    counts: Counter[str] = field(default_factory=Counter)

    def run(self, entries: Iterable[Entry]) -> None:
        """One entry's failure is its own: the others go on."""
        for entry, reading in self._read(entries):
            try:
                self.counts[self._store(entry, reading.result())] += 1
            except AlreadyHere:
                self.counts["here"] += 1
            except (IngestRefused, OSError) as refused:
                self.refuse(entry, refused)

    def refuse(self, name: object, reason: object) -> None:
        """Count a refusal and say why."""
        self.counts["refused"] += 1
        self.say(f"{name}: {reason}")

    def _read(self, entries: Iterable[Entry]) -> Iterator[tuple[Entry, Future[Read]]]:
        """Each new entry with its reading, in order, at most AHEAD of them under way."""
        here = set(Artwork.objects.by_people().values_list("sha256", flat=True))
        qualities = Artwork.objects.qualities_of_uploads()
        readers = [(ThreadPoolExecutor(1), Sandbox()) for _ in range(READERS)]
        turn = cycle(readers)
        under_way: deque[tuple[Entry, Future[Read]]] = deque()
        try:
            for entry in entries:
                try:
                    data = entry.passage.encode() or contents(entry.path)
                except IngestRefused as refused:
                    self.refuse(entry, refused)
                    continue
                sha256 = hashlib.sha256(data).hexdigest()
                if sha256 in here:
                    self.counts["here"] += 1
                    continue
                here.add(sha256)
                thread, sandbox = next(turn)
                under_way.append(
                    (entry, thread.submit(read, entry.medium, data, qualities, sandbox))
                )
                if len(under_way) >= AHEAD:
                    yield under_way.popleft()
            yield from under_way
        finally:
            for thread, sandbox in readers:
                thread.shutdown(cancel_futures=True)
                sandbox.close()

    def _store(self, entry: Entry, work: Read) -> str:
        awaited = entry.label.get("consent") == Consent.AWAITED
        hangs = self.hang and bool(entry.label["licence"]) and not awaited
        if not self.dry_run:
            record(keep(work), entry.label, hang=hangs)
        return "hung" if hangs else "kept"


def contents(path: Path) -> bytes:
    """The bytes of a file. Raises IngestRefused, before a file too large could take memory."""
    try:
        check_size(path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        raise IngestRefused(f"the file could not be read: {error.strerror}") from None

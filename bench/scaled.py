"""Many raters with a pause between answers while runs are painted, against two deployments.

    python -m bench.scaled [--raters 1000] [--minutes 5] [--pause 5] [--arrive 60] [--only scaled]

`make scaled` and the one-process default by turns. Each rater does what a browser does: opens the
study, consents, loads the picture, posts the answer with token and cookies, and reads the next page
in the answer. The time is that from the answer to the next page. An answer counts as acknowledged
if that page came; afterwards the database is asked which of them it holds.

The raters run on the same machine: their CPU time is in the figures.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
import threading
import time
from pathlib import Path

from bench.clock import load
from bench.rating import percentile
from bench.visitors import Visitor
from tests.scaled.deployed import Deployed
from tests.servers import Gallery

STUDY = "from tests.factories import make_study; make_study(30, slug='bench', trials_per_rater=40)"
ASKED = {"generator": "inceptionism", "params": {"size": 128, "steps": 20}, "count": 4}
PICTURE = re.compile(r'src="(/trials/[^"]+)"')
STORED = """
from django.db.models import Count
from gallery.studies.models import Trial
whole = Trial.objects.annotate(n=Count("ratings")).filter(n=2)
print(*whole.values_list("code", flat=True))
"""


class Browsing(Visitor):
    """A visitor who loads the picture of each work, too, and whose kept connection the server may
    close meanwhile: then the request goes out once more on a fresh one, as browsers send it.
    Browsers also wait for an answer as long as this: who gives up earlier and comes again only
    adds to the queue."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.connection.timeout = 300

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        kept = self.connection.sock is not None
        try:
            return super().ask(method, path, fields)
        except ConnectionError:
            self.connection.close()
            if not kept:
                raise
        return super().ask(method, path, fields)

    def see(self, status: int, page: str) -> None:
        super().see(status, page)
        for picture in PICTURE.findall(page):
            self.connection.request("GET", picture, headers=self.sent())
            response = self.connection.getresponse()
            response.read()
            if response.status != 200:
                raise RuntimeError(f"picture: status {response.status}")

    def sent(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}


class Crowd:
    """So many raters; what they met with."""

    def __init__(
        self, gallery: Gallery, raters: int, *, pause: float, arrive: float, seconds: float
    ) -> None:
        self.gallery, self.pause, self.arrive, self.seconds = gallery, pause, arrive, seconds
        self.times: list[float] = []
        self.acknowledged: list[str] = []
        self.errors: list[str] = []
        self.threads = [threading.Thread(target=self.rate) for _ in range(raters)]

    def run(self) -> None:
        """They come one after another within `arrive` seconds."""
        threading.stack_size(256 * 1024)
        self.end = time.perf_counter() + self.seconds
        for thread in self.threads:
            thread.start()
        for thread in self.threads:
            thread.join()

    def rate(self) -> None:
        time.sleep(random.uniform(0, self.arrive))
        visitor = Browsing(self.gallery.port, "bench")
        while time.perf_counter() < self.end:
            try:
                while not visitor.trial:
                    visitor.sit_down()
                    time.sleep(self.pause)
                trial = visitor.trial
                took = visitor.rate()
            except Exception as error:  # noqa: BLE001  counted and reported
                self.errors.append(repr(error))
                visitor = Browsing(self.gallery.port, "bench")
            else:
                self.times.append(took)
                self.acknowledged.append(trial)
            time.sleep(self.pause)


class Painting(threading.Thread):
    """Keeps runs waiting, as an admin would who asks for one after another."""

    def __init__(self, gallery: Gallery) -> None:
        super().__init__(daemon=True)
        self.gallery, self.done = gallery, threading.Event()

    def run(self) -> None:
        while not self.done.is_set():
            self.gallery.python(
                "from gallery.runs.models import Run\n"
                "from gallery.runs.services import request_run\n"
                f"if Run.objects.pending().count() < 3: request_run(**{ASKED!r})"
            )
            self.done.wait(10)

    def made(self) -> int:
        """How many works were painted."""
        self.done.set()
        self.join()
        return int(
            self.gallery.python(
                "from gallery.runs.models import Output; print(Output.objects.count())"
            )
        )


def measure(name: str, gallery: Gallery, asked: argparse.Namespace) -> None:
    gallery.python(STUDY)
    seconds = 60 * asked.minutes
    crowd = Crowd(gallery, asked.raters, pause=asked.pause, arrive=asked.arrive, seconds=seconds)
    painting = Painting(gallery)
    painting.start()
    before = time.process_time()
    crowd.run()
    own = time.process_time() - before
    made, stored = painting.made(), set(gallery.python(STORED).split())
    lost = set(crowd.acknowledged) - stored
    times = crowd.times or [float("nan")]
    p50, p95, p99 = (1e3 * percentile(times, share) for share in (0.5, 0.95, 0.99))
    print(f"  {name}: {len(crowd.times) / seconds:.1f} answers/s, {len(crowd.errors)} errors")
    print(f"    p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms")
    print(f"    {len(crowd.acknowledged)} acknowledged, {len(stored)} stored, {len(lost)} lost")
    print(f"    {made} works painted; the raters' own CPU {own:.0f} s; {load()}", flush=True)
    for error in crowd.errors[:3]:
        print(f"    {error}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raters", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--pause", type=float, default=5.0, help="seconds between answers")
    parser.add_argument("--arrive", type=float, default=60.0, help="seconds until all have come")
    parser.add_argument("--only", choices=["scaled", "one process"])
    chosen = parser.parse_args()
    print(f"{chosen.raters} raters, {chosen.pause:g} s between answers, {chosen.minutes:g} min:")
    for name in [chosen.only] if chosen.only else ["one process", "scaled"]:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o711)  # PostgreSQL runs as nobody where this is root
            made = Path(folder) / "var"
            gallery = Deployed(made) if name == "scaled" else Gallery(made).furnish()
            gallery.start()
            try:
                measure(name, gallery, chosen)
            finally:
                gallery.stop()


if __name__ == "__main__":
    main()

"""The findings page and the export with a million stored ratings.

    OMP_NUM_THREADS=1 python -m bench.findings [--ratings 1000000]

Rows are written straight into a gallery of its own (SQLite, in a temporary folder): raters of 20
works each, two scales. Says how long the findings take to compute, the page to come, the export to
be written, and how much memory the export adds.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

from tests.servers import Gallery

FILL = """
import random
from django.utils.timezone import now
from gallery.studies.models import Guess, Rater, Rating, Trial
from tests.factories import make_study
rng = random.Random(1)
study = make_study(WORKS, slug="million", trials_per_rater=20)
works = [(w.pk, rng.gauss(0, 0.9) + (0.3 if w.artwork.origin == "human" else 0))
         for w in study.works.select_related("artwork")]
left = RATERS
while left:
    count = min(left, 500)
    left -= count
    raters = Rater.objects.bulk_create(
        Rater(study=study, seed=1, first_item="coherence", language="en", revealed_at=now())
        for _ in range(count))
    trials = []
    for rater in raters:
        for place, (pk, level) in enumerate(rng.sample(works, 20), 1):
            trial = Trial(rater=rater, study_work_id=pk, position=place, answered_at=now(),
                          recognised="no", rt_ms=9000)
            trial.level = level + rng.gauss(0, 1)
            trials.append(trial)
    Trial.objects.bulk_create(trials, batch_size=2000)
    def mark(level):
        return min(7, max(1, round(4 + 1.2 * level + rng.gauss(0, 1.2))))
    Rating.objects.bulk_create(
        (Rating(trial=t, item=item, value=mark(t.level if item == "coherence" else -t.level))
         for t in trials for item in ("coherence", "surprise")), batch_size=5000)
study.close()
"""
COUNT = """
import time, resource
from gallery.findings.services import compute_findings
from gallery.studies.models import Study
began = time.perf_counter()
found = compute_findings(Study.objects.get(slug="million"))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(f"{time.perf_counter() - began:.0f} s, {peak:.0f} MB, {found.answers} answers")
"""
EXPORT = """
import time, resource
from gallery.findings.exports.bundle import stream
from gallery.studies.models import Study
study = Study.objects.get(slug="million")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
began, size = time.perf_counter(), 0
for piece in stream(study):
    size += len(piece)
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before
print(f"{time.perf_counter() - began:.1f} s, {size / 1e6:.1f} MB, memory grew {grown:.0f} MB")
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ratings", type=int, default=1_000_000)
    parser.add_argument("--works", type=int, default=550, help="on each side")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        gallery = Gallery(Path(folder)).furnish()
        sizes = {"RATERS": asked.ratings // 40, "WORKS": asked.works}
        script = FILL
        for name, value in sizes.items():
            script = script.replace(name, str(value))
        gallery.python(script)
        print("findings computed:", gallery.python(COUNT).strip(), flush=True)
        print("export:", gallery.python(EXPORT).strip(), flush=True)
        gallery.start()
        times = []
        for _ in range(101):
            began = time.perf_counter()
            with urlopen(f"http://127.0.0.1:{gallery.port}/studies/million/findings/") as page:
                page.read()
            times.append(1000 * (time.perf_counter() - began))
        print(f"page: first {times.pop(0):.0f} ms")
        gallery.stop()
        p95 = statistics.quantiles(times, n=20)[-1]
        print(f"page: median {statistics.median(times):.0f} ms, p95 {p95:.0f} ms")


if __name__ == "__main__":
    main()

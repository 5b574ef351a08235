"""Four workers, two hundred runs: none is lost and none is had twice."""

import subprocess
import sys

import pytest

from tests.conftest import database_like
from tests.servers import ROOT, Gallery

pytestmark = pytest.mark.any_database

RUNS, WORKERS = 200, 4

REQUEST = f"""
from tests.factories import make_run
for _ in range({RUNS}): make_run()
"""
CLAIM = """
import django, sys; django.setup()
from gallery.runs.models import Run
sys.stdin.readline()
while run := Run.objects.claim(sys.argv[1]): print(run.pk)
"""
COUNT = """
from gallery.runs.models import Attempt, Run
print(Run.objects.filter(state="running", attempt=1).count(), Attempt.objects.count())
"""


def race(gallery: Gallery) -> None:
    gallery.python(REQUEST)
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIM, f"w{number}"],
            cwd=ROOT,
            env=gallery.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(WORKERS)
    ]
    for worker in workers:  # the pistol, when all are set up
        assert worker.stdin
        worker.stdin.write("go\n")
        worker.stdin.flush()
    claimed = [worker.communicate(timeout=60)[0].split() for worker in workers]
    assert all(worker.returncode == 0 for worker in workers)
    every = [pk for by_one in claimed for pk in by_one]
    assert len(every) == len(set(every)) == RUNS
    assert sum(bool(by_one) for by_one in claimed) > 1, "only one took part: this was no race"
    assert gallery.python(COUNT).split() == [str(RUNS), str(RUNS)]


def test_four_processes_claim_each_run_once_on_sqlite(tmp_path, furnished):
    race(Gallery(tmp_path / "gallery").furnish(furnished))


def test_four_processes_claim_each_run_once_on_postgres(tmp_path, postgres_with_tables):
    race(Gallery(tmp_path / "gallery", DATABASE_URL=database_like(postgres_with_tables)))

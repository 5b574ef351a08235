"""A backup taken while people answer holds every answer that was acknowledged before it."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.keeping.conftest import FILL, Ground
from tests.servers import Gallery, wait_until
from tests.studies.browsers import Browser, next_address

pytestmark = pytest.mark.any_database

MARKS = {"coherence": 2, "surprise": 6}


def rate_until(stop: threading.Event, gallery: Gallery, ledger: list[str]) -> None:
    """Sit one sitting after another; note each answer that the server has acknowledged."""
    while not stop.is_set():
        visitor = Browser(gallery.url)
        address = visitor.sit_down("kept")
        while "/answer/" in address and not stop.is_set():
            status, page = visitor.post(address, MARKS, htmx=True)
            assert status == 200, page
            ledger.append(address.split("/")[2])
            time.sleep(0.02)  # so that the backup gets its turn, too
            address = next_address(page)


def answers(gallery: Gallery) -> dict[str, list[int]]:
    """The marks of each trial that has any."""
    printed = gallery.python(
        "import json; from gallery.studies.models import Trial\n"
        "print(json.dumps({str(t.code): [r.value for r in t.ratings.order_by('item')]"
        " for t in Trial.objects.all() if t.answered_at or t.ratings.exists()}))"
    )
    found: dict[str, list[int]] = json.loads(printed)
    return found


def media(gallery: Gallery) -> dict[str, bytes]:
    root = gallery.folder / "media"
    files = [path for path in root.rglob("*") if path.is_file()]
    return {str(path.relative_to(root)): path.read_bytes() for path in files}


def counts(gallery: Gallery) -> dict[str, int]:
    printed = gallery.python(
        "import json; from gallery.keeping.dumps import rows_by_table\n"
        "print(json.dumps(rows_by_table('default')))"
    )
    found: dict[str, int] = json.loads(printed)
    return found


@pytest.mark.parametrize("ground", ["sqlite", "postgresql"], indirect=True)
def test_a_backup_under_answers_loses_none_that_was_acknowledged_before(ground: Ground):
    gallery = ground.furnished().start()
    gallery.python("from tests.factories import make_study\nmake_study(10, slug='kept')")
    stop, ledger = threading.Event(), list[str]()
    backup = gallery.folder / "backup"
    with ThreadPoolExecutor(3) as crowd:
        under_way = [crowd.submit(rate_until, stop, gallery, ledger) for _ in range(3)]
        try:
            wait_until(lambda: len(ledger) >= 20, what="twenty answers")
            before = list(ledger)
            gallery.manage("backup", str(backup), check=False)  # its works have no originals
            meanwhile = len(ledger) - len(before)
        finally:
            stop.set()
        for one in under_way:
            one.result()
    gallery.stop()
    assert meanwhile > 4, "nobody answered meanwhile"
    restored = ground.bare()
    restored.manage("restore", str(backup))
    there = answers(restored)
    assert set(before) <= there.keys()
    assert all(marks == [2, 6] for marks in there.values())
    assert there.keys() <= answers(gallery).keys()
    assert media(restored) == media(gallery)
    restored.start()  # and it goes on
    visitor = Browser(restored.url)
    assert visitor.post(visitor.sit_down("kept"), MARKS)[0] == 302
    restored.stop()


def test_a_restored_gallery_is_whole_and_the_same(ground: Ground):
    """Also where a first start, without works, has made tables already."""
    gallery, restored = ground.furnished(), ground.furnished()
    gallery.python(FILL)
    backup = str(gallery.folder / "backup")
    assert "secret_key, or SECRET_KEY" in gallery.manage("backup", backup).stdout
    assert "Whole: the gallery of" in restored.manage("restore", backup, "--verify-only").stdout
    assert media(restored) == {}
    restored.manage("restore", backup)
    assert media(restored) == media(gallery)
    assert counts(restored) == counts(gallery)
    assert "0 missing, 0 wrong; of what no row wants 0 stray" in restored.manage("doctor").stdout


def test_a_backup_of_an_older_version_is_brought_up_to_date(ground: Ground):
    """The newer tables are where it is restored already."""
    gallery, restored = ground.furnished(), ground.furnished()
    older = "call_command('migrate', 'findings', 'zero'); call_command('migrate', 'runs', '0003')"
    gallery.python(f"from django.core.management import call_command\n{older}")
    backup = str(gallery.folder / "backup")
    gallery.manage("backup", backup)
    restored.manage("restore", backup)
    assert "0 missing, 0 wrong" in restored.manage("doctor").stdout


def test_a_backup_is_open_to_nobody_else(kept: Path):
    assert kept.stat().st_mode & 0o077 == 0
    for path in kept.rglob("*"):
        if path.is_file():
            assert path.stat().st_mode & 0o077 == 0, path


def test_what_the_gallery_lacks_is_told_and_the_rest_is_kept(ground: Ground):
    gallery, restored = ground.furnished(), ground.bare()
    gallery.python(FILL)
    lost = next(iter((gallery.folder / "media" / "renditions").rglob("*.webp")))
    lost.unlink()
    name = str(lost.relative_to(gallery.folder / "media"))
    done = gallery.manage("backup", str(gallery.folder / "backup"), check=False)
    assert done.returncode == 1  # or a timer would never tell anybody
    assert "written, but not whole: 1 file is not in storage" in done.stderr
    assert f"{name} is not in storage, though works.Rendition wants it." in done.stderr
    done = restored.manage("restore", str(gallery.folder / "backup"))
    assert "lacked 1 files when it was backed up" in done.stdout
    assert f"missing {name}" in restored.manage("doctor", check=False).stdout

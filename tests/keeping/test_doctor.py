"""What is there is wanted, and what is wanted is there with the right bytes."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, default_storage
from django.core.management import CommandError, call_command

from gallery.keeping import files
from gallery.runs.models import Bookmark, Checkpoint
from gallery.works.ingest import Busy, abandon, prepare
from gallery.works.models import Artwork, Medium
from gallery.works.services import accession, machine_maker, take_in
from tests.factories import make_run
from tests.servers import Gallery
from tests.works.pictures import encoded, label, noise

pytestmark = pytest.mark.django_db
PICTURE = encoded(noise(), "JPEG", quality=81)
ALL_WELL = "0 missing, 0 wrong"


def doctor(*options: str) -> list[str]:
    """The lines that it prints, the summary last."""
    out = StringIO()
    call_command("doctor", *options, stdout=out)
    return [line for line in out.getvalue().splitlines() if not line.startswith("PostgreSQL")]


def complaints() -> list[str]:
    """The same of a gallery that is not well; the summary is the refusal's."""
    out = StringIO()
    with pytest.raises(CommandError) as told:
        call_command("doctor", stdout=out)
    lines = [line for line in out.getvalue().splitlines() if not line.startswith("PostgreSQL")]
    return [*lines, str(told.value)]


def hang() -> Artwork:
    return take_in(Medium.IMAGE, PICTURE, label())


def rendition_of(artwork: Artwork) -> str:
    return str(artwork.renditions.get(kind="blind").file.name)


def change(name: str, data: bytes) -> None:
    default_storage.delete(name)
    default_storage.save(name, ContentFile(data))


def stray(name: str, *, hours: float = 0) -> Path:
    path = Path(default_storage.path(default_storage.save(name, ContentFile(b"?"))))
    then = time.time() - 3600 * hours
    os.utime(path, (then, then))
    return path


def leave(model: type[Checkpoint | Bookmark], name: str, **kw: int) -> str:
    """A trained file with its row; its name."""
    default_storage.save(name, ContentFile(b"weights"))
    sha256 = "9a2d3d8e0d43bf6d7c7c5d0dc9d1ba0b4d1cd9b2b7f8a9e1d5f2cb3ae9c01d52"
    run = make_run(generator="gan", task="train", name=name)
    model.objects.create(run=run, file=name, sha256=sha256, **kw)
    return name


def test_a_gallery_that_is_whole_has_nothing_to_complain_of():
    hang()
    take_in(Medium.TEXT, b"A line of words.", label(title="words"))
    (summary,) = doctor()
    assert summary.startswith(ALL_WELL)


def test_an_empty_gallery_is_whole():
    assert doctor()[0].startswith(ALL_WELL)


def test_it_misses_an_original_and_a_rendition():
    artwork = hang()
    rendition = rendition_of(artwork)
    default_storage.delete(artwork.original_path)
    default_storage.delete(rendition)
    original, other, summary = complaints()
    assert original.startswith(f"missing {artwork.original_path}  works.Artwork wants it. Put the")
    assert other.startswith(f"missing {rendition}  works.Rendition wants it.")
    assert summary.startswith("2 missing, 0 wrong")


def test_it_sees_a_single_flipped_bit():
    artwork = hang()
    change(artwork.original_path, bytes([PICTURE[0] ^ 1]) + PICTURE[1:])
    line, summary = complaints()
    assert line.startswith(f"wrong   {artwork.original_path}  Its bytes have changed.")
    assert summary.startswith("0 missing, 1 wrong")


def test_it_sees_a_file_that_is_empty_though_it_knows_no_hash_of_it():
    rendition = rendition_of(hang())
    change(rendition, b"")
    assert complaints()[0].startswith(f"wrong   {rendition}  It is empty.")


def test_it_checks_what_trainings_leave_and_says_what_each_loss_means():
    changed = leave(Checkpoint, "checkpoints/a.safetensors", size=7)
    gone = leave(Bookmark, "bookmarks/b.safetensors")
    default_storage.delete(gone)
    checkpoint, bookmark, _summary = sorted(complaints(), reverse=True)
    assert checkpoint.startswith(f"wrong   {changed}  Its bytes have changed.")
    assert checkpoint.endswith("or train again.")
    assert bookmark.startswith(f"missing {gone}")
    assert bookmark.endswith("the training begins anew.")


def test_two_works_with_the_same_bytes_miss_one_file():
    for _ in range(2):
        prepared = prepare(Medium.IMAGE, PICTURE)
        accession(prepared, maker=machine_maker("Entropy"), recipe={"generator": "entropy"})
    default_storage.delete(Artwork.objects.all()[0].original_path)
    assert complaints()[-1].startswith("1 missing, 0 wrong")


def test_it_finds_all_however_few_it_looks_at_at_a_time(monkeypatch):
    monkeypatch.setattr(files, "BATCH", 2)
    for n in range(5):
        work = take_in(Medium.TEXT, b"%d words" % n, label(title=str(n)))
        default_storage.delete(work.original_path)
    hang()
    assert complaints()[-1].startswith("5 missing, 0 wrong")


def test_only_an_old_file_is_a_stray():
    fresh, old = stray("renditions/new.webp"), stray("renditions/old.webp", hours=1.1)
    lines = doctor()
    assert "new     renditions/new.webp  No row wants it yet" in lines[0]
    assert "stray   renditions/old.webp  No row wants it. --delete-strays" in lines[1]
    assert [fresh.exists(), old.exists()] == [True, True]


def test_it_deletes_old_strays_and_nothing_else_when_told_to():
    work = hang()
    rendition = Path(default_storage.path(rendition_of(work)))
    os.utime(rendition, (0, 0))
    fresh, old = stray("renditions/new.webp"), stray("renditions/old.webp", hours=1.1)
    half = stray(".incoming-killed", hours=2)
    assert doctor("--delete-strays")[-1].endswith("0 stray, 2 deleted, 1 too new.")
    assert [old.exists(), half.exists()] == [False, False]
    assert [fresh.exists(), rendition.exists()] == [True, True]


def test_a_work_is_never_recorded_without_the_original_that_was_cleared_away_meanwhile():
    """An ingest that finds its bytes in storage does not write them again."""
    abandon(prepare(Medium.IMAGE, PICTURE))
    again = prepare(Medium.IMAGE, PICTURE)
    (folder,), _ = default_storage.listdir("originals")
    (original,) = Path(default_storage.path(f"originals/{folder}")).iterdir()
    os.utime(original, (0, 0))
    assert any(line.startswith("deleted") for line in doctor("--delete-strays"))
    with pytest.raises(Busy, match="Send it again"):
        accession(again, maker=machine_maker("Entropy"), recipe={"generator": "entropy"})
    assert not Artwork.objects.exists()
    assert hang().original_path


def test_it_works_with_storage_that_is_no_folder(settings):
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": f"{InMemoryStorage.__module__}.InMemoryStorage"}
    }
    artwork = hang()
    assert doctor()[0].startswith(ALL_WELL)
    default_storage.save("renditions/other.webp", ContentFile(b"?"))
    default_storage.delete(artwork.original_path)
    lines = complaints()
    assert [line.split()[0] for line in lines] == ["missing", "new", "1"]


@pytest.fixture
def broken(furnished: Path, tmp_path: Path) -> Gallery:
    """A gallery of its own, to break the database of."""
    gallery = Gallery(shutil.copytree(furnished, tmp_path / "gallery"))
    gallery.python("from tests.factories import make_study; make_study(1)")
    return gallery


def test_a_reference_to_nothing_is_told(broken):
    with closing(sqlite3.connect(broken.folder / "gallery.sqlite3")) as database, database:
        database.execute("delete from works_maker")
    done = broken.manage("doctor", check=False)
    assert done.returncode == 1
    assert "of works_artwork refers to a row of works_maker that is not there" in done.stdout


@pytest.mark.parametrize("page", [2, 40])
def test_a_damaged_database_is_told(broken, page):
    path = broken.folder / "gallery.sqlite3"
    data = bytearray(path.read_bytes())
    data[4096 * (page - 1) : 4096 * (page + 19)] = os.urandom(4096 * 20)
    path.write_bytes(data)
    done = broken.manage("doctor", check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "wrong   database" in done.stdout
    assert "so no file was looked at. Restore a backup." in done.stderr


@pytest.mark.any_database
def test_a_database_without_tables_is_refused_with_what_to_do(tmp_path):
    done = Gallery(tmp_path / "gallery").manage("doctor", check=False)
    assert done.returncode == 1
    assert "Run manage.py migrate" in done.stderr

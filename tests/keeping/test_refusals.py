"""What is no whole backup is never restored, and nothing is ever covered up."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from gallery.keeping import dumps
from gallery.keeping.manifest import NAME, BackupRefused, Kept, manifest_of
from tests.keeping.conftest import FILL
from tests.servers import ROOT, Gallery

pytestmark = pytest.mark.any_database


@pytest.fixture(autouse=True)
def _unblocked(django_db_blocker) -> Iterator[None]:
    """Checking a backup opens its own database, and no other."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def backup(kept: Path, tmp_path: Path) -> Path:
    """A backup of one's own, to spoil."""
    return shutil.copytree(kept, tmp_path / "backup")


@pytest.fixture
def gallery(furnished: Path, tmp_path: Path) -> Gallery:
    return Gallery(shutil.copytree(furnished, tmp_path / "gallery"))


def refusal(backup: Path) -> str:
    with pytest.raises(CommandError) as told:
        call_command("restore", str(backup), verify_only=True)
    return str(told.value)


def refused(gallery: Gallery, *command: str) -> str:
    done = gallery.manage(*command, check=False)
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stderr
    return done.stderr


def rewrite(backup: Path, **values: object) -> None:
    manifest = manifest_of(backup).model_copy(update=values)
    (backup / NAME).unlink()
    manifest.write(backup)


def test_a_flipped_bit_in_any_file_is_refused(backup):
    files = [path for path in backup.rglob("*") if path.is_file()]
    assert len(files) == 1 + 1 + 2 + 3 + 1  # manifest, database, originals, renditions, weights
    for path in files:
        data = path.read_bytes()
        middle = len(data) // 2
        path.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
        told = refusal(backup)
        assert path.name in told
        assert "Take another backup." in told
        path.write_bytes(data)
    call_command("restore", str(backup), verify_only=True)


def test_a_missing_file_is_refused(backup):
    path = next((backup / "media" / "originals").rglob("*/*"))
    path.unlink()
    assert f"{path.relative_to(backup)} is missing." in refusal(backup)


def test_a_folder_without_a_manifest_is_no_backup(backup):
    (backup / NAME).unlink()
    assert "is no backup: there is no manifest.json" in refusal(backup)


def test_a_truncated_database_is_refused(backup):
    path = backup / "database.sqlite3"
    path.write_bytes(path.read_bytes()[:8192])
    assert "database.sqlite3 has 8,192 bytes instead of" in refusal(backup)


def test_another_database_with_its_hash_is_refused(backup):
    """Whoever writes the manifest anew is still held to the rows that it tells."""
    rewrite(backup, rows=manifest_of(backup).rows | {"works_artwork": 3})
    assert "works_artwork has 2 rows instead of 3" in refusal(backup)


def test_a_manifest_that_leads_out_of_the_folder_is_refused(backup):
    (backup.parent / "outside").write_bytes(b"")
    outside = {"../outside": Kept(sha256="0" * 64, size=0)}
    rewrite(backup, files=manifest_of(backup).files | outside)
    assert "manifest.json is damaged" in refusal(backup)


def test_a_format_that_is_not_known_is_refused(backup):
    rewrite(backup, format=2)
    assert "written in format 2, and this version of the program reads format 1" in refusal(backup)


def test_a_backup_of_a_newer_version_is_refused(backup, gallery):
    rewrite(backup, migrations=[*manifest_of(backup).migrations, ("runs", "9999_later")])
    told = refused(gallery, "restore", str(backup))
    assert "newer version of the program, which has runs.9999_later" in told


def test_a_backup_of_another_engine_is_refused(backup, tmp_path, postgres_url):
    gallery = Gallery(tmp_path / "other", DATABASE_URL=postgres_url)
    told = refused(gallery, "restore", str(backup))
    assert "is of a gallery on sqlite, and this one is on postgresql" in told


def test_a_gallery_with_works_is_never_covered_up(backup, gallery):
    gallery.python(FILL)
    before = (gallery.folder / "gallery.sqlite3").read_bytes()
    assert "This gallery is not empty: there are" in refused(gallery, "restore", str(backup))
    assert (gallery.folder / "gallery.sqlite3").read_bytes() == before


def test_files_without_rows_are_never_covered_up(backup, gallery):
    path = gallery.folder / "media" / "originals" / "ab" / "abc"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"?")
    told = refused(gallery, "restore", str(backup))
    assert "storage is not empty: there is originals/ab/abc" in told


def test_a_backup_goes_to_a_folder_of_its_own(gallery, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "diary.txt").write_text("mine")
    assert "is not empty. Each backup" in refused(gallery, "backup", str(tmp_path / "full"))


def test_where_there_are_no_tables_there_is_nothing_to_back_up(tmp_path):
    told = refused(Gallery(tmp_path / "bare"), "backup", str(tmp_path / "backup"))
    assert "There is nothing to back up" in told
    assert not (tmp_path / "backup").exists()


def test_a_program_that_is_older_than_the_database_takes_no_backup(gallery, tmp_path):
    gallery.python(
        "from django.db.migrations.recorder import MigrationRecorder\n"
        "from django.db import connection\n"
        "MigrationRecorder(connection).record_applied('runs', '9999_later')"
    )
    told = refused(gallery, "backup", str(tmp_path / "backup"))
    assert "newer version of the program, which has runs.9999_later" in told


def test_a_damaged_database_is_not_passed_off_as_a_backup(gallery, tmp_path):
    gallery.python("from tests.factories import make_study; make_study(1)")
    path = gallery.folder / "gallery.sqlite3"
    data = path.read_bytes()
    path.write_bytes(data[: 4096 * 60] + bytes(4096 * 20) + data[4096 * 80 :])
    refused(gallery, "backup", str(tmp_path / "backup"))
    assert not (tmp_path / "backup" / NAME).exists()


def crowded(gallery: Gallery, *command: str) -> str:
    """What a command says that may write no file of more than 200 KiB."""
    done = subprocess.run(
        ["sh", "-c", 'ulimit -f 400; exec "$@"', "sh", sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=gallery.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout
    return done.stderr


def test_a_full_disk_leaves_neither_a_backup_nor_half_a_gallery(backup, gallery, tmp_path):
    told = crowded(gallery, "backup", str(tmp_path / "cut off"))
    assert "SQLite could not copy the database" in told
    assert "there is no manifest.json in it" in refusal(tmp_path / "cut off")
    assert "SQLite could not copy the database" in crowded(gallery, "restore", str(backup))
    counted = "from gallery.works.models import Artwork; print(Artwork.objects.count(), end='')"
    assert gallery.python(counted) == "0"
    assert "If a restore was interrupted here, empty it." in refused(
        gallery, "restore", str(backup)
    )
    shutil.rmtree(gallery.folder / "media")
    gallery.manage("restore", str(backup))
    assert gallery.python(counted) == "2"


def test_without_postgresqls_programs_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(dumps, "DEBIAN", tmp_path)
    with pytest.raises(BackupRefused, match="apt-get install postgresql-client"):
        dumps.check_readable(tmp_path)

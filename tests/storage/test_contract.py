"""What the gallery trusts storage with, on a disk and in a bucket alike."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from datetime import timedelta

import pytest
from django.core.exceptions import SuspiciousOperation
from django.core.files.base import ContentFile, File
from django.utils.timezone import now

from gallery.storage import StorageAway, discard
from tests.storage.conftest import MANY

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize("size", [1, 130_000, 9 * 2**20])
def test_what_was_saved_is_read_back(storage, size):
    data = secrets.token_bytes(size)
    assert storage.save("renditions/ab/one.webp", ContentFile(data)) == "renditions/ab/one.webp"
    assert storage.exists("renditions/ab/one.webp")
    assert storage.size("renditions/ab/one.webp") == size
    with storage.open("renditions/ab/one.webp") as file:
        assert file.size == size
        assert b"".join(file.chunks()) == data
        file.seek(0)
        assert file.read() == data
    with file.open() as again:
        assert again.read() == data


def test_a_file_of_this_machine_is_saved_whole_even_where_it_was_read_before(storage, tmp_path):
    (tmp_path / "weights").write_bytes(b"weights")
    with (tmp_path / "weights").open("rb") as file:
        file.read()
        storage.save("checkpoints/one", File(file))
    with storage.open("checkpoints/one") as kept:
        assert kept.read() == b"weights"


def test_its_time_is_that_of_saving_it(storage):
    storage.save("one", ContentFile(b"1"))
    assert abs(storage.get_modified_time("one") - now()) < timedelta(seconds=5)


def test_what_is_not_there_is_told_as_such(storage):
    storage.save("folder/one", ContentFile(b"1"))
    for ask in (storage.open, storage.size, storage.get_modified_time):
        with pytest.raises(FileNotFoundError):
            ask("folder/two")
    assert not storage.exists("folder/two")
    storage.delete("folder/two")


def test_what_was_deleted_is_gone(storage):
    storage.save("folder/one", ContentFile(b"1"))
    storage.delete("folder/one")
    assert not storage.exists("folder/one")


def test_a_folder_is_listed_with_its_folders(storage):
    for name in ("top", "a/one", "a/two", "a/b/three"):
        storage.save(name, ContentFile(b"1"))
    assert storage.listdir("") == (["a"], ["top"])
    folders, files = storage.listdir("a")
    assert (folders, sorted(files)) == (["b"], ["one", "two"])


def test_no_name_leads_out(storage):
    for do in (storage.open, storage.exists, storage.delete):
        with pytest.raises(SuspiciousOperation):
            do("../secret")


def test_two_who_save_the_same_bytes_at_once_leave_one_whole_file(storage):
    data = secrets.token_bytes(2**20)

    def keep() -> None:  # as `gallery.works.ingest` does
        saved = storage.save("originals/ab/hash", ContentFile(data))
        if saved != "originals/ab/hash":
            storage.delete(saved)

    threads = [threading.Thread(target=keep) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert storage.listdir("originals/ab") == ([], ["hash"])
    with storage.open("originals/ab/hash") as file:
        assert file.read() == data


def test_a_listing_of_more_than_one_answer_is_whole(bucket_server, named):
    assert len(named(bucket_server).listdir("many")[1]) == MANY


def test_a_bucket_gives_no_address_and_nothing_to_a_stranger(bucket, bucket_server):
    bucket.save("one", ContentFile(b"1"))
    with pytest.raises(ValueError, match="given to nobody"):
        bucket.url("one")
    address = f"{bucket_server['AWS_S3_ENDPOINT_URL']}/works/{bucket.location}/one"
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(address)


def test_a_file_of_a_bucket_is_not_written_to_in_pieces(bucket):
    with pytest.raises(ValueError, match="as a whole"):
        bucket.open("one", "wb")


VERBS = {
    "open": lambda storage: storage.open("one"),
    "save": lambda storage: storage.save("one", ContentFile(b"1")),
    "delete": lambda storage: storage.delete("one"),
    "exists": lambda storage: storage.exists("one"),
    "listdir": lambda storage: storage.listdir(""),
    "size": lambda storage: storage.size("one"),
    "get_modified_time": lambda storage: storage.get_modified_time("one"),
}


@pytest.fixture
def impatient(monkeypatch):
    """Nobody waits between tries."""
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *a: 0)


def test_a_bucket_that_is_away_is_told_apart_from_a_missing_file(away, impatient):
    for ask in VERBS.values():
        with pytest.raises(StorageAway, match="The bucket works is away"):
            ask(away)


@pytest.mark.parametrize(
    "wrong", [{"AWS_SECRET_ACCESS_KEY": "guessed"}, {"AWS_STORAGE_BUCKET_NAME": "other"}]
)
def test_a_bucket_that_refuses_is_told_apart_from_a_missing_file(bucket_server, named, wrong):
    refusing = named(bucket_server | wrong)
    for verb in ("open", "save", "listdir"):
        with pytest.raises(StorageAway, match="refuses"):
            VERBS[verb](refusing)


def test_what_cannot_be_deleted_now_stays_behind(away, impatient, caplog):
    discard(["renditions/ab/one.webp"])
    assert "renditions/ab/one.webp stays behind" in caplog.text


def test_boto3_is_only_imported_where_a_bucket_is_named():
    code = "import sys, django; django.setup(); import gallery.asgi; print('boto3' in sys.modules)"
    named = {"AWS_STORAGE_BUCKET_NAME", "AWS_S3_ENDPOINT_URL"}
    environment = {name: told for name, told in os.environ.items() if name not in named}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False"]

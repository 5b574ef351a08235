"""A sample of `make soak`: nothing but verdicts, soon, and nothing left behind."""

import tempfile
from io import BytesIO

import pytest
from PIL import Image

from gallery.works import sandbox as sandbox_module
from tests.soak import sending
from tests.soak.files import hostile_files, mutations, valid_pictures
from tests.soak.sending import soak

pytestmark = pytest.mark.any_database


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path, monkeypatch):
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))


@pytest.mark.django_db
def test_of_damaged_pictures_come_verdicts_and_nothing_else():
    found = soak([], mutations(200, seed=2026))
    assert found.breaches() == []
    assert found.verdicts.total() == 200 + len(valid_pictures())
    assert found.verdicts["taken in"] > 20
    assert len(found.verdicts) > 3


@pytest.mark.django_db
def test_of_hostile_files_come_verdicts_and_nothing_else(shared_data):
    some = list(hostile_files())[::8]
    assert len(some) > 25
    found = soak([], some)
    assert found.breaches() == []
    assert found.verdicts.total() == len(some) + len(valid_pictures())


def test_the_same_seed_damages_in_the_same_way():
    assert list(mutations(50, seed=1)) == list(mutations(50, seed=1))
    assert list(mutations(50, seed=1)) != list(mutations(50, seed=2))


def test_the_valid_ones_are_valid():
    for name, data in valid_pictures().items():
        Image.open(BytesIO(data)).load()
        assert name.endswith((".jpg", ".png", ".webp"))


@pytest.mark.django_db
def test_each_breach_is_told(monkeypatch, tmp_path):
    def failing(*_anything):
        (tmp_path / "tmp" / "forgotten").touch()
        raise ZeroDivisionError

    monkeypatch.setattr(sending, "GRACE", -sandbox_module.WALL_SECONDS)
    monkeypatch.setattr(sending, "MOST_GROWTH", -1e9)

    def strangers():
        """Once the valid ones are in, storing fails."""
        monkeypatch.setattr(sending, "keep", failing)
        yield "one.jpg", valid_pictures()["plain.jpg"] + b"?"

    told = soak(strangers(), []).breaches()
    assert "uncaught: one.jpg: ZeroDivisionError()" in told
    assert "longer than 0 s: one.jpg" in told
    assert "left behind: forgotten" in told
    assert told[-1].startswith("grew by")

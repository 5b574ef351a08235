"""Galleries of their own on either database, to be backed up and restored."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import pytest

from tests.conftest import database_like
from tests.servers import Gallery


class Ground:
    """Where galleries are made, each with a folder and, on PostgreSQL, a database of its own."""

    def __init__(self, folder: Path, furnished: Path, server: str = "") -> None:
        self.folder, self.furniture, self.server = folder, furnished, server
        self.numbers = itertools.count()

    def bare(self) -> Gallery:
        """Without tables; its static files are collected."""
        folder = self.folder / f"gallery{next(self.numbers)}"
        shutil.copytree(self.furniture, folder, ignore=shutil.ignore_patterns("*.sqlite3*"))
        return Gallery(folder, PAINT_IN_PROCESS="0", **self._database("template0"))

    def furnished(self) -> Gallery:
        """With tables, and nothing in them."""
        if self.server:
            gallery = self.bare()
            gallery.environment |= self._database("furnished")
            return gallery
        folder = self.folder / f"gallery{next(self.numbers)}"
        return Gallery(shutil.copytree(self.furniture, folder), PAINT_IN_PROCESS="0")

    def _database(self, template: str) -> dict[str, str]:
        if not self.server:
            return {}
        return {"DATABASE_URL": database_like(self.server, template)}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)])
def ground(request: pytest.FixtureRequest, tmp_path: Path, furnished: Path) -> Ground:
    """On either database; on PostgreSQL, which takes longer, when soaking."""
    if request.param == "sqlite":
        return Ground(tmp_path, furnished)
    return Ground(tmp_path, furnished, request.getfixturevalue("postgres_with_tables"))


@pytest.fixture(scope="session")
def kept(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup on SQLite of a gallery with one picture, one text and one trained network."""
    folder = tmp_path_factory.mktemp("kept")
    gallery = Gallery(shutil.copytree(furnished, folder / "gallery"))
    gallery.python(FILL)
    gallery.manage("backup", str(folder / "backup"))
    return folder / "backup"


FILL = """
import hashlib
from django.core.files.base import ContentFile
from gallery.runs.models import Checkpoint
from gallery.works.services import take_in
from tests.factories import make_run
from tests.works.pictures import encoded, label, noise
take_in("image", encoded(noise(), "JPEG", quality=81), label())
take_in("text", b"A line of words.", label(title="words"))
run = make_run(generator="gan", task="train", name="Rivals")
Checkpoint.objects.create(run=run, file=ContentFile(b"weights", "w.safetensors"), size=7,
    sha256=hashlib.sha256(b"weights").hexdigest())
"""

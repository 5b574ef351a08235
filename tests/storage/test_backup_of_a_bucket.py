"""A backup takes the works along wherever they lie, and a restore puts them where they shall."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from gallery.keeping.files import stored
from tests.keeping.conftest import FILL
from tests.servers import Gallery

pytestmark = pytest.mark.any_database

BACK_UP = f"""
from django.core.management import call_command
{FILL}
call_command("backup", "FOLDER")
"""


def contents() -> dict[str, bytes]:
    """All that is kept, by name."""
    found = {}
    for name in stored():
        with default_storage.open(name) as file:
            found[name] = file.read()
    return found


def test_a_restore_fills_another_folder_of_the_bucket(
    bucket_server, named, furnished: Path, tmp_path: Path
):
    backup = tmp_path / "backup"
    first, second = (bucket_server | {"AWS_LOCATION": folder} for folder in ("first", "second"))
    gallery = Gallery(tmp_path / "first", **first).furnish(furnished)
    gallery.python(BACK_UP.replace("FOLDER", str(backup)))
    done = Gallery(tmp_path / "second", **second).manage("restore", str(backup))
    assert done.stdout.startswith("Restored")
    named(first)
    before = contents()
    assert len(before) == 6  # two originals, three renditions, a checkpoint
    named(second)
    assert contents() == before

"""What every test may ask for: where the real pictures lie, and the two databases."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def missing(reason: str) -> None:
    """Skip with a reason; fail instead where CI promises that every part is there."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason} (CI is set, so nothing may be missing)")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real paintings, texts and hostile files; UNSIGNED_DATA names it."""
    folder = Path(os.environ.get("UNSIGNED_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "CATALOGUE.csv").exists():
        pytest.skip(f"needs the collection of real files; none at {folder} (set UNSIGNED_DATA)")
    return folder


@pytest.fixture(autouse=True)
def private_media(settings, tmp_path):
    """Each test keeps its files to itself."""
    settings.MEDIA_ROOT = tmp_path / "media"

"""Museums for these tests, of which this machine's own may be asked at any pace."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gallery.museums import turns
from tests.museums.server import Museum, museum_at


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """And what one test's museum asked for does not bind the next one's."""
    monkeypatch.setattr(turns, "SECONDS_APART", 0.0)
    yield
    turns._free_at.clear()


@pytest.fixture
def museum(settings, tmp_path: Path) -> Iterator[Museum]:
    """A museum that is trusted, and stands in for both the Art Institute and the Met."""
    with museum_at() as museum:
        settings.MUSEUMS_TRUSTED_HOSTS = [f"127.0.0.1:{museum.port}", f"museum.test:{museum.port}"]
        settings.MUSEUMS_ARTIC_API = f"{museum.url}/artic"
        settings.MUSEUMS_MET_API = f"{museum.url}/met"
        kept = settings.CACHES["museums"] | {"LOCATION": str(tmp_path / "museums")}
        settings.CACHES = settings.CACHES | {"museums": kept}
        yield museum

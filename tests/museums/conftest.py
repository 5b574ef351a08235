"""Museums for these tests, of which this machine's own may be asked at any pace."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gallery.museums import turns
from tests.factories import make_user, sign_in
from tests.museums.picking import SEURAT, WORKSHOP
from tests.museums.server import Museum, museum_at
from tests.works.pictures import encoded, noise


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


@pytest.fixture
def curator(client):
    sign_in(client, make_user(curator=True))
    return client


@pytest.fixture
def chicago(museum: Museum) -> Museum:
    """The Art Institute with two works that may be brought in, one that may not, one unseen."""
    answer = museum.document("artic_search.json")
    museum.say("/artic/artworks/search", answer)
    for work in answer["data"]:
        museum.say(f"/artic/artworks/{work['id']}", answer | {"data": work})
    for place, width in ((SEURAT, 1686), (WORKSHOP, 600)):
        museum.say(f"{place}/400,/0/default.jpg", encoded(noise(), "JPEG"))
        museum.say(f"{place}/{width},/0/default.jpg", encoded(noise(), "JPEG", quality=90))
    return museum

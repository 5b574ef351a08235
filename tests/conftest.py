"""What every test may ask for: the real pictures, the real servers, a folder of its own."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.utils import translation
from filelock import FileLock

from tests.servers import Gallery, postgres_binaries, private_postgres, private_redis

ROOT = Path(__file__).resolve().parent.parent


def require(found: object, reason: str) -> None:
    """Skip with the reason where a part is missing; under CI a missing part is a failure."""
    if found:
        return
    if os.environ.get("CI"):
        pytest.fail(f"{reason} (CI is set, so no part may be missing)")
    pytest.skip(reason)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--against",
        choices=["one process", "scaled"],
        default="one process",
        help="what the browser tests visit",
    )


# Fixtures that start a gallery in processes of its own, always on SQLite.
OWN_GALLERY = {"day", "furnished", "gallery_server", "redis_url"}
DATABASE = {"db", "transactional_db"}
# The files that take longest; they begin first, so that no process is left with one at the end.
LONGEST = ("tests/test_furnish", "tests/faults/", "tests/blindness/")


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What such tests prove is the same whatever database this process has: they run once. So do
    those that ask for no database."""
    for item in items:
        asked_for = set(getattr(item, "fixturenames", ()))
        asks = DATABASE & asked_for or item.get_closest_marker("django_db")
        if OWN_GALLERY & asked_for or not asks:
            item.add_marker("any_database")
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real paintings, texts and hostile files; UNSIGNED_DATA names it."""
    folder = Path(os.environ.get("UNSIGNED_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "CATALOGUE.csv").exists():
        pytest.skip(f"needs the collection of real files; none at {folder} (set UNSIGNED_DATA)")
    return folder


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Outside of pytest's folders: those are closed to the user that PostgreSQL runs as."""
    require(postgres_binaries(), "needs PostgreSQL's server (Debian: apt-get install postgresql)")
    with tempfile.TemporaryDirectory() as folder, private_postgres(Path(folder) / "pg") as url:
        yield url


@pytest.fixture(scope="session")
def postgres_with_tables(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same server, with tables to take copies of."""
    url = database_like(postgres_url, "template0", name="furnished")
    Gallery(tmp_path_factory.mktemp("tables"), DATABASE_URL=url).manage("migrate", "-v0")
    return postgres_url


def database_like(server: str, template: str = "furnished", name: str = "") -> str:
    """The address of a fresh database on a server with tables, or of another template."""
    name = name or f"g{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"create database {name} template {template}")
    return server.rpartition("/")[0] + f"/{name}"


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    require(shutil.which("redis-server"), "needs Redis (Debian: apt-get install redis-server)")
    with private_redis(tmp_path / "redis") as url:
        yield url


def made_once(factory: pytest.TempPathFactory, name: str, fill: Callable[[Path], object]) -> Path:
    """A folder that the first of the processes that test beside each other fills for all."""
    own = factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with FileLock(shared / f"{name}.lock"):
        if not (shared / name).exists():
            fill(shared / f"{name}.filling")
            (shared / f"{name}.filling").rename(shared / name)
    return shared / name


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a gallery with tables and static files, to be copied."""
    return made_once(tmp_path_factory, "furnished", lambda folder: Gallery(folder).furnish())


@pytest.fixture
def gallery_server(tmp_path: Path, furnished: Path) -> Iterator[Gallery]:
    """The default gallery: one process, SQLite, in-memory layer, its own worker; no works yet."""
    gallery = Gallery(tmp_path / "gallery").furnish(furnished).start()
    yield gallery
    gallery.stop()


@pytest.fixture(autouse=True)
def english() -> None:
    """A request in another language leaves that language behind; no test inherits it."""
    translation.activate("en")


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path: Path) -> None:
    """Each test keeps its files to itself, and needs no collected static files."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SPOOL = tmp_path / "spool"
    settings.RATE_LIMITS = False  # all visitors of all tests come from one network
    # A good hasher takes a quarter of a second for each user; no test is about hashing.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "gallery.storage.DurableFileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }

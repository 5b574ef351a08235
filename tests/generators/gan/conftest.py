from pathlib import Path

import pytest

from generators.gan.artist import Artist, open_artist
from tests.generators.gan.painters import training, written


@pytest.fixture(scope="package")
def source(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A CAN's file."""
    learnt = training(largest_wish=1.0)
    for _ in range(2):
        learnt.advance()
    return written(tmp_path_factory.mktemp("painters") / "can.safetensors", learnt)


@pytest.fixture(scope="package")
def artist(source: str) -> Artist:
    return open_artist(source)


@pytest.fixture
def file(source: str) -> Path:
    return Path(source.removeprefix("file:"))

"""What the tests of training share."""

from pathlib import Path

import pytest

from tests.generators.training.collection import make_collection


@pytest.fixture(scope="session")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small collection that no test changes."""
    return make_collection(tmp_path_factory.mktemp("collection") / "data")

"""A gallery with tables, copied for each test, and what an undisturbed run makes in it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults import witness
from tests.servers import Gallery


@pytest.fixture
def gallery(furnished: Path, tmp_path: Path) -> Iterator[Callable[..., Gallery]]:
    """Makes galleries with settings of their own; those that serve are stopped at the end."""
    made: list[Gallery] = []

    def make(**environment: str) -> Gallery:
        folder = tmp_path / f"gallery{len(made)}"
        shutil.copytree(furnished, folder)
        made.append(Gallery(folder, **environment))
        return made[-1]

    yield make
    for one in made:
        one.stop()


@pytest.fixture(scope="session")
def undisturbed(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The sha256 of each output of `witness.ASKED` when nothing goes wrong."""
    folder = tmp_path_factory.mktemp("undisturbed") / "gallery"
    shutil.copytree(furnished, folder)
    calm = Gallery(folder)
    code = witness.request(calm)
    calm.manage("paintworker", "--until-empty")
    assert witness.look(calm, code)["state"] == "done"
    hashes = witness.originals(calm, code)
    assert len(set(hashes)) == witness.ASKED["count"]
    return hashes

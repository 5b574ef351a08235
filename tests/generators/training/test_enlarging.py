"""How the network that enlarges learns."""

from pathlib import Path

import pytest
import torch

from generators.gan.enlarge import open_enlarger
from generators.nets.enlarger import TIMES
from generators.refused import Refused
from generators.training import enlarging
from generators.training.enlarging import Training, coarsened, main, read_squares, together, woven
from tests.generators.gan.painters import pictures
from tests.generators.training.collection import make_collection


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The critic is listened to at once, and the paintings made up are coarse enough."""
    for name, value in (("PLAIN", 2), ("SHORTEST", 150), ("WOVEN", 4)):
        monkeypatch.setattr(enlarging, name, value)


def training() -> Training:
    weave = torch.randn((6, 3, 64, 64), generator=torch.Generator().manual_seed(1)) / 20
    return Training(pictures(6, side=256), weave, 12, 0)


def test_it_comes_nearer_to_paintings() -> None:
    learnt = training()
    found = [learnt.advance() for _ in range(10)]
    assert found[-1]["large"] < found[0]["large"]
    assert "lead" in found[-1]  # the critic was heard


def test_the_same_seed_leaves_the_same_bytes_for_any_threads(tmp_path: Path) -> None:
    folder = make_collection(tmp_path / "data", 206, 4)
    threads = torch.get_num_threads()
    outputs = [tmp_path / f"{count}.safetensors" for count in (1, 3)]
    for count, output in zip((1, 3), outputs, strict=True):
        torch.set_num_threads(count)
        assert main([str(folder), "--output", str(output), "--steps", "3"]) == 0
    torch.set_num_threads(threads)
    assert outputs[0].read_bytes() == outputs[1].read_bytes()
    open_enlarger(f"file:{outputs[0]}")


def test_only_paintings_that_are_not_held_out_are_learnt_from(tmp_path: Path) -> None:
    folder = make_collection(tmp_path / "data", 206, 4)
    assert read_squares(folder).shape == (6, 3, 256, 256)


def test_a_collection_without_large_paintings_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_collection(tmp_path / "data", 206, 4)
    monkeypatch.setattr(enlarging, "SHORTEST", 1000)
    with pytest.raises(Refused, match="1000 pixels wide and high"):
        read_squares(folder)
    assert main([str(folder), "--output", str(tmp_path / "x.safetensors")]) == 2


def test_paintings_are_made_as_small_and_woven_as_what_is_painted() -> None:
    large = pictures(2, side=256).float() / 255
    weave = woven(0)[:2]
    small = coarsened(large, weave, torch.Generator().manual_seed(0))
    assert small.shape == (2, 3, 256 // TIMES, 256 // TIMES)
    plain = coarsened(large, torch.zeros_like(weave), torch.Generator().manual_seed(0))
    alike = torch.nn.functional.cosine_similarity((small - plain).flatten(), weave.flatten(), 0)
    assert alike > 0.9


def test_units_are_compared_where_they_lie() -> None:
    units = torch.zeros((1, 2, 64, 64))
    units[:, :, :32, :32] = 1
    found = together(units, 1)
    assert found.shape == (4, 2, 2)
    assert found[0].min() == 1
    assert found[1:].max() == 0

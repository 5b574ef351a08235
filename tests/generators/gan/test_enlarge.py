import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch.nn import functional as F

from generators.catalog import GENERATORS
from generators.gan.enlarge import SHA256, enlarging_of, open_enlarger, resized, worked_out
from generators.nets.enlarger import TIMES
from generators.nets.gan import softened
from generators.nets.shipped import FOLDER
from generators.refused import Refused
from tests.generators.gan.painters import pictures


def grain() -> torch.Generator:
    return torch.Generator().manual_seed(4)


def test_the_network_that_ships_is_small_and_what_it_says() -> None:
    data = (FOLDER / "enlarger.safetensors").read_bytes()
    assert len(data) < 2**20
    assert hashlib.sha256(data).hexdigest() == SHA256["enlarger"]
    assert SHA256["enlarger"] in (FOLDER / "enlarger.md").read_text()


@pytest.mark.parametrize("side", [64, 128])
def test_a_picture_comes_out_four_times_as_large_and_in_its_colours(side: int) -> None:
    (levels,) = pictures(1, side=side)
    large = worked_out(levels, grain())
    assert large.shape == (3, 4 * side, 4 * side)
    assert 0 <= float(large.min()) <= float(large.max()) <= 1
    small = softened(softened(levels[None].float() / 255))
    assert float((F.avg_pool2d(large[None], 4) - small).abs().mean()) < 0.05


def test_what_is_larger_has_more_in_it_than_what_was_smoothly_enlarged() -> None:
    (levels,) = pictures(1)
    shape = (256, 256)
    smooth, worked = resized(levels.float() / 255, shape), worked_out(levels, grain())

    def fine(picture: torch.Tensor) -> float:
        return float((picture - softened(picture[None])[0]).abs().mean())

    assert fine(worked) > 1.5 * fine(smooth)


def test_flat_colour_shows_no_screen() -> None:
    """Each of the 4 x 4 pixels that one became is as bright as the others, but for its grain."""
    rng = torch.Generator().manual_seed(4)
    flat = torch.randint(256, (8, 3, 1, 1), generator=rng).to(torch.uint8).expand(8, 3, 64, 64)
    inner = torch.stack([worked_out(one, rng) for one in flat])[:, :, 32:-32, 32:-32]
    by_place = inner.unflatten(2, (-1, TIMES)).unflatten(4, (-1, TIMES)).mean((2, 4))
    assert float(by_place.std((2, 3)).mean()) < 0.001


def test_chance_decides_the_grain_and_nothing_else_does() -> None:
    (levels,) = pictures(1)
    assert torch.equal(worked_out(levels, grain()), worked_out(levels, grain()))
    assert not torch.equal(worked_out(levels, grain()), worked_out(levels, torch.Generator()))


PAINTED = """
import hashlib, torch
from generators.catalog import GENERATORS
gan = GENERATORS["gan"]
*_, last = gan.load()(gan.parse({"size": 300}), seed=3)
print(hashlib.sha256(last.image.numpy().tobytes()).hexdigest(), torch.get_num_threads())
"""


def test_as_many_threads_as_there_are_paint_the_same_bytes() -> None:
    told = []
    for threads in (1, 3):
        command = [sys.executable, "-c", f"import torch; torch.set_num_threads({threads}){PAINTED}"]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        told.append(done.stdout.split())
    assert told[0][0] == told[1][0]
    assert [threads for _, threads in told] == ["1", "3"]


def test_a_work_tells_by_what_it_was_enlarged() -> None:
    gan = GENERATORS["gan"]
    *_, last = gan.load()(gan.parse({"size": 64}), seed=1)
    assert last.facts["enlarged"] == enlarging_of(64)
    assert f"enlarger, sha256 {SHA256['enlarger']}" in enlarging_of(64)


def test_works_of_before_are_told_from_those_of_now() -> None:
    """A recipe's version is what says why a work cannot be painted again as it is."""
    assert GENERATORS["gan"].version == GENERATORS["can"].version == 3


def test_a_file_that_holds_no_enlarger_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.safetensors"
    save_file({"weights": torch.ones(3)}, path)
    with pytest.raises(Refused, match="does not hold an enlarger"):
        open_enlarger(f"file:{path}")
    with pytest.raises(Refused, match="no enlarger 'lens'"):
        open_enlarger("lens")

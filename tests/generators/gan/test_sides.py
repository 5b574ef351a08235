"""Painters of 128 pixels beside those of 64, and that those of 64 paint as they always did."""

import math
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional as F

from generators.gan.artist import Artist, open_artist
from generators.gan.copies import batch_of
from generators.gan.paint import paint, pictures
from generators.gan.params import CANParams, GANParams
from generators.nets.gan import GROUP, LATENT, Critic, initialise
from generators.nets.shipped import FOLDER
from generators.nets.style_judge import style_judge
from generators.refused import Refused
from generators.training.checkpoint import write_whole
from generators.training.examined import drawn, examine
from tests.generators.gan import painters
from tests.generators.gan.painters import training, written


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Artist:
    """A CAN of 128 pixels after two steps."""
    learnt = training(largest_wish=1.0, side=128)
    for _ in range(2):
        learnt.advance()
    return open_artist(written(tmp_path_factory.mktemp("large") / "can.safetensors", learnt))


def as_it_was(weights: dict[str, Tensor], given: Tensor) -> Tensor:
    """What the painters that ship did before there were two sides, step by step."""

    def part(name: str) -> Tensor:
        tensor = weights[f"painter.{name}"].float()
        return tensor.contiguous(memory_format=torch.channels_last) if tensor.dim() == 4 else tensor

    def normal(units: Tensor, name: str) -> Tensor:
        mean, spread = (part(f"{name}.running_{what}") for what in ("mean", "var"))
        scale, shift = part(f"{name}.weight"), part(f"{name}.bias")
        return F.leaky_relu(F.batch_norm(units, mean, spread, scale, shift), 0.2)

    units = F.linear(given, part("open.weight")).view(-1, 192, 4, 4)
    units = normal(units.contiguous(memory_format=torch.channels_last), "opened")
    for place in range(4):
        if place < 3:  # a pair at 4, 8 and 16 pixels
            name = f"works.{place}.0"
            first = F.conv2d(
                F.leaky_relu(units, 0.2),
                part(f"{name}.first.weight"),
                part(f"{name}.first.bias"),
                1,
                1,
            )
            second = part(f"{name}.second.weight")
            units = units + F.conv2d(F.leaky_relu(first, 0.2), second, None, 1, 1)
            units = F.conv_transpose2d(units, part(f"grows.{place}.weight"), None, 2, 1)
            units = normal(units, f"grown.{place}")
    painted = F.conv_transpose2d(units, part("paint.weight"), part("paint.bias"), 2, 1)
    soft = torch.tensor([1.0, 2.0, 1.0]) / 4
    kernel = torch.outer(soft, soft).expand(3, 1, 3, 3)
    return torch.tanh(F.conv2d(F.pad(painted, (1, 1, 1, 1), mode="replicate"), kernel, groups=3))


@pytest.mark.parametrize(("name", "waves"), [("gan", 0), ("can", 4)])
def test_the_painters_that_ship_paint_bit_for_bit_as_before(name: str, waves: int) -> None:
    artist = open_artist(name)
    assert artist.side == 64
    chance = torch.randn((3, LATENT), generator=torch.Generator().manual_seed(2))
    given = F.normalize(chance, dim=1) * math.sqrt(LATENT)
    if waves:
        turns = torch.arange(1, waves + 1) * torch.pi
        told = 0.3 * math.sqrt(2 * LATENT / waves) * torch.cos(torch.full((3, 1), 0.5) * turns)
        given = torch.cat([given, told], 1)
    weights = load_file(FOLDER / f"{name}.safetensors")
    with torch.no_grad():
        assert torch.equal(pictures(artist, chance, 0.5, 1.0), as_it_was(weights, given))


def test_a_larger_painter_is_told_by_its_file_and_in_its_works(
    large: Artist, tmp_path: Path
) -> None:
    assert large.side == large.told["side"] == 128
    assert drawn(large, 2, 0).shape == (2, 3, 128, 128)
    source = written(tmp_path / "gan.safetensors", training(side=128))
    *_, last = paint(GANParams(artist=source, size=256), seed=1)
    assert last.image is not None
    assert last.image.shape == (3, 256, 256)
    assert last.facts["side_in_pixels"] == "128"
    assert last.facts["enlarged"].startswith("from 128 pixels")


def test_a_work_by_the_painters_that_ship_tells_their_side() -> None:
    *_, last = paint(CANParams(size=64), seed=1)
    assert last.facts["side_in_pixels"] == "64"
    assert last.facts["enlarged"].startswith("from 64 pixels")


def test_a_larger_painter_is_examined_and_its_copies_are_told(large: Artist) -> None:
    shown, held_out = (painters.pictures(count, first, 128) for count, first in ((20, 0), (8, 900)))
    found = examine(large, shown, held_out, 8, 1)
    assert found.kernel_distance > found.floor
    assert len(found.ambiguity) == 5
    assert all(nearest.copied for nearest in large.corpus.nearest(shown[:3].flip(3)))


def test_a_larger_picture_is_judged_by_what_it_shows_and_not_by_its_size() -> None:
    small = painters.pictures(4).float() / 255
    larger = small.repeat_interleave(2, 2).repeat_interleave(2, 3)
    judge = style_judge()
    torch.testing.assert_close(judge(larger), judge(small))


def test_as_many_pixels_are_looked_at_together() -> None:
    assert (batch_of(64), batch_of(128)) == (250, 62)


def test_a_larger_critic_has_one_level_more_and_nothing_wide_in_it() -> None:
    critic = Critic(128)
    initialise(critic, torch.Generator().manual_seed(0))
    assert critic.look.out_channels == 16
    with torch.no_grad():
        assert critic(torch.zeros((GROUP, 3, 128, 128))).shape == (GROUP,)


def test_a_file_of_another_side_is_refused(tmp_path: Path) -> None:
    learnt = training()
    path = tmp_path / "odd.safetensors"
    written(path, learnt)
    write_whole(load_file(path), path, {"painter": '{"names": [], "largest_wish": 0, "side": 96}'})
    with pytest.raises(Refused, match="does not hold a painter"):
        open_artist(f"file:{path}")

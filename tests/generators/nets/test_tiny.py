"""The project's own network."""

import pytest
import torch

from generators.nets.features import probe
from generators.nets.shipped import FOLDER, SHA256
from generators.nets.tiny import TinyVGG, initialise

LAYERS = [
    f"relu{block}_{place}"
    for block, places in ((1, 2), (2, 2), (3, 3), (4, 3))
    for place in range(1, places + 1)
]


def network(padding="replicate", seed=1):
    with torch.device("meta"):
        tiny = TinyVGG(padding)
    tiny.to_empty(device="cpu")
    initialise(tiny, torch.Generator().manual_seed(seed))
    return tiny.requires_grad_(False)


def test_it_has_about_half_a_million_weights():
    assert 0.45e6 < sum(p.numel() for p in network().parameters()) < 0.55e6


def test_its_layers_are_named_after_vgg():
    assert list(network().stages()) == LAYERS


def test_each_block_halves_the_resolution():
    units, sides = probe()[..., :64, :64], []
    for stage in network().stages().values():
        units = stage(units)
        sides.append(units.shape[-1])
    assert sides == [64] * 2 + [32] * 2 + [16] * 3 + [8] * 3
    assert units.shape == (1, 128, 8, 8)


def test_a_constant_picture_gives_constant_units_right_to_the_edge():
    units = torch.tensor([0.2, 0.5, 0.9])[None, :, None, None].expand(1, 3, 48, 64)
    for stage in network().stages().values():
        units = stage(units)
        middle = units[..., units.shape[2] // 2, units.shape[3] // 2][..., None, None]
        assert torch.allclose(units, middle.expand_as(units), atol=1e-4)
    assert units.std() > 0


def test_the_stages_one_after_another_are_the_network():
    tiny, units = network(), probe()
    for stage in tiny.stages().values():
        units = stage(units)
    assert torch.allclose(units, tiny(probe()), atol=1e-5)


def test_padding_matters_only_near_the_edge():
    pictures = torch.rand((1, 3, 256, 256), generator=torch.Generator().manual_seed(1))
    one, other = network("replicate")(pictures), network("zeros")(pictures)
    assert torch.allclose(one[..., 8:-8, 8:-8], other[..., 8:-8, 8:-8], atol=1e-5)
    assert not torch.allclose(one, other, atol=1e-5)


def test_its_first_weights_depend_on_the_seed_alone_and_keep_the_size_of_what_passes():
    before = torch.get_rng_state()
    one, again, other = (network(seed=seed)(probe()) for seed in (1, 1, 2))
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(one, again)
    assert not torch.equal(one, other)
    assert 0.1 < one.std() < 10


@pytest.mark.parametrize("name", SHA256)
def test_a_file_that_ships_is_small(name):
    assert (FOLDER / f"{name}.safetensors").stat().st_size <= 1.2e6


def test_all_that_ships_is_under_25_megabytes():
    files = [path for path in FOLDER.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 25e6
    assert {path.suffix for path in files} <= {".safetensors", ".md", ".json"}

"""Networks that have learnt nothing."""

import pytest
import torch

from generators.nets.random_weights import random_trunk
from generators.nets.trunk import probe

DEPTHS = ("shallow", "middle", "deep")


@pytest.mark.parametrize("depth", DEPTHS)
def test_units_are_standardised_on_the_probe(depth):
    units = random_trunk(3, depth)(probe())
    assert units.mean(dim=(0, 2, 3)).abs().max() < 1e-3
    assert torch.allclose(units.std(dim=(0, 2, 3)), torch.ones(units.shape[1]), atol=1e-3)


@pytest.mark.parametrize("depth", DEPTHS)
def test_the_seed_decides_the_network(depth):
    one, again, other = (random_trunk(seed, depth).state_dict() for seed in (1, 1, 2))
    assert all(torch.equal(one[name], again[name]) for name in one)
    assert not all(torch.equal(one[name], other[name]) for name in one)


def test_a_shallow_network_is_the_top_of_a_deep_one():
    shallow, deep = (random_trunk(1, depth).state_dict() for depth in ("shallow", "deep"))
    layers = [name for name in shallow if name.startswith("layers")]
    assert all(torch.equal(shallow[name], deep[name]) for name in layers)


def test_weights_are_frozen():
    assert not any(p.requires_grad for p in random_trunk(1, "deep").parameters())

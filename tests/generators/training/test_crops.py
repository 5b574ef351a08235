"""What a crop may be, and the small changes that fool a network."""

import pytest
import torch

from generators.training.adversary import fooled
from generators.training.crops import CROP, random_crops


def pictures(count=6, side=128):
    rng = torch.Generator().manual_seed(3)
    return torch.randint(0, 256, (count, 3, side, side), dtype=torch.uint8, generator=rng)


def seeded(seed):
    return torch.Generator().manual_seed(seed)


def test_the_same_generator_cuts_the_same_crops():
    before = torch.get_rng_state()
    one, again, other = (random_crops(pictures(), seeded(seed)) for seed in (1, 1, 2))
    assert torch.equal(one, again)
    assert not torch.equal(one, other)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("side", [64, 128])
def test_crops_are_pictures_in_range(side):
    crops = random_crops(pictures(side=side), seeded(1))
    assert crops.shape == (6, 3, CROP, CROP)
    assert crops.dtype == torch.float32
    assert crops.min() >= 0
    assert crops.max() <= 1


def test_a_plain_picture_stays_plain():
    plain = torch.full((8, 3, 128, 128), 128, dtype=torch.uint8)
    crops = random_crops(plain, seeded(1))
    assert crops.std((2, 3)).max() < 1e-5
    assert (crops.mean((1, 2, 3)) - 128 / 255).abs().max() < 0.11


def loss(crops):
    """Rises towards white at the left and black at the right."""
    half = crops.shape[-1] // 2
    return (crops[..., :half].mean((1, 2, 3)) - crops[..., half:].mean((1, 2, 3))).sum()


@pytest.mark.parametrize("radius", [0.1, 0.75])
def test_the_adversary_moves_no_further_than_its_radius(radius):
    crops = random_crops(pictures(), seeded(1))
    moved = fooled(crops, loss, radius, 2, seeded(2))
    assert (moved - crops).flatten(1).norm(dim=1).max() <= radius * 1.0001
    assert moved.min() >= 0
    assert moved.max() <= 1
    assert not moved.requires_grad


def test_the_adversary_does_more_harm_than_chance():
    crops = random_crops(pictures(), seeded(1))
    noise = torch.randn(crops.shape, generator=seeded(3))
    noise = noise / noise.flatten(1).norm(dim=1)[:, None, None, None] * 0.75
    harm = loss(fooled(crops, loss, 0.75, 2, seeded(2))) - loss(crops)
    assert harm > 5 * (loss((crops + noise).clamp(0, 1)) - loss(crops)).abs()


def test_the_adversary_leaves_no_gradient_behind():
    layer = torch.nn.Conv2d(3, 2, 3)
    fooled(random_crops(pictures(), seeded(1)), lambda c: layer(c).sum(), 0.5, 2, seeded(2))
    assert all(parameter.grad is None for parameter in layer.parameters())

"""Networks that have learnt nothing."""

import math

import pytest
import torch
from torch import nn

from generators.nets.features import probe
from generators.nets.random_weights import (
    COMPETITION,
    FIRST,
    KERNELS,
    LAYERS,
    MultiScale,
    Standardised,
    random_stages,
)


def opened(seed, looked_at=None):
    return random_stages(seed, looked_at)[0]


def weights(seed):
    return nn.ModuleDict(opened(seed)).state_dict()


def test_the_seed_decides_the_network():
    one, again, other = (weights(seed) for seed in (1, 1, 2))
    assert all(torch.equal(one[name], again[name]) for name in one)
    assert not any(torch.equal(one[name], other[name]) for name in one if "weight" in name)


def test_no_random_numbers_are_drawn_but_its_own():
    before = torch.get_rng_state()
    opened(1)
    assert torch.equal(torch.get_rng_state(), before)


def test_facts_name_the_seed():
    assert random_stages(7)[1] == {"network": "random:7"}
    assert list(opened(7)) == list(LAYERS)


def test_the_first_layer_looks_at_several_scales():
    first = opened(1)["relu1"][0]
    assert isinstance(first, MultiScale)
    sizes = [convolution.kernel_size for convolution in first.convolutions]
    assert sizes == [(kernel, kernel) for kernel in KERNELS]
    assert max(KERNELS) >= 3 * min(KERNELS)
    assert first(probe()).shape[1] == FIRST * len(KERNELS)


@pytest.mark.parametrize("on", ["noise", "the picture looked at"])
def test_units_enter_every_competition_standardised(on):
    picture = None if on == "noise" else torch.rand((1, 3, 96, 80)) ** 3
    units = probe() if picture is None else picture
    for stage in opened(3, picture).values():
        for part in stage:
            if isinstance(part, Standardised):
                standardised = (units - part.mean) * part.gain
                assert standardised.mean((0, 2, 3)).abs().max() < 1e-3
                assert (standardised.std((0, 2, 3)) - 1).abs().max() < 1e-2
            units = part(units)


def test_no_layer_fades_or_explodes():
    units = probe()
    for stage in opened(5).values():
        units = stage(units)
        assert 0.1 < units.std() < 3


def test_competition_bounds_what_a_single_peak_can_win():
    count = 64
    calm = torch.randn((1, count, 16, 16), generator=torch.Generator().manual_seed(1))
    competition = Standardised(calm)
    peak = calm.clone()
    peak[0, 5, 8, 8] = 40
    answer = competition(peak)
    rectified = ((peak - competition.mean) * competition.gain).relu()
    share = answer - (1 - COMPETITION) * rectified
    assert share.min() >= -1e-5
    # Whatever the peak, all units of a place share the same sum.
    assert torch.allclose(share.sum(1), torch.tensor(COMPETITION * math.sqrt(count)), atol=1e-3)
    assert answer.max() <= (1 - COMPETITION) * rectified.max() + COMPETITION * math.sqrt(count)
    assert answer.max() / answer.std() < rectified.max() / rectified.std()


def test_weights_cannot_be_trained():
    stages = nn.ModuleDict(opened(1))
    assert not any(p.requires_grad for p in stages.parameters())


def test_a_constant_picture_gives_constant_units_right_to_the_edge():
    units = torch.tensor([0.2, 0.5, 0.9])[None, :, None, None].expand(1, 3, 64, 64)
    for stage in opened(2).values():
        units = stage(units)
        middle = units[..., units.shape[2] // 2, units.shape[3] // 2][..., None, None]
        assert torch.allclose(units, middle.expand_as(units), atol=1e-3)

"""The anchors are what they claim to be."""

import pytest
import torch

from generators.anchors.entropy import uniform_noise
from generators.catalog import GENERATORS
from generators.spectrum import frequencies, in_colour, paintings, uncoloured, unit_fields


def last(seed=1, **values):
    generator = GENERATORS["entropy"]
    return list(generator.load()(generator.parse(values), seed=seed))[-1].image


def test_uniform_noise_uses_all_256_levels_alike():
    levels = (uniform_noise(512, 512, torch.Generator().manual_seed(1)) * 255).round().long()
    counts = torch.bincount(levels.flatten(), minlength=256).double()
    expected = counts.sum() / 256
    chi_square = ((counts - expected) ** 2 / expected).sum()
    assert chi_square < 330  # 255 degrees of freedom: exceeded once in a thousand seeds


def test_neighbouring_pixels_of_uniform_noise_are_unrelated():
    noise = last(size=512) - 0.5
    correlation = (noise[..., 1:] * noise[..., :-1]).mean() / noise.square().mean()
    assert abs(correlation) < 0.01


@pytest.mark.parametrize("slope", [0.5, 1.0, 2.0])
def test_the_spectrum_falls_as_asked(slope):
    fields = unit_fields(3, 256, 256, slope, torch.Generator().manual_seed(2))
    power = torch.fft.rfft2(fields).abs().square().mean(0)
    radius = frequencies(256, 256)
    low, high = ((radius > f / 1.2) & (radius < f * 1.2) for f in (0.02, 0.32))
    measured = (power[low].mean() / power[high].mean()).log2() / 2 / 4  # over four octaves
    assert measured.item() == pytest.approx(slope, abs=0.1)


def test_natural_noise_has_the_mean_colour_of_paintings():
    assert last(variant="natural spectrum").mean(dim=(1, 2)).tolist() == pytest.approx(
        paintings().mean, abs=0.03
    )


def test_colours_can_be_undone():
    fields = torch.randn(3, 8, 8, generator=torch.Generator().manual_seed(3))
    assert torch.allclose(uncoloured(in_colour(fields)), fields, atol=1e-4)


def test_a_plain_field_is_one_colour_away_from_black_and_white():
    for seed in range(50):
        field = last(seed, variant="plain field", size=64)
        assert torch.equal(field, field[:, :1, :1].expand_as(field))
        assert 0.02 < field.min() <= field.max() < 0.98


def test_noise_is_shown_from_coarse_to_fine():
    generator = GENERATORS["entropy"]
    shown = [f.image for f in generator.load()(generator.parse({"size": 128}), seed=1)]
    assert [len(image[0].unique()) < 17 for image in shown if image is not None] == [
        True,
        False,
        False,
        False,
    ]

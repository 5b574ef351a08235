"""Pictures matched to another keep what they promise of it, and nothing else."""

import pytest
import torch

from generators.anchors.surrogates import (
    amplitude_adjusted,
    matched_spectrum,
    random_phases,
    shuffled,
    spectrum_error,
)
from generators.catalog import GENERATORS, Refused
from generators.pictures import read_picture
from generators.spectrum import natural_spectrum, unit_fields

SPECTRUM, COLOURS = "spectrum of the content", "colours of the content"
BOTH = "colours and spectrum of the content"


@pytest.fixture(scope="module")
def coffee():
    """A bright cup on a dark table: much of it is black or white, and it has hard edges."""
    picture = 0.7 * natural_spectrum(96, 128, 1.2, chance(5)) - 0.1
    rows, columns = torch.meshgrid(torch.arange(96), torch.arange(128), indexing="ij")
    away = torch.hypot(rows - 40.0, columns - 70.0)
    picture = torch.where(away < 30, torch.tensor([1.0, 0.95, 0.85])[:, None, None], picture)
    picture = torch.where(away < 20, torch.tensor([0.4, 0.2, 0.1])[:, None, None], picture)
    return (picture.clamp(0, 1) * 255).round() / 255


@pytest.fixture(scope="module")
def scream(shared_data):
    return read_picture(shared_data / "paintings" / "edvard-munch-the-scream.jpg", 128)


def chance(seed=1):
    return torch.Generator().manual_seed(seed)


def last(variant, content, seed=1, size=128):
    generator = GENERATORS["entropy"]
    params = generator.parse({"variant": variant, "size": size})
    return list(generator.load()(params, seed=seed, content=content))[-1]


def levels(picture):
    """Of each channel, in order."""
    return (picture * 255).round().flatten(1).sort(dim=1).values


def correlation(picture, other):
    one, two = (x - x.mean(dim=(1, 2), keepdim=True) for x in (picture, other))
    return float((one * two).sum() / (one.square().sum() * two.square().sum()).sqrt())


def likeness_of_neighbours(picture):
    return correlation(picture[..., 1:], picture[..., :-1])


def test_drawn_phases_leave_every_amplitude_as_it_was(coffee):
    spectrum = matched_spectrum(coffee)
    drawn = random_phases(spectrum, coffee.shape[2], chance())
    had = torch.fft.rfft2(drawn)
    assert torch.allclose(had.abs(), spectrum.abs(), rtol=1e-3, atol=2e-2)
    assert spectrum_error(drawn, spectrum) < 1e-4


def test_drawn_phases_leave_the_channels_as_they_were_to_each_other(coffee):
    spectrum = matched_spectrum(coffee)
    had = torch.fft.rfft2(random_phases(spectrum, coffee.shape[2], chance()))
    for one, two in ((0, 1), (1, 2)):
        before, after = spectrum[one] * spectrum[two].conj(), had[one] * had[two].conj()
        assert float((before - after).abs().sum() / before.abs().sum()) < 1e-3


@pytest.mark.parametrize("shape", [(17, 16), (16, 17), (16, 16), (17, 19)])
def test_odd_and_even_sides_are_alike(shape):
    picture = torch.rand((3, *shape), generator=chance(4))
    spectrum = matched_spectrum(picture)
    assert spectrum_error(random_phases(spectrum, shape[1], chance()), spectrum) < 1e-4


def test_mean_colour_and_contrast_are_the_contents(coffee):
    drawn = random_phases(matched_spectrum(coffee), coffee.shape[2], chance())
    assert torch.allclose(drawn.mean(dim=(1, 2)), coffee.mean(dim=(1, 2)), atol=1e-4)
    spreads = [float(x.var(dim=(1, 2)).sum()) for x in (drawn, coffee)]
    assert spreads[0] == pytest.approx(spreads[1], rel=1e-3)


def test_the_jump_from_edge_to_edge_is_no_part_of_a_spectrum():
    """Noise alike in all directions, on a slope from left to right: the jump back is a fence."""
    slope = torch.linspace(0, 1, 128).expand(3, 128, 128)
    picture = slope + 0.1 * unit_fields(3, 128, 128, 1.0, chance())

    def fence(spectrum):
        power = spectrum.abs().square()
        return float(power[:, 0, 10:40].mean() / power[:, 10:40, 0].mean())

    assert fence(torch.fft.rfft2(picture)) > 10
    assert fence(matched_spectrum(picture)) == pytest.approx(1, rel=0.5)


def test_shuffled_pixels_are_the_same_pixels(coffee):
    mixed = shuffled(coffee, chance())
    for one, other in ((mixed, coffee), (last(COLOURS, coffee).image, coffee)):
        pairs = [sorted(map(tuple, x.flatten(1).T.tolist())) for x in (one, other)]
        assert pairs[0] == pairs[1]
    assert abs(likeness_of_neighbours(mixed)) < 0.05 < likeness_of_neighbours(coffee)


@pytest.mark.parametrize("name", ["coffee", "scream"])
def test_adjusted_pictures_have_the_levels_exactly_and_the_spectrum_nearly(name, request):
    content = request.getfixturevalue(name)
    frame = last(BOTH, content)
    assert torch.equal(levels(frame.image), levels(content))
    error = spectrum_error(frame.image, matched_spectrum(content))
    assert frame.facts["spectrum_error"] == f"{error:.3f}"
    assert error < 0.12
    assert spectrum_error(shuffled(content, chance()), matched_spectrum(content)) > 0.5


def test_each_round_comes_nearer(scream):
    spectrum = matched_spectrum(scream)
    errors = [
        spectrum_error(adjusted, spectrum)
        for adjusted in amplitude_adjusted(scream, spectrum, chance(), 12)
    ]
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < errors[0] / 2


@pytest.mark.parametrize("variant", [SPECTRUM, COLOURS, BOTH])
def test_nothing_of_the_content_is_left_in_its_place(variant, coffee):
    seen = [last(variant, coffee, seed).image for seed in range(1, 6)]
    assert max(abs(correlation(one, coffee)) for one in seen) < 0.4
    assert abs(sum(correlation(one, coffee) for one in seen)) / 5 < 0.2
    assert abs(correlation(seen[0], seen[1])) < 0.4


@pytest.mark.parametrize("variant", [SPECTRUM, BOTH])
def test_what_is_lost_in_clipping_is_on_record(variant, coffee):
    frame = last(variant, coffee)
    assert 0 <= frame.image.min() <= frame.image.max() <= 1
    error = spectrum_error(frame.image, matched_spectrum(coffee))
    assert frame.facts == {"spectrum_error": f"{error:.3f}"}


@pytest.mark.parametrize("variant", [SPECTRUM, COLOURS, BOTH])
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "works on a colour picture"),
        ("words", "works on a colour picture"),
        (torch.full((3, 64, 64), 0.5), "one flat colour"),
        (torch.rand(3, 64, 4), "too narrow"),
        (torch.full((3, 64, 64), torch.nan), "not numbers"),
    ],
    ids=["none", "a text", "flat", "narrow", "not numbers"],
)
def test_a_content_that_cannot_be_matched_is_refused(variant, content, reason):
    with pytest.raises(Refused, match=reason):
        last(variant, content, size=64)


@pytest.mark.parametrize("variant", ["uniform noise", "natural spectrum", "plain field"])
def test_a_content_without_a_part_is_refused(variant, coffee):
    with pytest.raises(Refused, match="leave it out"):
        last(variant, coffee)

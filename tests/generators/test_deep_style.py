"""What Deep Style promises beyond the contract."""

import pytest
import torch

from generators.catalog import GENERATORS, Refused
from generators.spectrum import natural_spectrum
from generators.styling import REMEMBERED
from generators.transport import (
    PLACES,
    LayerStyle,
    quantiles,
    ranks,
    recoloured,
    sliced_distance,
    thinned,
    transport_distance,
)

QUICK = {"size": 64, "steps": 20}


def noise(seed=1, height=64, width=64, slope=1.0):
    return natural_spectrum(height, width, slope, torch.Generator().manual_seed(seed))


def stripes():
    rows = torch.arange(64) % 8 < 4
    picture = torch.where(rows[:, None], 0.9, 0.1).expand(64, 64)
    return torch.stack([picture, 0.5 * picture, 1 - picture])


def styled(content=None, styles=None, seed=1, **values):
    generator = GENERATORS["deep_style"]
    return list(
        generator.load()(
            generator.parse(QUICK | values),
            seed=seed,
            content=noise() if content is None else content,
            styles=[stripes()] if styles is None else styles,
        )
    )


def distance(frame):
    return float(frame.note.split()[-1])


@pytest.mark.parametrize("method", ["transport", "gram"])
def test_the_distance_falls(method):
    frames = styled(method=method, size=96, steps=40)
    at_full_size = [frame for frame in frames if frame.note.startswith("96")]
    assert distance(at_full_size[-1]) < distance(at_full_size[0])


def test_the_picture_takes_on_the_colours_of_the_style():
    image = styled()[-1].image
    style, content = stripes(), noise()
    nearer = (image.mean((1, 2)) - style.mean((1, 2))).abs().sum()
    assert nearer < (content.mean((1, 2)) - style.mean((1, 2))).abs().sum()


def test_the_contents_colours_can_be_kept():
    content = noise()
    image = styled(keep_colours=True)[-1].image
    assert torch.allclose(image.mean((1, 2)), content.mean((1, 2)), atol=0.12)


def test_more_weight_keeps_more_of_the_content():
    content = noise()
    loose, tight = (styled(content_weight=w, steps=60)[-1].image for w in (0.0, 20.0))
    grey = content.mean(0) - content.mean()

    def likeness(image):
        other = image.mean(0) - image.mean()
        return float((grey * other).sum() / (grey.norm() * other.norm()))

    assert likeness(tight) > likeness(loose)


def test_what_lies_outside_the_area_stays():
    content = noise()
    image = styled(content, area="centre")[-1].image
    assert torch.allclose(image[:, :3, :3], content[:, :3, :3], atol=1e-4)
    assert (image - content)[:, 28:36, 28:36].abs().mean() > 0.01


def test_the_seed_can_mix_the_styles():
    styles = [stripes(), noise(5)]
    one, other = (styled(styles=styles, interpolate=True, seed=s)[-1].facts for s in (1, 2))
    assert one["style_weights"] != other["style_weights"]
    weights = [float(weight) for weight in one["style_weights"].split()]
    assert sum(weights) == pytest.approx(1, abs=0.01)


def test_a_style_of_no_weight_is_left_out():
    both = styled(styles=[stripes(), noise(5)], weight_2=0)[-1]
    assert both.facts["style_weights"] == "1.000 0.000"


def test_it_stops_when_nothing_improves():
    frames = styled(stripes(), [stripes()], steps=400)
    assert len(frames) < 400
    assert frames[-1].last
    assert int(frames[-1].facts["steps_taken"]) == len(frames)


def test_a_style_is_looked_at_once_for_all_works_of_a_run():
    style = noise(31)
    styled(styles=[style], seed=1)
    known = set(REMEMBERED.styles)
    styled(styles=[style], seed=2)
    assert set(REMEMBERED.styles) == known


def test_noise_in_the_network_is_the_seeds():
    one, other = (styled(weight_noise=0.3, seed=s)[-1].image for s in (1, 2))
    assert (one - other).abs().mean() > 0.005


def test_content_keeps_its_shape():
    assert styled(noise(1, 40, 100))[-1].image.shape == (3, 26, 64)


def test_an_ordinary_request_without_style_is_refused():
    with pytest.raises(Refused, match="one to four works"):
        styled(styles=[])
    with pytest.raises(Refused, match="one to four works"):
        styled(styles=[stripes()] * 5)


def test_styles_of_no_weight_at_all_are_refused():
    with pytest.raises(Refused, match="weight 0"):
        styled(weight_1=0)


@pytest.mark.parametrize(
    ("content", "style", "message"),
    [
        (torch.full((3, 64, 64), 0.5), stripes(), "one flat colour"),
        (noise(), torch.full((3, 64, 64), 0.5), "one flat colour"),
        (torch.full((3, 64, 64), torch.nan), stripes(), "not numbers"),
        (noise(), torch.full((3, 64, 64), torch.inf), "not numbers"),
        ("a poem", stripes(), "colour picture"),
        (noise(2, 4, 400), stripes(), "too narrow"),
    ],
)
def test_works_it_cannot_use_are_refused(content, style, message):
    with pytest.raises(Refused, match=message):
        styled(content, [style])


def test_equal_distributions_are_at_no_distance():
    rng = torch.Generator().manual_seed(1)
    units = torch.randn((8, 500), generator=rng)
    shuffled = units[:, torch.randperm(500, generator=rng)]
    assert float(sliced_distance(units, [shuffled], [1.0], rng)) == pytest.approx(0, abs=1e-9)
    assert float(sliced_distance(units, [shuffled + 1], [1.0], rng)) > 0.5


def test_a_loud_layer_counts_no_more_than_a_quiet_one():
    rng = torch.Generator().manual_seed(1)
    units, style = torch.randn((2, 8, 500), generator=rng)
    apart = [
        float(transport_distance(k * units, [LayerStyle.of(k * style)], [1.0], seeded()))
        for k in (1, 100)
    ]
    assert apart[0] == pytest.approx(apart[1], rel=1e-3)


def test_units_that_move_together_are_told_from_units_that_do_not():
    rng = torch.Generator().manual_seed(1)
    apart = torch.randn((2, 4000), generator=rng)
    together = apart[:1].expand(2, -1)
    style = [LayerStyle.of(together)]
    near = transport_distance(together[:, 1000:3000], style, [1.0], seeded())
    far = transport_distance(apart, style, [1.0], seeded())
    assert float(far) > 10 * float(near)


def test_ranks_sort():
    values = torch.randn((3, 200), generator=seeded())
    assert torch.equal(values.gather(1, ranks(values)), values.sort(dim=1).values)


def test_large_layers_are_thinned_evenly_and_small_ones_kept():
    small, large = torch.rand((1, 2, 90, 120)), torch.rand((1, 2, 400, 600))
    assert torch.equal(thinned(small, seeded()), small)
    kept = thinned(large, seeded())
    assert PLACES / 2 < kept[0, 0].numel() <= PLACES
    assert kept.shape[3] / kept.shape[2] == pytest.approx(1.5, rel=0.05)


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(3)


def test_quantiles_keep_the_ends_and_the_order():
    values = torch.tensor([[0.0, 1.0, 2.0, 3.0]])
    assert torch.equal(quantiles(values, 4), values)
    more = quantiles(values, 9)
    assert bool((more.diff() >= 0).all())
    assert 0 <= float(more.min()) < 0.3
    assert 2.7 < float(more.max()) <= 3


def test_recolouring_gives_the_colours_of_the_other():
    moved = recoloured(noise(1, slope=0.5) * 0.5 + 0.2, noise(2, slope=0.5) * 0.4 + 0.3)
    like = noise(2, slope=0.5) * 0.4 + 0.3
    assert torch.allclose(moved.mean((1, 2)), like.mean((1, 2)), atol=0.02)


@pytest.mark.parametrize("network", ["tiny-robust", "random"])
def test_what_was_painted_before_changes_nothing(network):
    asked = {"styles": [stripes(), noise(41)], "network": network}
    REMEMBERED.styles.clear()
    alone = styled(**asked)[-1].image
    REMEMBERED.styles.clear()
    styled(styles=[noise(41), stripes()], network=network)
    assert torch.equal(styled(**asked)[-1].image, alone)

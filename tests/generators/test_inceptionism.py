"""What inceptionism promises beyond the contract."""

import math

import pytest
import torch

from generators.canvas import Fourier, open_canvas, squashed, unsquashed
from generators.catalog import GENERATORS, Refused
from generators.inceptionism import octave_shapes
from generators.nets.shipped import SHA256
from generators.pictures import read_picture
from generators.spectrum import natural_spectrum, unit_fields

QUICK = {"size": 64, "steps": 4, "octaves": 2}
WHOLE = {"objective": "whole layer"}


def dreamt(content=None, seed=1, styles=(), **values):
    generator = GENERATORS["inceptionism"]
    params = generator.parse(QUICK | values)
    return list(generator.load()(params, seed=seed, content=content, styles=styles))


def noise(height=64, width=64, seed=1):
    return natural_spectrum(height, width, 1.0, torch.Generator().manual_seed(seed))


def value(frame):
    return float(frame.note.split()[-1])


OBJECTIVES = ["unit set", "whole layer", "single unit", "direction", "guide"]


@pytest.mark.parametrize("canvas", ["spectrum", "phase"])
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_objective_rises(objective, canvas):
    guides = [noise(seed=9)] if objective == "guide" else []
    frames = dreamt(styles=guides, octaves=1, steps=25, objective=objective, canvas=canvas)
    assert value(frames[-1]) > value(frames[0]) + 0.05


def test_pixels_climb_too():
    frames = dreamt(noise(), octaves=1, steps=25, canvas="pixels", **WHOLE)
    assert value(frames[-1]) > value(frames[0]) + 0.05


def test_a_guided_dream_without_a_guide_is_refused():
    with pytest.raises(Refused, match="needs a guide"):
        dreamt(objective="guide")


def test_the_guide_decides_what_grows():
    one, other = (dreamt(styles=[noise(seed=s)], objective="guide")[-1].image for s in (8, 9))
    assert (one - other).abs().mean() > 0.005


def test_content_keeps_its_shape_whatever_the_aspect():
    assert dreamt(noise(40, 100), aspect=0.5)[-1].image.shape == (3, 26, 64)


def test_content_is_recognisable_and_changed():
    content = noise()
    changed = dreamt(content, strength=0.1)[-1].image
    stranger = noise(seed=2)
    assert 0.005 < (changed - content).abs().mean() < (changed - stranger).abs().mean() / 2


def test_grey_content_stays_grey():
    grey = noise().mean(0, keepdim=True).expand(3, -1, -1)
    image = dreamt(grey)[-1].image
    assert bool(image.isfinite().all())
    assert (image - image.mean(0)).abs().mean() < 0.02


def test_pleasing_the_whole_layer_leaves_only_shaking_to_the_seed():
    content = noise()
    one, other = (dreamt(content, seed, jitter=0, **WHOLE)[-1].image for seed in (1, 2))
    free, otherwise = (dreamt(None, seed, jitter=0, **WHOLE)[-1].image for seed in (1, 2))
    assert (one - other).abs().mean() < (free - otherwise).abs().mean() / 2


def test_another_network_sees_another_picture():
    one, other = (dreamt(network="random", network_seed=n)[-1].image for n in (1, 2))
    assert (one - other).abs().mean() > 0.01


def test_the_record_names_the_network_and_the_units():
    facts = dreamt(units=3, network="random", network_seed=5)[-1].facts
    assert facts["network"] == "random:5"
    assert len(facts["units"].split()) == 3
    assert dreamt(**WHOLE)[-1].facts["units"] == "whole layer"


def test_the_record_tells_the_bits_of_chance_and_the_weights():
    facts = dreamt(units=3, layer="deep")[-1].facts
    assert float(facts["bits_of_chance"]) == pytest.approx(math.log2(math.comb(128, 3)), abs=0.1)
    assert facts["weights_sha256"] == SHA256["tiny-robust"]
    assert dreamt(**WHOLE)[-1].facts["bits_of_chance"] == "0"


def test_a_long_dream_shows_some_thirty_pictures():
    shown = [f for f in dreamt(octaves=4, steps=20) if f.image is not None]
    assert 20 <= len(shown) <= 40
    assert shown[0].step == 1


def test_a_dream_cannot_burn_out():
    image = dreamt(octaves=1, steps=60, strength=2.0, units=1)[-1].image
    assert ((image < 0.004) | (image > 0.996)).float().mean() < 0.02


NOT_FINITE = torch.full((3, 64, 64), torch.nan)
REFUSALS = {
    "flat": (torch.full((3, 64, 64), 0.5), "one flat colour"),
    "flat orange": (
        torch.tensor([1.0, 0.5, 0.0])[:, None, None].expand(3, 64, 64),
        "one flat colour",
    ),
    "one pixel": (torch.tensor([1.0, 0.5, 0.0])[:, None, None], "one flat colour"),
    "not numbers": (NOT_FINITE, "not numbers"),
    "a text": ("a poem", "works on a colour picture"),
    "a grey plane": (noise()[:1], "works on a colour picture"),
    "a thread": (noise(4, 400), "too narrow"),
}


@pytest.mark.parametrize(("content", "message"), REFUSALS.values(), ids=REFUSALS.keys())
def test_content_it_cannot_use_is_refused(content, message):
    with pytest.raises(Refused, match=message):
        dreamt(content)


def test_real_paintings_become_pictures(shared_data):
    paths = sorted((shared_data / "paintings").glob("*.jpg"))[::60]
    assert paths
    for path in paths:
        image = dreamt(read_picture(path, 64))[-1].image
        assert bool(image.isfinite().all())
        assert image.std() > 0.02


def test_a_canvas_starts_as_its_picture():
    picture = noise(48, 64).clamp(0.03, 0.97)
    fields = unsquashed(picture)
    assert torch.allclose(squashed(fields), picture, atol=1e-3)
    for kind in ("spectrum", "phase", "pixels"):
        canvas = open_canvas(kind, fields, (48, 64), holds=True, strength=1.0)
        assert torch.allclose(canvas.picture(), picture, atol=2e-3)


def test_no_band_gets_more_energy_than_it_is_held_to():
    fields = unit_fields(3, 64, 80, 1.2, torch.Generator().manual_seed(3))
    canvas = open_canvas("spectrum", fields, (64, 80), holds=True, strength=1.0)
    assert isinstance(canvas, Fourier)
    harsher = unit_fields(3, 64, 80, 0.3, torch.Generator().manual_seed(4))
    with torch.no_grad():
        canvas.coefficients.copy_(torch.view_as_real(torch.fft.rfft2(30 * harsher) / canvas.scale))
        energy = torch.fft.rfft2(canvas.fields()).abs().square().flatten(1) @ canvas.bands
    assert bool((energy <= canvas.energy * 1.01 + 1e-3).all())


def test_a_phase_canvas_holds_every_amplitude():
    fields = unit_fields(3, 64, 80, 1.2, torch.Generator().manual_seed(3))
    canvas = open_canvas("phase", fields, (64, 80), holds=True, strength=1.0)
    assert isinstance(canvas, Fourier)
    with torch.no_grad():
        canvas.coefficients += torch.randn(
            canvas.coefficients.shape, generator=torch.Generator().manual_seed(5)
        )
        amplitude = torch.fft.rfft2(canvas.fields()).abs()
    # Mirror coefficients of the first and last column share what they hold.
    inner = slice(1, -1)
    assert torch.allclose(amplitude[..., inner], canvas.held[..., inner], rtol=1e-2, atol=1e-2)


def test_octaves_grow_to_the_whole_and_never_start_too_small():
    assert octave_shapes(400, 800, 3, 2.0) == [(100, 200), (200, 400), (400, 800)]
    assert octave_shapes(64, 128, 3, 2.0)[0] == (48, 96)
    assert octave_shapes(40, 80, 2, 2.0) == [(40, 80), (40, 80)]

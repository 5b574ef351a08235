"""What inceptionism promises beyond the contract."""

import pytest
import torch

from generators.canvas import Canvas, squashed, unsquashed
from generators.catalog import GENERATORS, Refused
from generators.inceptionism import octave_shapes
from generators.pictures import read_picture
from generators.spectrum import natural_spectrum, unit_fields

QUICK = {"size": 64, "steps": 4, "octaves": 2}


def dreamt(content=None, seed=1, **values):
    generator = GENERATORS["inceptionism"]
    return list(generator.load()(generator.parse(QUICK | values), seed=seed, content=content))


def noise(height=64, width=64, seed=1):
    return natural_spectrum(height, width, 1.0, torch.Generator().manual_seed(seed))


def value(frame):
    return float(frame.note.split()[-1])


@pytest.mark.parametrize("units", [0, 1, 4])
def test_the_objective_rises(units):
    frames = dreamt(octaves=1, steps=25, strength=0.05, units=units)
    assert value(frames[-1]) > value(frames[0]) + 0.1


def test_content_keeps_its_shape_whatever_the_aspect():
    assert dreamt(noise(40, 100), aspect=0.5)[-1].image.shape == (3, 26, 64)


def test_content_is_recognisable_and_changed():
    content = noise()
    changed = dreamt(content, strength=0.01)[-1].image
    stranger = noise(seed=2)
    assert 0.005 < (changed - content).abs().mean() < (changed - stranger).abs().mean() / 2


def test_grey_content_stays_grey():
    grey = noise().mean(0, keepdim=True).expand(3, -1, -1)
    image = dreamt(grey)[-1].image
    assert bool(image.isfinite().all())
    assert (image - image.mean(0)).abs().mean() < 0.02


def test_pleasing_the_whole_layer_leaves_only_shaking_to_the_seed():
    content = noise()
    one, other = (dreamt(content, seed, units=0, jitter=0)[-1].image for seed in (1, 2))
    free, otherwise = (dreamt(None, seed, units=0, jitter=0)[-1].image for seed in (1, 2))
    assert (one - other).abs().mean() < (free - otherwise).abs().mean() / 2


def test_another_network_sees_another_picture():
    one, other = (dreamt(network_seed=n)[-1].image for n in (1, 2))
    assert (one - other).abs().mean() > 0.01


def test_the_record_names_the_network_and_the_units():
    facts = dreamt(units=3, network_seed=5)[-1].facts
    assert facts["network"] == "random weights, seed 5"
    assert len(facts["units"].split()) == 3
    assert dreamt(units=0)[-1].facts["units"] == "whole layer"


def test_a_long_dream_shows_some_thirty_pictures():
    shown = [f for f in dreamt(octaves=4, steps=20) if f.image is not None]
    assert 20 <= len(shown) <= 40
    assert shown[0].step == 1


def test_a_dream_cannot_burn_out():
    image = dreamt(octaves=1, steps=60, strength=0.2, units=1)[-1].image
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
    assert torch.allclose(Canvas(fields, fields).picture(), picture, atol=1e-3)


def test_a_canvas_holds_the_energy_of_every_band():
    fields = unit_fields(3, 64, 80, 1.2, torch.Generator().manual_seed(3))
    canvas = Canvas(fields, fields)
    harsher = unit_fields(3, 64, 80, 0.3, torch.Generator().manual_seed(4))
    with torch.no_grad():
        canvas.coefficients.copy_(torch.view_as_real(torch.fft.rfft2(30 * harsher) / canvas.scale))
        spectrum = torch.view_as_real(torch.fft.rfft2(canvas.fields()))
        energy = spectrum.square().sum(-1).flatten(1) @ canvas.bands
    assert torch.allclose(energy.sqrt(), canvas.amplitude, rtol=1e-3, atol=1e-2)


def test_octaves_grow_to_the_whole_and_never_start_too_small():
    assert octave_shapes(400, 800, 3, 2.0) == [(100, 200), (200, 400), (400, 800)]
    assert octave_shapes(64, 128, 3, 2.0)[0] == (48, 96)
    assert octave_shapes(40, 80, 2, 2.0) == [(40, 80), (40, 80)]

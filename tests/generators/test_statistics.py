"""What is measured of a folder of pictures is what is in them."""

import json

import pytest
import torch

from generators.pictures import to_png
from generators.refused import Refused
from generators.spectrum import RINGS, in_colour, paintings, unit_fields
from generators.statistics import SIDE, main, measure


def picture(seed, slope=1.0):
    rng = torch.Generator().manual_seed(seed)
    return in_colour(0.5 * unit_fields(3, SIDE, SIDE, slope, rng))


def test_the_colours_of_a_collection_are_found():
    found = measure(picture(seed) for seed in range(6))
    assert found.pictures == 6
    assert found.mean == pytest.approx(paintings().mean, abs=0.03)
    wanted = 0.5 * torch.tensor(paintings().colour)
    assert torch.allclose(torch.tensor(found.colour), wanted, atol=0.02)


@pytest.mark.parametrize("slope", [0.8, 1.5])
def test_the_slope_of_a_spectrum_is_found(slope):
    amplitude = torch.tensor(measure([picture(7, slope), picture(8, slope)]).amplitude)
    assert amplitude.shape == (3, RINGS)
    octaves = (RINGS - 1 - 4) / 2  # the widest rings hold too few coefficients
    fall = torch.log2(amplitude[:, 4] / amplitude[:, -1]).mean() / octaves
    assert float(fall) == pytest.approx(slope, abs=0.1)


def test_what_ships_can_be_used_as_it_is():
    shipped = paintings()
    assert len(shipped.amplitude) == 3
    assert all(len(row) == RINGS and min(row) > 0 for row in shipped.amplitude)


def test_the_command_leaves_out_what_is_small_or_broken_and_says_what(tmp_path, capsys):
    (tmp_path / "good.png").write_bytes(to_png(picture(1)))
    (tmp_path / "small.png").write_bytes(to_png(picture(2)[:, :100, :100]))
    (tmp_path / "broken.png").write_bytes(b"no picture")
    assert main([str(tmp_path), "-o", str(tmp_path / "found.json")]) == 0
    assert json.loads((tmp_path / "found.json").read_text())["pictures"] == 1
    assert "broken.png" in capsys.readouterr().err


def test_a_folder_without_pictures_is_refused(tmp_path, capsys):
    assert main([str(tmp_path), "-o", str(tmp_path / "found.json")]) == 2
    assert "There is no picture to measure" in capsys.readouterr().err
    assert not (tmp_path / "found.json").exists()
    with pytest.raises(Refused):
        measure([])

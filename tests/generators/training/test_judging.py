"""Held-out figures and the card that tells them."""

import hashlib
import re
from statistics import fmean

import pytest
import torch

from generators.nets.features import FeatureNetwork, open_network
from generators.nets.tiny import TinyVGG
from generators.refused import Refused
from generators.training import card, judging
from generators.training.figures import Figures, Judged, decibels
from generators.training.paintings import read_catalogue, read_paintings
from generators.training.tiny import main as train
from tests.generators.nets.weights import save_tiny, tiny_tensors

COUNT = 4  # held out


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    """Few steps at a small size: the figures mean nothing then, but all of the way is gone."""
    monkeypatch.setattr(judging, "STEPS", 3)
    monkeypatch.setattr(judging, "INVERTED_SIDE", 32)
    monkeypatch.setattr(judging, "SHORT", 48)


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    return save_tiny(tmp_path_factory.mktemp("weights") / "one.safetensors")


def test_all_figures_of_a_network_stand_beside_what_learnt_nothing(weights, collection):
    before = torch.get_rng_state()
    figures = judging.judge(weights, collection, COUNT)
    assert torch.equal(torch.get_rng_state(), before)
    for judged in (figures.network, figures.untrained, figures.random):
        assert 0 <= judged.texture <= 1
        assert all(0 < error < 1 for error in judged.errors)
        assert all(a < b for a, b in zip(judged.coarse, judged.errors, strict=True))
        assert 0 <= judged.dead_share < 1
    assert next(iter(figures.network.dead)) == "relu1_1"
    assert list(figures.network.dead)[-1] == "relu4_3"
    for found in (figures.network.found, figures.random.found, figures.pixels):
        assert set(found) <= {0.0, 0.5, 1.0}
        assert len(found) == len(figures.mean_colour) == COUNT
    assert figures.styles is not None
    known = [p for p in read_catalogue(collection, COUNT)[0] if p.group in ("Cubism", "Rococo")]
    assert figures.styles.paintings == len(known)
    table = figures.table()
    assert f"{figures.network.texture:.1%}" in table
    assert f"{fmean(decibels(figures.random.errors)):.1f}" in table


def test_the_same_weights_are_judged_the_same(weights, collection):
    one, two = (judging.judge(weights, collection, COUNT) for _ in range(2))
    assert one == two


def test_halves_find_each_other_only_if_they_are_alike():
    rng = torch.Generator().manual_seed(1)
    works = torch.randn((50, 8), generator=rng)
    halves = works.repeat_interleave(2, 0)
    assert fmean(judging.found_again(halves + 0.01 * torch.randn((100, 8), generator=rng))) == 1
    assert fmean(judging.found_again(torch.randn((100, 8), generator=rng))) < 0.2
    unequal = halves * torch.tensor([1e4] + [1.0] * 7)  # a unit of measure changes nothing
    assert set(judging.found_again(unequal)) == {1.0}


def test_inversion_recovers_what_a_layer_keeps(monkeypatch):
    monkeypatch.setattr(judging, "STEPS", 120)
    cut = torch.rand((2, 3, 16, 16), generator=torch.Generator().manual_seed(1))
    same = FeatureNetwork({"all": torch.nn.Identity()}, {}, ["all"])
    grey = FeatureNetwork({"none": torch.nn.AvgPool2d(16)}, {}, ["none"])
    assert decibels(judging.errors(judging.inverted(same, "all", cut), cut))[0] > 35
    assert decibels(judging.errors(judging.inverted(grey, "none", cut), cut))[0] < 15


def test_units_that_nothing_wakes_are_counted_as_dead(tmp_path, collection):
    tensors = tiny_tensors()
    tensors["network.convolutions.conv2_1.bias"][:8] = -1000
    path = save_tiny(tmp_path / "dead.safetensors", tensors)
    dead = judging.judge(path, collection, COUNT).network.dead
    assert dead["relu2_1"] >= 8 / 32
    assert dead["relu1_1"] < 8 / 32


def test_halves_of_a_painting_do_not_overlap(collection):
    for painting in read_catalogue(collection, COUNT)[0]:
        one, other = judging.in_halves(painting)
        assert one.shape == other.shape
        assert not torch.equal(one, other)
        assert min(one.shape[2:]) <= 48


def test_only_paintings_of_a_known_style_are_asked_of_the_style_head(collection, tmp_path):
    tensors = tiny_tensors()
    tensors["style.weight"].zero_()
    tensors["style.bias"].copy_(torch.tensor([1.0, 0.0, 0.0]))
    path = save_tiny(tmp_path / "always.safetensors", tensors)
    held_out = read_catalogue(collection, 6)[0]
    known = [p.group for p in held_out if p.group in ("Cubism", "Rococo")]
    styles = judging.judge_styles(path, held_out)
    assert styles is not None
    assert styles.right == known.count("Cubism") / len(known)
    assert styles.balanced == pytest.approx(0.5)
    nobody = [p for p in held_out if p.group == "images"]
    assert judging.judge_styles(path, nobody) is None


def test_the_command_prints_and_returns_the_figures(weights, collection, capsys, monkeypatch):
    monkeypatch.setattr(judging, "HELD_OUT", COUNT)
    figures = judging.main([str(weights), str(collection)])
    assert figures is not None
    assert figures.table() in capsys.readouterr().out
    assert judging.main([str(weights) + "x", str(collection)]) is None
    assert "name a .safetensors file" in capsys.readouterr().err


def test_nothing_held_out_is_refused(weights, collection):
    with pytest.raises(Refused, match="hold out some paintings"):
        judging.judge(weights, collection, 0)


def test_training_ends_with_a_card(collection, tmp_path):
    output = tmp_path / "drawn.safetensors"
    asked = [str(collection), "--output", str(output), "--steps", "1", "--held-out", str(COUNT)]
    assert train([*asked, "--robust", "--radius", "0.5"]) == 0
    text = output.with_suffix(".md").read_text(encoding="utf-8")
    assert hashlib.sha256(output.read_bytes()).hexdigest() in text
    assert f"{output.stat().st_size:,} bytes" in text
    assert "python -m generators.training.tiny" in text
    assert "--radius 0.5" in text
    assert "seed 0, 1 steps" in text
    assert torch.__version__ in text
    network = sum(p.numel() for p in TinyVGG().parameters())
    assert f"{network:,} in the network" in text
    for said in ("non-commercially", "contain no picture", "not claimed", "before 1955"):
        assert said in re.sub(r"\s+", " ", text)
    assert "random:0" in text
    assert "{" not in text
    assert not list(tmp_path.glob("*.part"))


def test_a_card_can_be_written_anew_from_weights_and_checkpoint(collection, tmp_path, monkeypatch):
    output = tmp_path / "drawn.safetensors"
    asked = [str(collection), "--output", str(output), "--steps", "1", "--held-out", str(COUNT)]
    assert train([*asked, "--no-card"]) == 0
    assert not output.with_suffix(".md").exists()
    monkeypatch.setattr(
        card, "read_paintings", lambda folder: read_paintings(folder, held_out=COUNT)
    )
    told = ["--command", "as it was", "--hardware", "an abacus", "--start", "tiny"]
    assert card.main([str(output), str(collection), *told]) == 0
    text = output.with_suffix(".md").read_text(encoding="utf-8")
    assert "    as it was" in text
    assert "on an abacus" in text.replace("\n", " ")
    assert "the weights of tiny" in text.replace("\n", " ")


def test_a_card_without_its_checkpoint_is_refused(weights, collection, capsys, monkeypatch):
    monkeypatch.setattr(
        card, "read_paintings", lambda folder: read_paintings(folder, held_out=COUNT)
    )
    told = ["--command", "c", "--hardware", "h", "--checkpoint", str(weights)]
    assert card.main([str(weights), str(collection), *told]) == 2
    assert "is no checkpoint of a training" in capsys.readouterr().err


def judged(found, error):
    errors = tuple(error * (1 + 0.1 * (n % 3)) for n in range(12))
    return Judged("one", found, errors, errors, {"relu1_1": 0.0})


def test_the_verdict_says_what_is_worse_than_chance_and_what_is_only_luck():
    half, more, none = (1.0, 0.0) * 50, (1.0, 0.0) * 49 + (1.0, 1.0), (0.0,) * 100
    own, equal, poor = judged(more, 0.05), judged(half, 0.01), judged(none, 0.05)
    figures = Figures(own, poor, equal, none, (0.1,) * 12, (0.1,) * 12, None)
    text = figures.verdict()
    assert (
        "halves it is clearly better than the untrained network and pixels, **not clearly" in text
    )
    assert "different from random:0**" in text
    assert "inversion it is clearly better than a constant picture" in text
    assert "**clearly worse than random:0**" in text


def test_a_card_breaks_its_lines_but_not_its_tables():
    table = "| " + "x" * 200 + " |"
    text = card.wrapped(f"{'word ' * 50}\n\n{table}\n\n* {'one ' * 40}\n* two\n\n    {'c' * 150}")
    lines = text.splitlines()
    assert table in lines
    assert "* two" in lines
    assert "    " + "c" * 150 in lines
    assert max(len(line) for line in lines if line[:1] not in "| ") <= card.WIDTH


def test_open_network_takes_what_training_makes(weights):
    assert open_network(f"file:{weights}", ["relu3_3"]).width("relu3_3") == 64

"""The one interface to every network that generators look through."""

import pytest
import torch
from torch import Tensor, nn

from generators.nets.features import (
    DEPTHS,
    FeatureNetwork,
    layers_of,
    open_network,
    probe,
    style_layers_of,
)
from generators.nets.shipped import file_stages
from generators.refused import Refused
from tests.generators.nets.weights import save_tiny, tiny_tensors


class Counting(nn.Module):
    """A layer of two units that counts how often it is run."""

    def __init__(self, fill: float = 1.0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor([[fill, 2.0, 0.0], [0.0, 1.0, fill]]))
        self.runs = 0

    def forward(self, units: Tensor) -> Tensor:
        self.runs += 1
        return torch.einsum("ij,njhw->nihw", self.weight[:, : units.shape[1]], units)


@pytest.fixture
def source(tmp_path):
    return f"file:{save_tiny(tmp_path / 'one.safetensors')}"


def sources(source):
    return [source, "random:3"]


def test_nothing_deeper_than_the_deepest_layer_asked_for_is_run():
    stages = {name: Counting() for name in ("first", "second", "third")}
    network = FeatureNetwork(stages, {}, ["first", "second"])
    found = network(probe())
    assert list(found) == ["first", "second"]
    assert stages["second"].runs > 0
    assert stages["third"].runs == 0
    assert network.names == ["first", "second"]


def test_only_the_layers_asked_for_come_back(source):
    assert list(open_network(source, ["relu3_1"])(probe())) == ["relu3_1"]
    assert list(open_network("random:1", ["relu3", "relu1"])(probe())) == ["relu1", "relu3"]


def test_units_are_standardised_on_the_probe(source):
    for name in sources(source):
        network = open_network(name, layers_of(name))
        for layer, units in network(probe()).items():
            assert units.dtype == torch.float32
            assert units.shape[1] == network.width(layer)
            assert units.mean((0, 2, 3)).abs().max() < 1e-3
            deviation = units.std((0, 2, 3))
            assert deviation.max() < 1.01
            assert deviation.median().item() == pytest.approx(1, abs=0.01)


def test_a_unit_that_is_silent_on_the_probe_does_not_drown_the_others():
    silent = Counting()
    with torch.no_grad():
        silent.weight[1] *= 1e-6
    units = FeatureNetwork({"only": silent}, {}, ["only"])(torch.rand(1, 3, 16, 16))["only"]
    assert units[:, 1].abs().max() < units[:, 0].abs().max()


def test_the_gradient_reaches_the_picture_and_leaves_the_weights(source):
    for name in sources(source):
        layer = layers_of(name)[-1]
        network = open_network(name, [layer])
        picture = probe()[..., :48, :48].clone().requires_grad_()
        before = {key: value.clone() for key, value in network.state_dict().items()}
        network(picture)[layer].square().mean().backward()
        assert picture.grad is not None
        assert (picture.grad.abs().amax(1) > 0).float().mean() > 0.9
        assert not any(p.requires_grad or p.grad is not None for p in network.parameters())
        after = network.state_dict()
        assert all(torch.equal(before[key], after[key]) for key in before)


def test_opening_and_running_touch_no_random_numbers_but_their_own(source):
    before = torch.get_rng_state()
    for name in sources(source):
        open_network(name, layers_of(name))(probe())
    assert torch.equal(torch.get_rng_state(), before)


def test_the_same_source_sees_the_same_twice(source):
    for name in sources(source):
        one, two = (open_network(name, layers_of(name))(probe()) for _ in range(2))
        assert all(torch.equal(one[layer], two[layer]) for layer in one)


@pytest.mark.parametrize(
    "source", ["", "vgg", "random", "random:", "random:-1", "random:1.5", "tiny:1", "../tiny"]
)
def test_an_unknown_source_is_refused(source):
    with pytest.raises(Refused, match=r"There is no network .*: use tiny"):
        open_network(source, ["relu1"])


def test_weights_so_large_that_units_are_no_numbers_are_refused(tmp_path):
    tensors = tiny_tensors()
    for tensor in tensors.values():
        tensor.fill_(60_000)
    path = save_tiny(tmp_path / "large.safetensors", tensors)
    with pytest.raises(Refused, match="not numbers"):
        open_network(f"file:{path}", ["relu4_3"])


def test_facts_name_the_network_and_its_weights(source):
    facts = open_network(source, ["relu1_1"]).facts
    assert facts == file_stages(source.removeprefix("file:"))[1]
    assert facts["network"] == "file:one.safetensors"
    assert len(facts["weights_sha256"]) == 64
    assert open_network("random:3", ["relu1"]).facts["network"] == "random:3"


@pytest.mark.parametrize("name", ["file", "random:0"])
def test_there_is_a_layer_for_each_depth_and_statistics_for_a_style(name, source):
    name = source if name == "file" else name
    assert len(layers_of(name)) == len(DEPTHS)
    layers = sorted({*layers_of(name), *style_layers_of(name)})
    network = open_network(name, layers)
    places = [network.names.index(layer) for layer in layers_of(name)]
    assert places == sorted(places)
    assert set(network(probe())) == set(layers)

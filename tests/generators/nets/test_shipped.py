"""Weights in files: what is unfit is refused with a sentence that says what to do."""

import hashlib
import os
import pickle
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from generators.nets import shipped
from generators.nets.features import open_network
from generators.nets.shipped import FOLDER, LARGEST, SHA256, file_stages, shipped_stages, style_head
from generators.refused import Refused
from tests.generators.nets.weights import STYLES, save_tiny, tiny_tensors


@pytest.fixture
def path(tmp_path):
    return save_tiny(tmp_path / "one.safetensors")


@pytest.fixture
def ours(monkeypatch, path):
    """A file that ships under the name `one`."""
    monkeypatch.setattr(shipped, "FOLDER", path.parent)
    monkeypatch.setitem(SHA256, "one", hashlib.sha256(path.read_bytes()).hexdigest())
    return path


def test_a_whole_file_is_read_and_its_hash_is_told(path):
    stages, facts = file_stages(str(path))
    assert list(stages)[:3] == ["relu1_1", "relu1_2", "relu2_1"]
    assert facts == {
        "network": "file:one.safetensors",
        "weights_sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }


def test_half_precision_weights_are_computed_in_single(path):
    stages, _ = file_stages(str(path))
    weights = [p for stage in stages.values() for p in stage.parameters()]
    assert {p.dtype for p in weights} == {torch.float32}


def test_a_missing_file_is_refused(tmp_path):
    for missing in (tmp_path / "none.safetensors", tmp_path):
        with pytest.raises(Refused, match=r"no file .*: name a \.safetensors file"):
            file_stages(str(missing))


@pytest.mark.parametrize("share", [0.0, 0.00001, 0.01, 0.5, 0.999])
def test_half_a_file_is_refused(path, share):
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(Refused, match="not a whole safetensors file: fetch or save it again"):
        file_stages(str(path))


def test_an_oversized_file_is_refused_before_it_is_read(path):
    os.truncate(path, LARGEST + 1)  # sparse: it takes no room
    with pytest.raises(Refused, match="too large: a tiny network's weights take a few megabytes"):
        file_stages(str(path))


class Payload:
    """Leaves a file behind where it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self):
        return Path.touch, (self.mark,)


@pytest.mark.parametrize("save", [torch.save, lambda it, path: path.write_bytes(pickle.dumps(it))])
@pytest.mark.parametrize("name", ["one.safetensors", "one.pth", "one.pkl"])
def test_pickled_weights_are_refused_and_not_run(tmp_path, save, name):
    mark = tmp_path / "mark"
    save({"network": Payload(mark)}, tmp_path / name)
    with pytest.raises(Refused, match="not a whole safetensors file"):
        file_stages(str(tmp_path / name))
    assert not mark.exists()


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_weights_that_are_not_numbers_are_refused(path, bad):
    tensors = tiny_tensors()
    tensors["network.convolutions.conv3_2.weight"][0, 0, 0, 0] = bad
    save_tiny(path, tensors)
    with pytest.raises(Refused, match=r"one\.safetensors holds weights that are not numbers"):
        file_stages(str(path))


def test_weights_of_another_shape_are_refused(path):
    tensors = tiny_tensors()
    tensors["network.convolutions.conv3_2.weight"] = torch.zeros(64, 64, 1, 1)
    save_tiny(path, tensors)
    with pytest.raises(Refused, match="train one with python -m generators"):
        file_stages(str(path))


@pytest.mark.parametrize("change", ["missing", "additional"])
def test_a_file_with_other_tensors_is_refused(path, change):
    tensors = tiny_tensors()
    if change == "missing":
        del tensors["network.convolutions.conv1_1.bias"]
    else:
        tensors["network.convolutions.conv5_1.bias"] = torch.zeros(1)
    save_tiny(path, tensors)
    with pytest.raises(Refused, match="does not hold the weights of a tiny network: train one"):
        file_stages(str(path))


def test_an_empty_file_of_tensors_is_refused(path):
    save_file({}, path)
    with pytest.raises(Refused, match="does not hold the weights of a tiny network"):
        file_stages(str(path))


def test_what_ships_opens_by_its_name(ours):
    network = open_network("one", ["relu2_1"])
    assert network.facts == {"network": "one", "weights_sha256": SHA256["one"]}


def test_what_ships_is_refused_if_one_bit_of_it_is_altered(ours):
    data = bytearray(ours.read_bytes())
    data[-1] ^= 1
    ours.write_bytes(data)
    for read in (shipped_stages, style_head):
        with pytest.raises(Refused, match="damaged or not what it says: fetch the project's file"):
            read("one")


def test_what_ships_is_refused_if_it_is_missing(ours):
    ours.unlink()
    with pytest.raises(Refused, match=r"no file .*one\.safetensors: name a"):
        shipped_stages("one")


def test_the_style_head_knows_the_names_of_its_styles(ours):
    head, styles = style_head("one")
    assert styles == STYLES
    assert head.weight.dtype == torch.float32
    assert torch.equal(head.weight, tiny_tensors()["style.weight"].float())
    assert not any(p.requires_grad for p in head.parameters())
    assert head(torch.zeros(2, 512)).shape == (2, len(STYLES))


@pytest.mark.parametrize("name", SHA256)
def test_each_file_that_ships_is_the_one_that_was_meant(name):
    path = FOLDER / f"{name}.safetensors"
    assert SHA256[name] == hashlib.sha256(path.read_bytes()).hexdigest()
    stages, _ = shipped_stages(name)
    assert len(stages) == 10
    assert style_head(name)[1] == sorted(style_head(name)[1])
    card = path.with_suffix(".md").read_text(encoding="utf-8")
    assert SHA256[name] in card

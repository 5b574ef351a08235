"""The networks of both sides: trained ones where their files are at hand, stand-ins elsewhere."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from unittest import mock

import torch
from torch import Tensor, nn

from generators.nets import imagenet, shipped
from generators.nets.torchvision_import import torchvision_models

STAND_IN = "He-initialised random weights stand in: the arithmetic is the same, what is seen is not"


def cached(network: str) -> bool:
    """Whether torchvision's file is in torch's cache; half a gigabyte is not fetched for this."""
    url = torchvision_models().get_model_weights(network).DEFAULT.url
    return (imagenet.cache_folder() / url.rsplit("/", 1)[1]).is_file()


def provenance(network: str) -> str:
    return f"{network}: {'trained weights' if cached(network) else STAND_IN}"


@cache
def weights(network: str, trained: bool = True) -> tuple[dict[str, Tensor], str]:
    """The state of torchvision's network, `trained` if its file is there, and a name for it."""
    if trained and cached(network):
        return imagenet._weights(network)
    rng = torch.Generator().manual_seed(2015)
    with torch.device("meta"):
        whole = imagenet.architecture(network)
    state = {}
    for name, values in whole.state_dict().items():
        layer = whole.get_submodule(name.rpartition(".")[0])
        if name.startswith("classifier"):  # never looked through: it must not take memory either
            state[name] = torch.zeros(()).expand(values.shape)
        elif isinstance(layer, nn.Conv2d) and name.endswith("weight"):
            deviation = math.sqrt(2 / values[0].numel())
            state[name] = torch.randn(values.shape, generator=rng) * deviation
        else:  # normalisation that changes nothing, and no biases
            one = name.endswith(("weight", "running_var"))
            state[name] = torch.full(values.shape, float(one), dtype=values.dtype)
    return state, "a stand-in"


@contextmanager
def shared_weights() -> Iterator[None]:
    """Our own artists see through the very weights that the peers' recipes see through."""

    def same(network: str) -> tuple[dict[str, Any], str]:
        return weights(network)

    with mock.patch.object(imagenet, "_weights", same):
        yield


def peers_stages(network: str, last: str, trained: bool = True) -> dict[str, nn.Module]:
    """The layers down to `last` as peers run them: float32, NCHW, frozen."""
    state, _ = weights(network, trained)
    with torch.device("meta"):  # no memory for weights about to be replaced
        whole = imagenet.architecture(network)
    whole.load_state_dict({name: state[name] for name in whole.state_dict()}, assign=True)
    whole.eval().requires_grad_(False)
    found = {}
    for name, stage in imagenet.stages(network, whole).items():
        found[name] = stage
        if name == last:
            break
    return found


def tiny() -> str:
    """The best tiny network that is installed."""
    for name in ("tiny-robust", "tiny"):
        if (shipped.FOLDER / f"{name}.safetensors").is_file():
            return name
    return "random"

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
def weights(network: str) -> tuple[dict[str, Tensor], str]:
    """The state of torchvision's network, trained if possible, and a name for it."""
    if cached(network):
        return imagenet._weights(network)
    whole = imagenet.architecture(network)
    rng = torch.Generator().manual_seed(2015)
    for layer in whole.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            fan_in = layer.weight[0].numel()
            with torch.no_grad():
                layer.weight.normal_(0, math.sqrt(2 / fan_in), generator=rng)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
    return whole.state_dict(), "a stand-in"


@contextmanager
def shared_weights() -> Iterator[None]:
    """Our own artists see through the very weights that the peers' recipes see through."""

    def same(network: str) -> tuple[dict[str, Any], str]:
        return weights(network)

    with mock.patch.object(imagenet, "_weights", same):
        yield


def peers_stages(network: str, last: str) -> dict[str, nn.Module]:
    """The layers down to `last` as peers run them: float32, NCHW, frozen."""
    state, _ = weights(network)
    whole = imagenet.architecture(network)
    whole.load_state_dict({name: state[name] for name in whole.state_dict()})
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

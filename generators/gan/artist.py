"""Files of trained painters: the network, what it came near to, and what was found out about it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from torch import Tensor

from generators.gan.copies import Corpus
from generators.nets.gan import SIDE, SIDES, Painter
from generators.nets.shipped import located, read_weights
from generators.refused import Refused

# Of the files that ship. A file that does not hash to this is not used.
SHA256: dict[str, str] = {
    "gan": "b7ed47ef2a0fb97560ffe50dfb2c3f63ac066dcc0927979c8430e692a5040289",
    "can": "811dc298b9df5db097095f66ae55b7df5016da151d0c6236ed9bd86880cfb189",
}


@dataclass(frozen=True)
class Artist:
    """A trained painter and what belongs to it."""

    name: str
    sha256: str
    network: Painter
    corpus: Corpus
    told: Mapping[str, Any]  # what its training found out, and "largest_wish"

    @property
    def largest_wish(self) -> float:
        """The largest lambda that it was trained with; 0 for one that only imitates."""
        return float(self.told["largest_wish"])

    @property
    def side(self) -> int:
        """Pixels to a side of what it paints."""
        return self.network.side


def open_artist(source: str) -> Artist:
    """A painter that ships, by name, or file:PATH.

    Raises Refused for one that is unknown, missing, altered, cut short or no painter's file.
    """
    return _read(*located(source, SHA256, "painter"))


def as_tensors(network: Painter, corpus: Corpus) -> dict[str, Tensor]:
    """What a painter's file holds; weights as float16."""
    weights = {
        f"painter.{name}": tensor.half() if tensor.is_floating_point() else tensor
        for name, tensor in network.state_dict().items()
    }
    return weights | {f"corpus.{name}": tensor for name, tensor in corpus.as_tensors().items()}


def _read(path: Path, name: str, sha256: str) -> Artist:
    tensors, found = read_weights(path, sha256)
    with safe_open(path, "pt") as opened:
        metadata = opened.metadata() or {}
    try:
        told = json.loads(metadata["painter"])
        names = told.pop("names")
        parts: dict[str, dict[str, Tensor]] = {"painter": {}, "corpus": {}}
        for full, tensor in tensors.items():
            part, _, rest = full.partition(".")
            parts[part][rest] = tensor
        corpus = Corpus.from_tensors(names, parts["corpus"])
        with torch.device("meta"):  # no memory and no random numbers for weights to be replaced
            network = Painter(float(told["largest_wish"]) > 0, _side(told))
        weights = {
            n: t.float() if t.is_floating_point() else t for n, t in parts["painter"].items()
        }
        network.load_state_dict(weights, assign=True)
    except (KeyError, ValueError, TypeError, RuntimeError, IndexError):
        raise Refused(
            f"{path.name} does not hold a painter: train one with "
            "python -m generators.training.gan."
        ) from None
    if not all(bool(tensor.isfinite().all()) for tensor in weights.values()):
        raise Refused(f"{path.name} holds weights that are not numbers: use another file.")
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # missing in the stubs
    return Artist(name, found, network.eval().requires_grad_(False), corpus, told)


def _side(told: Mapping[str, Any]) -> int:
    """Files of before there were two sizes do not tell theirs. Raises ValueError for another."""
    side = int(told.get("side", SIDE))
    if side not in SIDES:
        raise ValueError(side)
    return side

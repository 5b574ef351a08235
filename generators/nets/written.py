"""Files of writers: a network that guesses characters, its alphabet, and spans of what it read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import safe_open
from torch import Tensor

from generators.corpus import UNKNOWN, Alphabet
from generators.nets.gru import CharGRU
from generators.nets.shipped import located, read_weights
from generators.refused import Refused

# Of the files that ship. A file that does not hash to this is not used.
SHA256: dict[str, str] = {
    "shakespeare": "30c3bbb045653d87aa6b1cc6ba2cea76fb1a1d1fb5800b03462b38d2c7613dc0",
    "tang": "2bbad635e0a4d75a755b7b8cb1f40e188d768ebfda234ebdd351fe3f91f8065e",
}


@dataclass(frozen=True)
class Writer:
    """A trained network and what belongs to it."""

    name: str
    sha256: str
    network: CharGRU
    alphabet: Alphabet
    spans: Tensor  # of the texts it was trained on, see `generators.copied`


def open_writer(source: str) -> Writer:
    """A writer that ships, by name, or file:PATH.

    Raises Refused for one that is unknown, missing, altered, cut short or no writer's file.
    """
    return _read(*located(source, SHA256, "writer"))


def as_tensors(network: CharGRU, spans: Tensor) -> dict[str, Tensor]:
    """What a writer's file holds; weights as float16, which is all that is left of them anyway once
    they are quantised."""
    return {name: t.half() for name, t in network.state_dict().items()} | {"spans": spans}


def _read(path: Path, name: str, sha256: str) -> Writer:
    tensors, found = read_weights(path, sha256)
    with safe_open(path, "pt") as opened:
        told = opened.metadata() or {}
    try:
        spans = tensors.pop("spans")
        alphabet = Alphabet(json.loads(told["writer"])["alphabet"])
        with torch.device("meta"):  # no memory and no random numbers for weights to be replaced
            units = tensors["gru.weight_hh_l0"].shape[1]
            network = CharGRU(len(alphabet), units, tensors["embedding.weight"].shape[1])
        network.load_state_dict({n: t.float() for n, t in tensors.items()}, assign=True)
    except (KeyError, ValueError, TypeError, RuntimeError, IndexError):
        raise Refused(
            f"{path.name} does not hold a writer: train one with "
            "python -m generators.training.char_rnn."
        ) from None
    if not alphabet.characters.startswith(UNKNOWN):
        raise Refused(f"{path.name} was made by another version: train it again.")
    if not all(bool(tensor.isfinite().all()) for tensor in network.state_dict().values()):
        raise Refused(f"{path.name} holds weights that are not numbers: use another file.")
    return Writer(name, found, network.requires_grad_(False), alphabet, spans)

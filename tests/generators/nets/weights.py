"""Files of weights made by the tests."""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from generators.nets.tiny import TinyVGG, initialise

STYLES = ["Cubism", "Rococo", "Ukiyo_e"]


def tiny_tensors(seed: int = 1) -> dict[str, Tensor]:
    """What a tiny network's file holds, with weights drawn by chance."""
    rng = torch.Generator().manual_seed(seed)
    with torch.device("meta"):
        network = TinyVGG()
    network.to_empty(device="cpu")
    initialise(network, rng)
    tensors = {f"network.{name}": t.half() for name, t in network.state_dict().items()}
    tensors["style.weight"] = torch.randn((len(STYLES), 512), generator=rng).half()
    tensors["style.bias"] = torch.randn(len(STYLES), generator=rng).half()
    return tensors


def save_tiny(path: Path, tensors: dict[str, Tensor] | None = None) -> Path:
    save_file(tensors or tiny_tensors(), path, metadata={"styles": json.dumps(STYLES)})
    return path

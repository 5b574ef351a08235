"""Files of tensors that are whole or not there, and what a checkpoint tells of its training."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from generators.refused import Refused


def write_whole(tensors: Mapping[str, Tensor], path: Path, metadata: dict[str, str]) -> None:
    """Write a safetensors file; interrupted, what was there before is still there."""
    part = path.with_suffix(".part")
    save_file({n: t.contiguous() for n, t in tensors.items()}, part, metadata=metadata)
    part.replace(path)


def told_by(checkpoint: Path) -> dict[str, Any]:
    """Step, seconds and lesson of a checkpoint. Raises Refused if it is none."""
    try:
        with safe_open(checkpoint, "pt") as opened:
            told: dict[str, Any] = json.loads(opened.metadata()["training"])
    except (SafetensorError, OSError, TypeError, KeyError, json.JSONDecodeError):
        raise Refused(
            f"{checkpoint} is no checkpoint of a training: delete it, or name another."
        ) from None
    return told


def moments_of(optimizer: torch.optim.Optimizer, part: str = "optimizer") -> dict[str, Tensor]:
    """What an optimizer remembers of each parameter, under names that begin with `part`."""
    return {
        f"{part}.{index}.{name}": tensor
        for index, state in optimizer.state_dict()["state"].items()
        for name, tensor in state.items()
    }


def remember(
    optimizer: torch.optim.Optimizer, tensors: Mapping[str, Tensor], part: str = "optimizer"
) -> None:
    """Give an optimizer back what `moments_of` found, in its parameters' layout in memory: in
    another one sums are rounded otherwise."""
    parameters = [one for group in optimizer.param_groups for one in group["params"]]
    moments: dict[int, dict[str, Tensor]] = {}
    for full, tensor in tensors.items():
        if full.startswith(f"{part}."):
            index, name = full.removeprefix(f"{part}.").split(".")
            like = parameters[int(index)]
            laid = torch.empty_like(like).copy_(tensor) if tensor.shape == like.shape else tensor
            moments.setdefault(int(index), {})[name] = laid
    optimizer.load_state_dict({**optimizer.state_dict(), "state": moments})


def part_of(tensors: Mapping[str, Tensor], part: str) -> dict[str, Tensor]:
    """The tensors whose names begin with `part` and a dot, without them."""
    prefix = f"{part}."
    return {n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)}

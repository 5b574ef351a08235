"""Files of tensors that are whole or not there, and what a checkpoint tells of its training."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

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

"""A small painted picture, enlarged by the network that learnt how paint looks from near."""

from __future__ import annotations

from functools import cache

import numpy as np
import PIL
import torch
from PIL import Image
from torch import Tensor

from generators.nets.enlarger import Enlarger
from generators.nets.shipped import located, read_weights
from generators.refused import Refused

# Of the file that ships. A file that does not hash to this is not used.
SHA256 = {"enlarger": "6f074d6dfbf31bc7d64e1886747915800b96cf30ebdd2b433f586cb4bcff1ec4"}


@cache
def open_enlarger(source: str = "enlarger") -> Enlarger:
    """The network that ships, or file:PATH. Raises Refused for one that is missing or altered."""
    path, _, sha256 = located(source, SHA256, "enlarger")
    tensors, _ = read_weights(path, sha256)
    with torch.device("meta"):  # no memory and no random numbers for weights to be replaced
        network = Enlarger()
    state = {name.removeprefix("enlarger."): tensor.float() for name, tensor in tensors.items()}
    try:
        network.load_state_dict(state, assign=True)
    except RuntimeError:
        raise Refused(
            f"{path.name} does not hold an enlarger: train one with "
            "python -m generators.training.enlarging."
        ) from None
    return network.eval().requires_grad_(False)


def worked_out(levels: Tensor, rng: torch.Generator) -> Tensor:
    """uint8 (3, H, W) to float32 (3, TIMES * H, TIMES * W) in 0..1; `rng` draws the grain. In
    float32 throughout, so that no processor's shorter numbers decide how it looks."""
    _, height, width = levels.shape
    grain = torch.randn((1, 1, 2 * height, 2 * width), generator=rng)
    with torch.no_grad():
        painted: Tensor = open_enlarger()(levels[None].float() / 255, grain)[0]
    return painted.clamp(0, 1)


def resized(picture: Tensor, shape: tuple[int, int]) -> Tensor:
    """float32 (3, h, w) in 0..1 to (3, H, W); shape is (W, H). Each channel in floating point, so
    that no steps show where colours change slowly."""
    planes = [
        Image.fromarray(plane.numpy()).resize(shape, Image.Resampling.LANCZOS) for plane in picture
    ]
    return torch.from_numpy(np.stack([np.asarray(plane) for plane in planes])).clamp(0, 1)


def enlarging_of(side: int) -> str:
    """How a picture of so many pixels to a side was enlarged, for its record."""
    return (
        f"from {side} pixels by the network enlarger, sha256 {SHA256['enlarger']}, and Pillow "
        f"{PIL.__version__}, Lanczos"
    )

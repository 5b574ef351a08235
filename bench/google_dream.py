"""The peer of our dreams: Google's recipe of 2015, on pixels.

A. Mordvintsev, C. Olah, M. Tyka: the notebook to "Inceptionism" (github.com/google/deepdream).
GoogLeNet down to inception 4c; the gradient of half the squared length of the layer; steps of 1.5
grey levels of 255 for a mean gradient; the picture rolled by up to 32 pixels each way and back;
four octaves at a scale of 1.4, ten steps each, the detail of one carried to the next; values
clipped.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from bench.networks import peers_stages

OCTAVES, SCALE, STEPS, STEP, JITTER = 4, 1.4, 10, 1.5 / 255, 32


def googlenet() -> nn.Module:
    return nn.Sequential(*peers_stages("googlenet", "inception4c").values())


def make_step(network: nn.Module, picture: Tensor, rng: torch.Generator) -> Tensor:
    """(1, 3, H, W) in 0..1 after one step of ascent."""
    down, right = torch.randint(-JITTER, JITTER + 1, (2,), generator=rng).tolist()
    rolled = torch.roll(picture, (down, right), (2, 3)).requires_grad_()
    with torch.enable_grad():
        (gradient,) = torch.autograd.grad(network(rolled).square().sum() / 2, rolled)
    rolled = rolled.detach() + STEP / gradient.abs().mean() * gradient
    return torch.roll(rolled, (-down, -right), (2, 3)).clamp(0, 1)


def dream(network: nn.Module, content: Tensor, seed: int = 0) -> Tensor:
    """(3, H, W) in 0..1 to the same shape."""
    rng = torch.Generator().manual_seed(seed)
    octaves = [content[None]]
    for _ in range(OCTAVES - 1):
        octaves.insert(0, _zoomed(octaves[0], [round(n / SCALE) for n in octaves[0].shape[2:]]))
    detail = torch.zeros_like(octaves[0])
    for base in octaves:
        detail = _zoomed(detail, list(base.shape[2:]))
        picture = base + detail
        for _ in range(STEPS):
            picture = make_step(network, picture, rng)
        detail = picture - base
    return picture[0]


def _zoomed(picture: Tensor, shape: list[int]) -> Tensor:
    return F.interpolate(picture, size=shape, mode="bilinear")

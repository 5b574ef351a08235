"""Small changes that fool a network most, to train it against.

Projected gradient ascent in the L2 norm (Madry et al. 2018, "Towards deep learning models resistant
to adversarial attacks"). Networks trained so have features that people recognise (Engstrom et al.
2019, "Adversarial robustness as a prior for learned representations").
"""

from collections.abc import Callable

import torch
from torch import Tensor


def fooled(
    crops: Tensor, loss: Callable[[Tensor], Tensor], radius: float, steps: int, rng: torch.Generator
) -> Tensor:
    """`crops` (N, 3, H, W) in 0..1, each moved by at most `radius` in L2 so that `loss` rises.

    `loss` gives one number for the batch. The radius is in units of the 0..1 range over the whole
    crop: 0.75 at 64 x 64 x 3 is about 0.7 % of the range a pixel.
    """
    change = torch.randn(crops.shape, generator=rng).to(crops)
    change = _at_most(change, radius * 0.5)
    for _ in range(steps):
        moved = (crops + change).clamp(0, 1).requires_grad_()
        (gradient,) = torch.autograd.grad(loss(moved), moved)
        norm = gradient.flatten(1).norm(dim=1).clamp_min(1e-12)
        step = gradient / norm[:, None, None, None] * (1.5 * radius / steps)
        change = _at_most(change + step, radius)
    return (crops + change).clamp(0, 1).detach()


def _at_most(change: Tensor, radius: float) -> Tensor:
    norm: Tensor = change.flatten(1).norm(dim=1).clamp_min(1e-12)
    return change * (radius / norm).clamp(max=1)[:, None, None, None]

"""The peer of our style transfer: Gatys, Ecker and Bethge on VGG-19.

L. A. Gatys, A. S. Ecker, M. Bethge: "A neural algorithm of artistic style", 2015, with the weights
and defaults of Gatys's own notebook (github.com/leongatys/PytorchNeuralStyleTransfer): Gram
matrices of relu1_1 to relu5_1, content of relu4_2, L-BFGS from the content, 500 evaluations, all at
one size.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from bench.networks import peers_stages

STYLE = {"relu1_1": 64, "relu2_1": 128, "relu3_1": 256, "relu4_1": 512, "relu5_1": 512}
CONTENT = "relu4_2"
EVALUATIONS = 500
# The notebook's weights are for pictures of 0..255 less their mean; torchvision's networks divide
# by a deviation too. Features are scaled back, which keeps style and content in balance.
RANGE = 255 * 0.226


def vgg19(average: bool = False, trained: bool = True) -> dict[str, nn.Module]:
    """With maxima as the notebook has it, or `average` pooling, which the paper prefers."""
    stages = peers_stages("vgg19", "relu5_1", trained)
    if average:
        for stage in stages.values():
            for place, layer in enumerate(stage):
                if isinstance(layer, nn.MaxPool2d):
                    stage[place] = nn.AvgPool2d(2)
    return stages


def gram(units: Tensor) -> Tensor:
    flat = units[0].flatten(1)
    return flat @ flat.T / flat.shape[1]


def paint(
    stages: dict[str, nn.Module],
    content: Tensor,
    style: Tensor,
    evaluations: int = EVALUATIONS,
    content_weight: float = 1.0,
    adam: bool = False,
    watch: Callable[[int], None] = lambda done: None,
) -> Tensor:
    """(3, H, W) in 0..1. `watch` is told how many evaluations are done."""
    with torch.no_grad():
        wanted = {name: gram(units) for name, units in seen(stages, style[None]) if name in STYLE}
        kept = dict(seen(stages, content[None]))[CONTENT]
    picture = content[None].clone()
    optimised = (255 * picture).requires_grad_()  # in grey levels, for L-BFGS's first step
    done = 0

    def loss() -> Tensor:
        nonlocal done
        optimizer.zero_grad()
        total = optimised.new_zeros(())
        for name, units in seen(stages, optimised / 255):
            if name in STYLE:
                weight = 1e3 / STYLE[name] ** 2
                total = total + weight * F.mse_loss(gram(units), wanted[name])
            elif name == CONTENT:
                total = total + content_weight * F.mse_loss(units, kept)
        total.backward()
        done += 1
        watch(done)
        return total

    optimizer: torch.optim.Optimizer
    if adam:
        optimizer = torch.optim.Adam([optimised], lr=10.0)
        while done < evaluations:
            optimizer.step(loss)
    else:
        optimizer = torch.optim.LBFGS([optimised])
        while done < evaluations:
            left = evaluations - done
            optimizer.param_groups[0].update(max_iter=min(20, left), max_eval=min(25, left))
            before = done
            optimizer.step(loss)
            if done - before < 2:  # it has converged, and would only look again
                break
    return (optimised.detach()[0] / 255).clamp(0, 1)


def seen(stages: dict[str, nn.Module], picture: Tensor) -> list[tuple[str, Tensor]]:
    """The units of the layers that count, in the notebook's range."""
    found, units = [], picture
    for name, stage in stages.items():
        units = stage(units)
        if name in STYLE or name == CONTENT:
            found.append((name, units * RANGE))
    return found

"""Which style a small picture is in, as the shipped network's head answers."""

from __future__ import annotations

import math
from functools import cache

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from generators.nets.features import faster
from generators.nets.shipped import shipped_stages, style_head

SOURCE = "tiny"
SEEN = 64  # pixels to a side of what it was taught on


class StyleJudge(nn.Module):
    """Pictures (N, 3, H, W) in 0..1 to log-probabilities (N, K) of the styles it knows. Frozen.

    Larger squares are shrunk to those that it knows how to see, so that what it says of painters
    of two sizes can be compared, and brushwork does not pass for a style.
    """

    def __init__(self) -> None:
        super().__init__()
        stages, _ = shipped_stages(SOURCE)
        self.look = nn.Sequential(*stages.values()).eval().requires_grad_(False)
        self.look.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # missing in the stubs
        self.head, self.styles = style_head(SOURCE)

    def forward(self, pictures: Tensor) -> Tensor:
        if pictures.shape[-1] > SEEN:
            pictures = F.avg_pool2d(pictures, pictures.shape[-1] // SEEN)
        with faster(pictures.device):
            units = self.look(pictures.contiguous(memory_format=torch.channels_last))
        pooled = F.adaptive_avg_pool2d(units.float(), 2).flatten(1)
        return F.log_softmax(self.head(pooled), dim=1)


@cache
def style_judge() -> StyleJudge:
    """One for the process: its weights never change. On the CPU."""
    return StyleJudge()


def ambiguity(answers: Tensor) -> Tensor:
    """Entropy of each picture's answers (N, K), as a share of the largest there can be: 0 for a
    sure answer, 1 where every style is as likely (Elgammal et al. 2017)."""
    return -(answers.exp() * answers).sum(1) / math.log(answers.shape[1])


def deviation(answers: Tensor) -> Tensor:
    """How far each picture's answers (N, K) are from uniform ones: the Kullback-Leibler divergence
    of the answers from a uniform distribution, in nats; what CAN is paid to make small."""
    return -answers.mean(1) - math.log(answers.shape[1])

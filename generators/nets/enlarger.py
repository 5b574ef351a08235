"""A network that enlarges a small painted picture four times: it takes away the weave that strided
convolutions leave, and adds the brushwork that so few pixels lack.

Nothing wide works at full resolution: the deepest layers look at the small picture. Units are
enlarged smoothly and then worked on, as in Odena et al. 2016, "Deconvolution and checkerboard
artifacts": where pixels are shuffled into their places instead, flat colour shows a fine screen.
What comes out is a cleaned small picture, enlarged smoothly, and what belongs on top of it.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from generators.nets.convolution import EdgeConv2d

TIMES = 4  # larger in each direction
WIDTH, PAIRS = 48, 4  # channels, and pairs of convolutions, at the small picture's size
DOUBLED = 24  # channels at twice its size
SLOPE = 0.2  # of rectifiers below zero
# What is added to something else begins small, the largest picture's detail the smallest.
BEGINS = {"second": 0.1, "clean": 0.1, "judge": 0.1, "paint": 0.01}


class Pair(nn.Module):
    """Two convolutions whose sum with their input goes on."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = EdgeConv2d(width, width, 3, padding=1)
        self.second = EdgeConv2d(width, width, 3, padding=1)

    def forward(self, units: Tensor) -> Tensor:
        added: Tensor = units + self.second(F.leaky_relu(self.first(units), SLOPE))
        return added


class Enlarger(nn.Module):
    """Pictures (N, 3, H, W) in 0..1 to pictures (N, 3, TIMES * H, TIMES * W), about in 0..1.

    `grain` (N, 1, 2 * H, 2 * W), noise of deviation 1, is what bristles and canvas are made from:
    without it a flat colour would have none, or the same ones everywhere.
    """

    def __init__(self) -> None:
        super().__init__()
        self.look = EdgeConv2d(3, WIDTH, 3, padding=1)
        self.pairs = nn.Sequential(*(Pair(WIDTH) for _ in range(PAIRS)))
        self.clean = EdgeConv2d(WIDTH, 3, 3, padding=1)
        self.grow = EdgeConv2d(WIDTH, DOUBLED, 3, padding=1)
        self.loud = nn.Parameter(torch.zeros(1, DOUBLED, 1, 1))
        self.work = Pair(DOUBLED)
        self.paint = EdgeConv2d(DOUBLED, 3, 3, padding=1)

    def forward(self, pictures: Tensor, grain: Tensor) -> Tensor:
        shown = (2 * pictures - 1).contiguous(memory_format=torch.channels_last)
        units = self.pairs(F.leaky_relu(self.look(shown), SLOPE))
        cleaned = pictures + self.clean(units).float()
        units = self.grow(doubled(units)) + self.loud * grain
        units = self.work(F.leaky_relu(units, SLOPE))
        smooth = F.interpolate(cleaned, scale_factor=TIMES, mode="bicubic")
        painted: Tensor = smooth + self.paint(doubled(units)).float()
        return painted


def doubled(units: Tensor) -> Tensor:
    """(N, C, H, W) to (N, C, 2 * H, 2 * W), smoothly."""
    return F.interpolate(units, scale_factor=2, mode="bilinear")


class Critic(nn.Module):
    """Pictures (N, 3, H, W) in 0..1 to what speaks, place by place, for their being painted by
    hand: (N, H // 8 * W // 8), of which only differences mean anything."""

    def __init__(self) -> None:
        super().__init__()
        self.look = nn.Conv2d(12, 32, 3, padding=1)
        self.shrink = nn.Conv2d(32, 48, 4, 2, 1)
        self.again = nn.Conv2d(48, 64, 4, 2, 1)
        self.mix = nn.Conv2d(64, 64, 3, padding=1)
        self.judge = nn.Conv2d(64, 1, 3, padding=1)

    def forward(self, pictures: Tensor) -> Tensor:
        units = F.pixel_unshuffle(2 * pictures - 1, 2)
        units = units.contiguous(memory_format=torch.channels_last)
        for layer in (self.look, self.shrink, self.again, self.mix):
            units = F.leaky_relu(layer(units), SLOPE)
        answers: Tensor = self.judge(units)
        return answers.float().flatten(1)


def initialise(network: Enlarger | Critic, rng: torch.Generator) -> None:
    """He et al. 2015, but for BEGINS."""
    for name, layer in network.named_modules():
        if isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight, a=SLOPE, generator=rng)
            nn.init.zeros_(layer.bias)  # type: ignore[arg-type]  # all have one
            begins = BEGINS.get(name.rpartition(".")[2], 1.0)
            with torch.no_grad():
                layer.weight.mul_(begins)
    if isinstance(network, Enlarger):
        nn.init.zeros_(network.loud)

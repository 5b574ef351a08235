"""The two networks of a GAN: a painter turns numbers drawn by chance into a small picture, a critic
tells painted pictures from real ones. Elsewhere they are called generator and discriminator; a
generator is here a machine artist.

Made for processors without a GPU: strided 4 x 4 convolutions, as in Radford et al. 2016,
"Unsupervised representation learning with deep convolutional generative adversarial networks"
(DCGAN), move between resolutions, residual pairs of 3 x 3 ones, as in Huang et al. 2024, "The GAN
is dead; long live the GAN!" (R3GAN), work where pictures are 16 pixels and smaller, and nothing
wide ever works at full resolution. Pictures of 128 pixels take one more level, a narrow one: both
networks are otherwise those of 64 pixels.
"""

from __future__ import annotations

import math
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SIDE = 64  # pixels of what is painted, unless it is said otherwise
SIDES = (64, 128)
LATENT = 64  # numbers drawn by chance for a picture
WAVES = 4  # numbers in which the painter is told a wish
LOUDNESS = 0.3  # of a wish beside the chance
# Channels at 4, 8, 16 and 32 pixels, and at 64 in a painter of 128; a critic has the same.
WIDTHS = {64: (192, 128, 64, 32), 128: (192, 128, 64, 32, 16)}
RESIDUALS = {4: 1, 8: 1, 16: 1, 32: 0, 64: 0}  # pairs at each resolution
GROUP = 8  # pictures whose variety the critic looks at together
SLOPE = 0.2  # of rectifiers below zero


class Residual(nn.Module):
    """Two convolutions whose sum with their input goes on; at first they add nothing."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.second = nn.Conv2d(width, width, 3, padding=1, bias=False)

    def forward(self, units: Tensor) -> Tensor:
        inner = self.first(F.leaky_relu(units, SLOPE))
        added: Tensor = units + self.second(F.leaky_relu(inner, SLOPE))
        return added


def _residuals(width: int, resolution: int) -> nn.Sequential:
    return nn.Sequential(*(Residual(width) for _ in range(RESIDUALS[resolution])))


class Painter(nn.Module):
    """(N, LATENT) by chance, and with `wishes` the wish of each picture (N,) in 0..1, to pictures
    (N, 3, side, side) in -1..1; `side` is one of SIDES.

    Channels are normalised over a batch while it learns, which keeps its pictures from becoming one
    and the same in the first minutes, and by fixed means and deviations when it paints: a picture
    does not depend on what is painted beside it.
    """

    def __init__(self, wishes: bool = False, side: int = SIDE) -> None:
        super().__init__()
        self.wishes, self.side = wishes, side
        widths = WIDTHS[side]
        self.open = nn.Linear(LATENT + WAVES * wishes, widths[0] * 16, bias=False)
        self.opened = nn.BatchNorm2d(widths[0])
        self.works = nn.ModuleList(_residuals(w, 4 << i) for i, w in enumerate(widths))
        self.grows = nn.ModuleList(
            nn.ConvTranspose2d(width, after, 4, 2, 1, bias=False)
            for width, after in pairwise(widths)
        )
        self.grown = nn.ModuleList(nn.BatchNorm2d(width) for width in widths[1:])
        self.paint = nn.ConvTranspose2d(widths[-1], 3, 4, 2, 1)

    def forward(
        self, chance: Tensor, wish: Tensor | None = None, truncation: float = 1.0
    ) -> Tensor:
        """`truncation` draws all pictures towards the one in the middle, or drives them from it:
        Brock et al. 2019, "Large scale GAN training for high fidelity natural image synthesis",
        here by the length of what is drawn, which while it learns is always the same."""
        given = F.normalize(chance, dim=1) * (math.sqrt(LATENT) * truncation)
        if self.wishes:
            wish = given.new_zeros(len(given)) if wish is None else wish
            given = torch.cat([given, _waves(wish)], 1)
        units = self.open(given).view(-1, WIDTHS[self.side][0], 4, 4)
        units = self.opened(units.contiguous(memory_format=torch.channels_last))
        units = F.leaky_relu(units, SLOPE)
        for place, work in enumerate(self.works):
            units = work(units)
            if place < len(self.grows):
                units = F.leaky_relu(self.grown[place](self.grows[place](units)), SLOPE)
        return torch.tanh(softened(self.paint(units).float()))


def softened(pictures: Tensor) -> Tensor:
    """Without the finest chequers, which strided convolutions leave and paintings do not have."""
    weights = torch.tensor([1.0, 2.0, 1.0], device=pictures.device) / 4
    kernel = torch.outer(weights, weights).expand(3, 1, 3, 3)
    with torch.autocast(pictures.device.type, enabled=False):  # in steps that cannot be seen
        return F.conv2d(F.pad(pictures, (1, 1, 1, 1), mode="replicate"), kernel, groups=3)


def _waves(wish: Tensor) -> Tensor:
    """(N,) in 0..1 to (N, WAVES), together much quieter than the chance: told louder, a wish would
    decide the picture alone."""
    turns = torch.arange(1, WAVES + 1, device=wish.device) * torch.pi
    return LOUDNESS * math.sqrt(2 * LATENT / WAVES) * torch.cos(wish[:, None] * turns)


class Critic(nn.Module):
    """Pictures (N, 3, side, side) in -1..1 to what speaks for their being real (N,), of which only
    differences mean anything.

    N is a multiple of GROUP: as in Karras et al. 2018, "Progressive growing of GANs", it is also
    told how much the pictures of a group differ, or a painter could get by with one good picture.
    """

    def __init__(self, side: int = SIDE) -> None:
        super().__init__()
        widths = WIDTHS[side][::-1]
        self.look = nn.Conv2d(12, widths[0], 3, padding=1)
        self.works = nn.ModuleList(_residuals(w, (side // 2) >> i) for i, w in enumerate(widths))
        self.shrinks = nn.ModuleList(
            nn.Conv2d(width, after, 4, 2, 1) for width, after in pairwise(widths)
        )
        self.mix = nn.Conv2d(widths[-1] + 1, widths[-1], 3, padding=1)
        self.judge = nn.Linear(widths[-1] * 16, 1, bias=False)

    def forward(self, pictures: Tensor) -> Tensor:
        halved = F.pixel_unshuffle(pictures, 2).contiguous(memory_format=torch.channels_last)
        units = F.leaky_relu(self.look(halved), SLOPE)
        for place, work in enumerate(self.works):
            units = work(units)
            if place < len(self.shrinks):
                units = F.leaky_relu(self.shrinks[place](units), SLOPE)
        units = torch.cat([F.leaky_relu(units, SLOPE), _variety(units)], 1)
        units = F.leaky_relu(self.mix(units), SLOPE)
        answers: Tensor = self.judge(units.flatten(1))
        return answers[:, 0]


def _variety(units: Tensor) -> Tensor:
    """The mean deviation of units within each group, as one more channel."""
    groups = units.float().view(-1, GROUP, *units.shape[1:])
    apart = (groups - groups.mean(1, keepdim=True)).square().mean(1).add(1e-6).sqrt()
    spread = apart.mean((1, 2, 3)).repeat_interleave(GROUP)
    return spread.to(units.dtype).view(-1, 1, 1, 1).expand(-1, 1, *units.shape[2:])


def initialise(network: Painter | Critic, rng: torch.Generator) -> None:
    """He et al. 2015 throughout: each layer keeps the size of what passes through it, the deeper
    residuals the less so; biases are zero."""
    pairs = sum(RESIDUALS.values()) + 1
    gain = nn.init.calculate_gain("leaky_relu", SLOPE)
    for name, layer in network.named_modules():
        if not isinstance(layer, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
            continue
        inputs = layer.weight[0].numel()
        if isinstance(layer, nn.ConvTranspose2d):  # with stride 2, four of 16 taps meet in a pixel
            inputs = layer.in_channels * 4
        size = gain / math.sqrt(inputs)
        if name in ("open", "paint", "judge"):
            size /= gain
        if name.endswith(".first"):
            size /= math.sqrt(pairs)
        if name == "open":
            size = 1 / math.sqrt(LATENT)
        if name.endswith(".second"):
            size = 0.0
        nn.init.normal_(layer.weight, std=size, generator=rng)
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.reset_parameters()
            layer.reset_running_stats()

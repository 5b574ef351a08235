"""Networks that have learnt nothing: the seed of the weights is the artist.

Random filters see enough to paint with if three things hold (He, Wang, Hopcroft 2016, "A powerful
generative model using random weights for the deep image representation", NeurIPS; Ustyuzhaninov et
al. 2016, "Texture synthesis using shallow convolutional networks with random filters"):

1. the first layer looks at several scales at once (filters of 3, 5, 7 and 11 pixels, each
   smooth, so that large ones see large forms and not noise);
2. every layer is standardised, unit by unit, on noise with a natural spectrum, so that neither
   contrast nor variety is lost on the way down;
3. pooling averages, because maxima of random features are noise.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from generators.nets.trunk import Trunk, probe
from generators.params import Depth
from generators.spectrum import uncoloured

KERNELS = (3, 5, 7, 11)  # pixels
WIDTHS = (40, 64, 96)  # units of the layers after the first, each at half the resolution
FIRST = 10  # units to each kernel size
LAYERS: dict[Depth, int] = {"shallow": 1, "middle": 2, "deep": 3}  # how many follow the first


class MultiScale(nn.Module):
    """One convolution for each kernel size, side by side: (N, 3, H, W) to (N, 40, H, W)."""

    def __init__(self, rng: torch.Generator) -> None:
        super().__init__()
        self.convolutions = nn.ModuleList(_convolution(smooth(k, rng)) for k in KERNELS)

    def forward(self, pictures: Tensor) -> Tensor:
        planes = uncoloured(pictures)
        return torch.cat([convolution(planes) for convolution in self.convolutions], dim=1)


class Standardised(nn.Module):
    """Subtract and divide by what each unit showed on the probe, then rectify."""

    def __init__(self, units: Tensor) -> None:
        super().__init__()
        self.mean = nn.Buffer(units.mean(dim=(0, 2, 3), keepdim=True))
        self.gain = nn.Buffer(1 / units.std(dim=(0, 2, 3), keepdim=True).clamp_min(1e-4))

    def forward(self, units: Tensor) -> Tensor:
        return F.relu((units - self.mean) * self.gain)


def smooth(kernel: int, rng: torch.Generator) -> Tensor:
    """(FIRST, 3, k, k) random filters under a Gaussian window, each without a constant part."""
    weights = torch.randn((FIRST, 3, kernel, kernel), generator=rng)
    blur = kernel // 3 | 1  # odd, so that the filter keeps its size
    weights = F.avg_pool2d(weights, blur, stride=1, padding=blur // 2)
    at = torch.arange(kernel) - (kernel - 1) / 2
    window = torch.exp(-((at / (kernel / 3)) ** 2))
    weights = weights * window[:, None] * window
    return weights - weights.mean(dim=(2, 3), keepdim=True)


def random_trunk(network_seed: int, depth: Depth) -> Trunk:
    """The network of `network_seed` down to `depth`: the same everywhere, but for rounding."""
    rng = torch.Generator().manual_seed(network_seed)
    stages: list[nn.Module] = [MultiScale(rng)]
    seen = stages[0](probe())
    for width in WIDTHS[: LAYERS[depth]]:
        before = seen.shape[1]
        weights = torch.randn((width, before, 3, 3), generator=rng) * math.sqrt(2 / (9 * before))
        stage = nn.Sequential(Standardised(seen), nn.AvgPool2d(2), _convolution(weights))
        stages.append(stage)
        seen = stage(seen)
    return Trunk(nn.Sequential(*stages), {"network": f"random weights, seed {network_seed}"})


def _convolution(weights: Tensor) -> nn.Conv2d:
    width, before, kernel, _ = weights.shape
    convolution = nn.Conv2d(
        before,
        width,
        kernel,
        padding=kernel // 2,
        padding_mode="replicate",
        bias=False,
        device="meta",
    )
    convolution.weight = nn.Parameter(weights, requires_grad=False)
    return convolution

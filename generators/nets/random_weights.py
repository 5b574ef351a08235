"""Networks that have learnt nothing: the seed of the weights is the artist.

Random filters see enough to paint with if four things hold (He, Wang, Hopcroft 2016, "A powerful
generative model using random weights for the deep image representation", NeurIPS; Ustyuzhaninov et
al. 2016, "Texture synthesis using shallow convolutional networks with random filters"; Wang et al.
2021, "Rethinking and improving the robustness of image style transfer"):

1. the first layer looks at several scales at once (filters of 3, 5, 7, 11 and 15 pixels, each
   smooth, so that large ones see large forms and not noise);
2. every layer is standardised, unit by unit, on the picture it is to look at or on noise with a
   natural spectrum, so that neither contrast nor variety is lost on the way down;
3. pooling averages, because maxima of random features are noise;
4. units compete: a softmax over the units of a place, as a share of their sum, keeps single peaks
   from ruling a whole layer's statistics.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from generators.nets.convolution import EdgeConv2d
from generators.spectrum import uncoloured

KERNELS = (3, 5, 7, 11, 15)  # pixels
FIRST = 8  # units to each kernel size
WIDTHS = {"relu2": 64, "relu3": 96, "relu4": 128}  # each layer at half the resolution
LAYERS = ("relu1", *WIDTHS)
COMPETITION = 0.5  # share of a unit's answer that is its place in the softmax


class MultiScale(nn.Module):
    """One convolution for each kernel size, side by side: (N, 3, H, W) to (N, 40, H, W)."""

    def __init__(self, rng: torch.Generator) -> None:
        super().__init__()
        self.convolutions = nn.ModuleList(_convolution(smooth(k, rng)) for k in KERNELS)

    def forward(self, pictures: Tensor) -> Tensor:
        planes = uncoloured(pictures)
        return torch.cat([convolution(planes) for convolution in self.convolutions], dim=1)


class Standardised(nn.Module):
    """Subtract and divide by what each unit showed on the probe; rectify; let units compete."""

    def __init__(self, units: Tensor) -> None:
        super().__init__()
        self.mean = nn.Buffer(units.mean(dim=(0, 2, 3), keepdim=True))
        self.gain = nn.Buffer(1 / units.std(dim=(0, 2, 3), keepdim=True).clamp_min(1e-4))

    def forward(self, units: Tensor) -> Tensor:
        units = ((units - self.mean) * self.gain).to(units.dtype)
        share = torch.softmax(units, dim=1) * math.sqrt(units.shape[1])
        return (1 - COMPETITION) * F.relu(units) + COMPETITION * share


def smooth(kernel: int, rng: torch.Generator) -> Tensor:
    """(FIRST, 3, k, k) random filters under a Gaussian window, each without a constant part."""
    weights = torch.randn((FIRST, 3, kernel, kernel), generator=rng)
    blur = kernel // 3 | 1  # odd, so that the filter keeps its size
    weights = F.avg_pool2d(weights, blur, stride=1, padding=blur // 2)
    at = torch.arange(kernel) - (kernel - 1) / 2
    window = torch.exp(-((at / (kernel / 3)) ** 2))
    weights = weights * window[:, None] * window
    weights = weights - weights.mean(dim=(2, 3), keepdim=True)
    # Half of the filters may see flat colour: without any, nothing tells the sky from the sea.
    weights[: FIRST // 2] += torch.randn((FIRST // 2, 3, 1, 1), generator=rng) * (
        weights[: FIRST // 2].abs().mean() / 2
    )
    return weights


@torch.no_grad()
def random_stages(
    network_seed: int, looked_at: Tensor | None = None
) -> tuple[dict[str, nn.Module], dict[str, str]]:
    """The layers of the network of `network_seed`: the same everywhere, but for rounding.

    Units are standardised on `looked_at` (N, 3, H, W) in 0..1, or else on noise with a natural
    spectrum.
    """
    from generators.nets.features import probe

    rng = torch.Generator().manual_seed(network_seed)
    first = MultiScale(rng)
    seen = first(probe() if looked_at is None else looked_at.float().cpu())
    stages: dict[str, nn.Module] = {"relu1": nn.Sequential(first, Standardised(seen))}
    seen = stages["relu1"][1](seen)  # type: ignore[index]  # an nn.Sequential
    for name, width in WIDTHS.items():
        before = seen.shape[1]
        weights = torch.randn((width, before, 3, 3), generator=rng) * math.sqrt(2 / (9 * before))
        stage = nn.Sequential(nn.AvgPool2d(2), _convolution(weights))
        seen = stage(seen)
        stage.append(Standardised(seen))
        stages[name] = stage
        seen = stage[2](seen)
    return stages, {"network": f"random:{network_seed}"}


def _convolution(weights: Tensor) -> nn.Conv2d:
    width, before, kernel, _ = weights.shape
    convolution = EdgeConv2d(before, width, kernel, bias=False, device="meta")
    convolution.weight = nn.Parameter(weights, requires_grad=False)
    return convolution

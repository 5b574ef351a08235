"""The project's own network: a plain VGG of half a million weights, trained on paintings alone.

After Simonyan and Zisserman 2015, "Very deep convolutional networks for large-scale image
recognition", without what style transfer and dreaming suffer from: no residuals, no normalisation,
average pooling (Gatys et al. 2016; Wang et al. 2021, "Rethinking and improving the robustness of
image style transfer"). `generators.training.tiny` trains it.
"""

from typing import Literal

import torch
from torch import Tensor, nn

from generators.nets.convolution import EdgeConv2d

BLOCKS = {1: (16, 16), 2: (32, 32), 3: (64, 64, 64), 4: (128, 128, 128)}  # units of each layer
Padding = Literal["replicate", "zeros"]
CENTRE, SPREAD = 0.45, 0.25  # of the colours of paintings, roughly


class TinyVGG(nn.Module):
    """Ten 3x3 convolutions, each rectified; the resolution halves between blocks.

    (N, 3, H, W) in 0..1 to (N, 128, H // 8, W // 8). `padding` is "replicate" wherever pictures
    are made, so that edges look like what is beside them; training pads with zeros after the first
    layer, which is twice as fast and differs only at the very edge.
    """

    def __init__(self, padding: Padding = "replicate") -> None:
        super().__init__()
        self.convolutions = nn.ModuleDict()
        width = 3
        for block, units in BLOCKS.items():
            for place, wider in enumerate(units, start=1):
                edges = padding == "replicate" or not self.convolutions
                convolution = (EdgeConv2d if edges else nn.Conv2d)(width, wider, 3, padding=1)
                self.convolutions[f"conv{block}_{place}"] = convolution
                width = wider

    def stages(self) -> dict[str, nn.Module]:
        """Each rectified layer by its name, relu1_1 to relu4_3, as the step from the one before."""
        stages: dict[str, nn.Module] = {}
        for name, convolution in self.convolutions.items():
            before: nn.Module = nn.Identity()
            if not stages:
                before = Centred()
            elif name.endswith("_1"):
                before = nn.AvgPool2d(2)
            stages[name.replace("conv", "relu")] = nn.Sequential(
                before, convolution, nn.ReLU(inplace=True)
            )
        return stages

    def forward(self, pictures: Tensor) -> Tensor:
        units = pictures
        for stage in self.stages().values():
            units = stage(units)
        return units


class Centred(nn.Module):
    """Colours in 0..1 to the range that the network was trained on."""

    def forward(self, pictures: Tensor) -> Tensor:
        return (pictures - CENTRE) / SPREAD


def initialise(network: nn.Module, rng: torch.Generator) -> None:
    """He et al. 2015: each layer keeps the size of what passes through it; biases are zero."""
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu", generator=rng)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)

"""The part of a network that a generator looks through: from a picture to one layer's units."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from generators.spectrum import natural_spectrum

PROBE = 192  # pixels to a side of the noise that units are measured on


def probe() -> Tensor:
    """(1, 3, PROBE, PROBE): noise with the spectrum and colours of paintings, always the same."""
    return natural_spectrum(PROBE, PROBE, 1.0, torch.Generator().manual_seed(0))[None]


class Trunk(nn.Module):
    """Layers with frozen weights whose output units are standardised.

    A unit is standardised by its mean and deviation over `probe()`, so that units of one layer,
    and layers of different networks, can be compared and added. Takes (N, 3, H, W) in 0..1, gives
    (N, C, h, w). `facts` name the network and its weights for the work's record.
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self, layers: nn.Module, facts: Mapping[str, str]) -> None:
        super().__init__()
        self.layers = layers.eval().requires_grad_(False)
        self.layers.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # missing in the stubs
        self.facts = dict(facts)
        with torch.no_grad():
            units = self.layers(probe())
            mean = units.mean(dim=(0, 2, 3), keepdim=True)
            deviation = units.std(dim=(0, 2, 3), keepdim=True).clamp_min(1e-4)
        self.register_buffer("mean", mean)
        self.register_buffer("deviation", deviation)

    def forward(self, pictures: Tensor) -> Tensor:
        units: Tensor = self.layers(pictures.contiguous(memory_format=torch.channels_last))
        return (units - self.mean) / self.deviation

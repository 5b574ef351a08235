"""Convolutions that continue a picture beyond its edges with what is at them."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class EdgeConv2d(nn.Conv2d):
    """As Conv2d with replicate padding of half a kernel, values and weights alike, but padded in
    the short numbers that autocast is about to multiply. Autocast itself pads in float32, which on
    a CPU costs a small network a third of its time."""

    def forward(self, input: Tensor) -> Tensor:  # named so in torch
        kind = input.device.type
        if torch.is_autocast_enabled(kind):
            input = input.to(torch.get_autocast_dtype(kind))  # as above
        down, right = (size // 2 for size in self.kernel_size)
        with torch.autocast(kind, enabled=False):
            padded = F.pad(input, (right, right, down, down), mode="replicate")
        return F.conv2d(padded, self.weight, self.bias)

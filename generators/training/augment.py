"""Changes of pictures that a gradient passes through, the same for the same generator state.

After Zhao et al. 2020, "Differentiable augmentation for data-efficient GAN training": what is
painted and what is real are changed alike before the critic sees them, so that it cannot learn a
small collection by heart, and the painter is not asked to paint the changes.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

SHARE = 0.3  # of the pictures that are changed
LIGHT, CONTRAST, COLOUR = 0.3, 0.4, 0.5  # at most, either way
SHIFT = 1 / 8  # of a side at most, either way
TOGETHER = 8  # pictures that are shifted alike: slices cost less than gathering each anew


def changed(pictures: Tensor, rng: torch.Generator) -> Tensor:
    """(N, 3, H, W) in -1..1 to the same: some of them lit, coloured and shifted otherwise."""
    count, _, height, width = pictures.shape
    draw = torch.rand((4, count, 1, 1, 1), generator=rng).to(pictures.device)
    light, contrast, colour = (2 * draw[1:] - 1) * (draw[0] < SHARE)
    grey = pictures.mean(1, keepdim=True)
    pictures = torch.lerp(grey, pictures, 1 + COLOUR * colour)
    mean = pictures.mean((1, 2, 3), keepdim=True)
    pictures = torch.lerp(mean, pictures, 1 + CONTRAST * contrast) + LIGHT * light
    shift = round(width * SHIFT)
    padded = F.pad(pictures, (shift,) * 4)
    groups = torch.split(padded, TOGETHER)
    places = torch.randint(2 * shift + 1, (len(groups), 2), generator=rng)
    places[torch.rand(len(groups), generator=rng) >= SHARE] = shift
    return torch.cat(
        [
            group[:, :, down : down + height, right : right + width]
            for group, (down, right) in zip(groups, places.tolist(), strict=True)
        ]
    )

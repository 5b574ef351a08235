"""Random crops of many pictures at once, the same for the same generator state."""

import torch
from torch import Tensor
from torch.nn import functional as F

CROP = 64  # pixels
SMALLEST = 0.4  # of a side
STRETCH = 0.15  # natural logarithm of the aspect, at most
LIGHT, CONTRAST, COLOUR = 0.1, 0.2, 0.3  # at most, either way


def random_crops(pictures: Tensor, rng: torch.Generator) -> Tensor:
    """uint8 (N, 3, H, W) to float32 (N, 3, CROP, CROP) in 0..1: cut, stretched, flipped, tinted."""
    count = len(pictures)
    side = pictures.shape[-1]
    draw = torch.rand((8, count), generator=rng).to(pictures.device)
    share = SMALLEST + (1 - SMALLEST) * draw[0]
    stretch = torch.exp(STRETCH * (2 * draw[1] - 1))
    across, down = (share * stretch).clamp(max=1), (share / stretch).clamp(max=1)
    flip = torch.where(draw[2] < 0.5, -1.0, 1.0)
    nothing = torch.zeros_like(share)
    right, low = (1 - across) * (2 * draw[3] - 1), (1 - down) * (2 * draw[4] - 1)
    matrix = torch.stack([across * flip, nothing, right, nothing, down, low], 1).view(-1, 2, 3)
    grid = F.affine_grid(matrix, [count, 3, CROP, CROP], align_corners=False)
    # Twice as large and averaged: plain sampling would alias where the crop shrinks.
    if side > CROP:
        grid = F.affine_grid(matrix, [count, 3, 2 * CROP, 2 * CROP], align_corners=False)
    crops = F.grid_sample(pictures.float() / 255, grid, padding_mode="border", align_corners=False)
    if side > CROP:
        crops = F.avg_pool2d(crops, 2)
    return tinted(crops, draw[5:])


def tinted(crops: Tensor, draw: Tensor) -> Tensor:
    """Change light, contrast and colour a little; `draw` (3, N) in 0..1 says how."""
    light, contrast, colour = (2 * draw - 1)[:, :, None, None, None]
    grey = crops.mean(1, keepdim=True)
    crops = grey + (crops - grey) * (1 + COLOUR * colour)
    mean = crops.mean((1, 2, 3), keepdim=True)
    lit: Tensor = mean + (crops - mean) * (1 + CONTRAST * contrast) + LIGHT * light
    return lit.clamp(0, 1)

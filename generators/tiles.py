"""Gradients of large pictures, tile by tile, without seams and without the memory for the whole."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor

MOST_PIXELS = 1_100_000  # of a picture that is looked at whole
TILE = 768  # pixels to a side
SHORTEST = 128  # pixels: in less a network sees little but edges

Window = tuple[float, float, float, float]  # top, left, height, width, in shares of the whole
WHOLE: Window = (0.0, 0.0, 1.0, 1.0)


def tiled(
    pictures: Tensor, value: Callable[[Tensor, Window], Tensor], rng: torch.Generator
) -> tuple[float, Tensor]:
    """The value of pictures (1, 3, H, W) and its gradient to them, (1, 3, H, W).

    `value` takes a tile and its window. Up to MOST_PIXELS there is one tile. Beyond, the cuts
    between tiles are drawn anew at each call, so that no seam can settle, and each tile counts by
    its area.
    """
    height, width = pictures.shape[2:]
    if height * width <= MOST_PIXELS:
        return _valued(pictures, value, WHOLE)
    down = int(torch.randint(height, (1,), generator=rng))
    right = int(torch.randint(width, (1,), generator=rng))
    total, gradient = 0.0, torch.zeros_like(pictures)
    for top, tall in _cuts(height, down):
        for left, wide in _cuts(width, right):
            tile = pictures[:, :, top : top + tall, left : left + wide]
            window = (top / height, left / width, tall / height, wide / width)
            share = tall * wide / (height * width)
            part, slope = _valued(tile, value, window)
            total += share * part
            gradient[:, :, top : top + tall, left : left + wide] = share * slope
    return total, gradient


def _cuts(length: int, begin: int) -> list[tuple[int, int]]:
    """(start, length) of pieces of TILE that cover `length`, with cuts at `begin` and every TILE
    from there; what is left over at the ends is shorter, or joined to a neighbour if it would be
    shorter than SHORTEST.
    """
    edges = sorted({0, length, *range(begin % TILE, length, TILE)})
    kept = [edges[0]]
    for edge in edges[1:]:
        if edge - kept[-1] < SHORTEST:
            if edge == length and len(kept) > 1:
                kept[-1] = edge
            continue
        kept.append(edge)
    if kept[-1] != length:
        kept[-1] = length
    return [(start, end - start) for start, end in pairwise(kept)]


def _valued(
    tile: Tensor, value: Callable[[Tensor, Window], Tensor], window: Window
) -> tuple[float, Tensor]:
    leaf = tile.detach().requires_grad_()
    found = value(leaf, window)
    (gradient,) = torch.autograd.grad(found, leaf)
    return float(found.detach()), gradient

"""Gradients of large pictures, tile by tile, without seams and without the memory for the whole."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor

MOST_PIXELS = 1_100_000  # of a picture that is looked at whole
TILE = 768  # pixels to a side, at most
ALIGNED = 8  # pixels: networks halve their resolution three times

Window = tuple[float, float, float, float]


def tiled(
    pictures: Tensor, value: Callable[[Tensor, Window], Tensor], rng: torch.Generator
) -> tuple[float, Tensor]:
    """The value of pictures (1, 3, H, W) and its gradient to them, (1, 3, H, W).

    `value` takes a tile and its window (top, left, height, width), in shares of the whole. Up to
    MOST_PIXELS there is one tile. Beyond, tiles begin at a random place and wrap around, so that
    their edges never fall on the same place twice, and each counts by its area.
    """
    height, width = pictures.shape[2:]
    if height * width <= MOST_PIXELS:
        return _valued(pictures, value, (0.0, 0.0, 1.0, 1.0))
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
    """(start, length) of pieces of at most TILE that cover `length`, one edge of them at `begin`.

    Pieces too short for a network to see anything in are joined to a neighbour.
    """
    edges = sorted({0, length, *range(begin % TILE, length, TILE)})
    kept = [edges[0]]
    for edge in edges[1:]:
        if edge - kept[-1] < 16 * ALIGNED:
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

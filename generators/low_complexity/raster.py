"""Marks as coverage, by signed distance, in torch; the same marks always give the same numbers.

After Inigo Quilez's distance functions for arcs and cut discs. A pixel is covered by as much of a
line's width as falls within half a pixel of its centre, so that hairlines pale instead of breaking.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from generators.low_complexity.strokes import Drawing, Mark, Sheet


def coverage(marks: Sequence[Mark], height: int, width: int, share: float = 1.0) -> Tensor:
    """(marks, H, W) in 0..1: how much of each pixel each mark covers.

    `share` makes the drawing smaller: so many pixels to one that the marks are measured in.
    """
    rows = torch.arange(height, dtype=torch.float32)[:, None] + 0.5
    columns = torch.arange(width, dtype=torch.float32)[None, :] + 0.5
    return _covered(torch.tensor(marks, dtype=torch.float32), rows, columns, share)


def _covered(marks: Tensor, rows: Tensor, columns: Tensor, share: float) -> Tensor:
    x, y, radius, middle, half, width, filled = (marks[:, place, None, None] for place in range(7))
    x, y, radius, width = share * x, share * y, share * radius, share * width
    right, up = columns - x, y - rows
    cosine, sine = middle.cos(), middle.sin()
    along = right * cosine + up * sine
    across = (up * cosine - right * sine).abs_()
    distance = torch.hypot(along, across)
    end_along, end_across = radius * half.cos(), radius * half.sin()
    within = half.sin() * along - half.cos() * across >= -1e-4
    beside = torch.where(
        within,
        (distance - radius).abs_(),
        torch.hypot(along - end_along, across - end_across),
    )
    line = (0.5 + width / 2 - beside).clamp_(0, 1) - (0.5 - width / 2 - beside).clamp_(0, 1)
    area = 0.5 - torch.maximum(distance - radius, end_along - along)
    return torch.where(filled > 0, area.clamp_(0, 1), line)


def tones(drawings: Sequence[Drawing]) -> Tensor:
    """(B, H, W): the share of ink in 0..1 of each pixel. The drawings are of one size."""
    return torch.stack([_tone(drawing) for drawing in drawings])


def pictures(drawings: Sequence[Drawing]) -> Tensor:
    """(B, 3, H, W) in 0..1."""
    sheets = [drawing.sheet for drawing in drawings]
    return torch.stack(
        [in_colour(sheet, tone) for sheet, tone in zip(sheets, tones(drawings), strict=True)]
    )


def in_colour(sheet: Sheet, tone: Tensor) -> Tensor:
    """(..., H, W) shares of ink as (..., 3, H, W) colours of this sheet's ink on its paper."""
    paper, ink, tint = (tone.new_tensor(colour)[:, None, None] for colour in sheet.colours)
    share = tone[..., None, :, :]
    return paper + share * (ink - paper) + share * (1 - share) * tint


def _tone(drawing: Drawing) -> Tensor:
    sheet = drawing.sheet
    tone = torch.zeros(sheet.height, sheet.width)
    for mark in sheet.all_marks(drawing.strokes):
        lay(mark, tone)
    return tone


def lay(mark: Mark, tone: Tensor) -> None:
    """Draw a mark on (H, W), in place, touching only the pixels that it may reach."""
    top, bottom, left, right = _box(mark, *tone.shape)
    if top >= bottom or left >= right:
        return
    rows = torch.arange(top, bottom, dtype=torch.float32)[:, None] + 0.5
    columns = torch.arange(left, right, dtype=torch.float32)[None, :] + 0.5
    cover = _covered(torch.tensor([mark], dtype=torch.float32), rows, columns, 1.0)[0]
    there = tone[top:bottom, left:right]
    there += cover * (mark.tone - there)


def _box(mark: Mark, height: int, width: int) -> tuple[int, int, int, int]:
    """Rows and columns that the mark may reach: the ends of its arc and the extremes between."""
    begin, end = mark.middle - mark.half, mark.middle + mark.half
    angles = [begin, end]
    quarter = math.pi / 2
    angles += [
        turn * quarter for turn in range(math.ceil(begin / quarter), math.floor(end / quarter) + 1)
    ]
    xs = [mark.x + mark.radius * math.cos(angle) for angle in angles]
    ys = [mark.y - mark.radius * math.sin(angle) for angle in angles]
    beyond = mark.width / 2 + 1
    return (
        max(0, math.floor(min(ys) - beyond)),
        min(height, math.ceil(max(ys) + beyond)),
        max(0, math.floor(min(xs) - beyond)),
        min(width, math.ceil(max(xs) + beyond)),
    )

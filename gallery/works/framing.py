"""What of a picture is shown: a quarter turn, margins cut off, and more cut off for raters.

Margins are per cent of the upright picture's width or height, in the order of CSS: top, right,
bottom, left. Known to the child that opens pictures, so nothing here needs Django.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from PIL import Image

MOST_CUT = 45  # per cent of one side
Box = tuple[float, float, float, float]  # left, top, right, bottom, as shares of width and height

TURNS = {  # clockwise, as people turn pictures; Pillow counts the other way
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Framing:
    """`turn` is clockwise, in degrees; `margins` are cut off for everybody, and of what is left
    `hidden` for raters: a signature or a watermark would tell them."""

    turn: int = 0
    margins: tuple[int, int, int, int] = (0, 0, 0, 0)
    hidden: tuple[int, int, int, int] = (0, 0, 0, 0)

    @classmethod
    def read(cls, told: dict[str, Any] | None) -> Framing:
        """From what `told` wrote; None is a picture as it came."""
        if told is None:
            return cls()
        return cls(told["turn"], tuple(told["margins"]), tuple(told["hidden"]))

    def told(self) -> dict[str, Any] | None:
        """Ready for JSON; None where nothing is turned or cut."""
        return None if self == Framing() else asdict(self)


def box_of(margins: Sequence[int]) -> Box:
    """What margins leave."""
    top, right, bottom, left = (margin / 100 for margin in margins)
    return left, top, 1 - right, 1 - bottom


def before(box: Box, change: Image.Transpose | None) -> Box:
    """Where a part of a turned or flipped picture lay before that."""
    left, top, right, bottom = box
    return {
        None: box,
        Image.Transpose.FLIP_LEFT_RIGHT: (1 - right, top, 1 - left, bottom),
        Image.Transpose.FLIP_TOP_BOTTOM: (left, 1 - bottom, right, 1 - top),
        Image.Transpose.ROTATE_180: (1 - right, 1 - bottom, 1 - left, 1 - top),
        Image.Transpose.TRANSPOSE: (top, left, bottom, right),
        Image.Transpose.TRANSVERSE: (1 - bottom, 1 - right, 1 - top, 1 - left),
        Image.Transpose.ROTATE_90: (1 - bottom, left, 1 - top, right),
        Image.Transpose.ROTATE_270: (top, 1 - right, bottom, 1 - left),
    }[change]


def cut(picture: Image.Image, box: Box) -> Image.Image:
    """That part of a picture, at least a pixel each way."""
    if box == (0, 0, 1, 1):
        return picture
    width, height = picture.size
    left, top = round(box[0] * width), round(box[1] * height)
    right, bottom = max(round(box[2] * width), left + 1), max(round(box[3] * height), top + 1)
    return picture.crop((left, top, right, bottom))

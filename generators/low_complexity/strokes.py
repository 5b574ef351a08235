"""What a program draws, as geometry: arcs with a pen and a tone, and the sheet they lie on.

Pure Python, so that the web process can use it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from generators.low_complexity.lattice import Circle

Symmetry = Literal["none", "mirror", "three", "six"]
SYMMETRIES: tuple[Symmetry, ...] = ("none", "mirror", "three", "six")
Paper = Literal["ivory", "oat", "stone", "white"]
Ink = Literal["black", "sepia", "indigo", "sanguine"]
Colour = tuple[float, float, float]  # sRGB in 0..1
PAPERS: dict[Paper, Colour] = {
    "ivory": (0.965, 0.945, 0.900),
    "oat": (0.925, 0.885, 0.815),
    "stone": (0.875, 0.865, 0.840),
    "white": (0.985, 0.980, 0.970),
}
INKS: dict[Ink, Colour] = {
    "black": (0.110, 0.105, 0.115),
    "sepia": (0.230, 0.150, 0.100),
    "indigo": (0.110, 0.150, 0.265),
    "sanguine": (0.520, 0.185, 0.130),
}
# Thinned ink is warmer than the mean of ink and paper: added in full where tone * (1 - tone) is 1.
TINTS: dict[Ink, Colour] = {
    "black": (0.20, 0.08, -0.14),
    "sepia": (0.22, 0.06, -0.20),
    "indigo": (-0.10, 0.06, 0.10),
    "sanguine": (0.20, -0.02, -0.10),
}
TONES = (0.0, 0.26, 0.6, 1.0)  # shares of ink: bare paper, which takes away, two greys, full ink
PENS = (0.0045, 0.011, 0.028)  # widths of lines in radii of the frame
FILLED = len(PENS)  # the pen that fills what lies between an arc and its chord
INSIDE = 0.95  # of the half short side: the frame's radius when all of it is on the sheet


class Stroke(NamedTuple):
    """An arc of a legal circle, anticlockwise from the angle `start` over `sweep`, in radians;
    a sweep of 2 pi is the whole circle. `pen` is an index of PENS or FILLED, `tone` one of TONES.
    """

    circle: Circle
    start: float
    sweep: float
    pen: int
    tone: int


class Mark(NamedTuple):
    """A stroke where it lies on a sheet: pixels, y downwards; angles still anticlockwise as seen.

    `middle` is the direction of the arc's middle and `half` half its sweep, in radians; `width` is
    the line's, 0 for a fill; `tone` the share of ink in 0..1.
    """

    x: float
    y: float
    radius: float
    middle: float
    half: float
    width: float
    filled: bool
    tone: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is the same for all strokes of a drawing. `whole` puts the whole frame on the sheet;
    without it the frame is drawn around the sheet, which the lattice then covers."""

    width: int
    height: int
    symmetry: Symmetry = "none"
    paper: Paper = "ivory"
    ink: Ink = "black"
    whole: bool = True

    @property
    def scale(self) -> float:
        """Pixels to the frame's radius."""
        if self.whole:
            return INSIDE * min(self.width, self.height) / 2
        return math.hypot(self.width, self.height) / 2

    @property
    def colours(self) -> tuple[Colour, Colour, Colour]:
        """Of the paper, of the ink, and how thinned ink is tinted."""
        return PAPERS[self.paper], INKS[self.ink], TINTS[self.ink]

    def colour(self, tone: float) -> Colour:
        """The ink, thinned to this share."""
        red, green, blue = (
            paper + tone * (ink - paper) + tone * (1 - tone) * tint
            for paper, ink, tint in zip(*self.colours, strict=True)
        )
        return red, green, blue

    def marks(self, stroke: Stroke) -> list[Mark]:
        """The stroke and its images under the symmetry."""
        x, y = stroke.circle.centre
        middle = stroke.start + stroke.sweep / 2
        images = [(x, y, middle)]
        if self.symmetry == "mirror":
            if stroke.sweep < math.tau or abs(x) > 1e-9:
                images.append((-x, y, math.pi - middle))
        elif self.symmetry != "none":
            count = {"three": 3, "six": 6}[self.symmetry]
            if stroke.sweep == math.tau and x == y == 0:
                count = 1
            turns = [math.tau * turn / count for turn in range(count)]
            images = [
                (
                    x * math.cos(turn) - y * math.sin(turn),
                    x * math.sin(turn) + y * math.cos(turn),
                    middle + turn,
                )
                for turn in turns
            ]
        return [self._mark(stroke, *image) for image in images]

    def all_marks(self, strokes: Sequence[Stroke]) -> list[Mark]:
        """In the order in which they are laid on each other."""
        return [mark for stroke in strokes for mark in self.marks(stroke)]

    def _mark(self, stroke: Stroke, x: float, y: float, middle: float) -> Mark:
        filled = stroke.pen == FILLED
        return Mark(
            x=self.width / 2 + self.scale * x,
            y=self.height / 2 - self.scale * y,
            radius=self.scale * stroke.circle.radius,
            middle=middle % math.tau,
            half=stroke.sweep / 2,
            width=0.0 if filled else self.scale * PENS[stroke.pen],
            filled=filled,
            tone=TONES[stroke.tone],
        )


@dataclass(frozen=True, slots=True)
class Drawing:
    """A sheet and the strokes on it, the first undermost."""

    sheet: Sheet
    strokes: tuple[Stroke, ...]

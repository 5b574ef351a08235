"""Works drawn here: strokes as they were made, and the picture that they make.

The browser sends strokes and no picture, so what hangs is exactly what is on record. It is drawn
here at twice its size and then reduced: lines with round ends, each stroke laid down whole with its
own opacity, as the canvas in the browser does.
"""

from __future__ import annotations

from io import BytesIO
from math import dist
from typing import Annotated, Literal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageColor, ImageDraw
from pydantic import BaseModel, ConfigDict, Field, ValidationError

SIDE = 1024  # px, of the square that is drawn on
PAPER = "#f7f5f0"
FINER = 2  # times as large while it is drawn
MOST_STROKES = 2000
MOST_POINTS = 5000  # of one stroke
MOST_POINTS_IN_ALL = 200_000  # twenty minutes without lifting a fast pen
MOST_INK = 600e6  # px²; the slowest drawing then takes some ten seconds to make

Coordinate = Annotated[float, Field(ge=-200, le=SIDE + 200, allow_inf_nan=False)]
Point = tuple[Coordinate, Coordinate]


class Stroke(BaseModel):
    """One movement of the hand. `points` are px from the top left corner; `at` is when it began,
    seconds after the first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    brush: Literal["pen", "wash", "rubber"]
    colour: str = Field(pattern=r"^#[0-9a-f]{6}$")
    width: float = Field(ge=1, le=160, allow_inf_nan=False)
    at: float = Field(ge=0, le=24 * 3600, allow_inf_nan=False)
    points: list[Point] = Field(min_length=1, max_length=MOST_POINTS)


class Strokes(BaseModel):
    """Everything that was drawn, in order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    strokes: list[Stroke] = Field(min_length=1, max_length=MOST_STROKES)


OPACITY = {"pen": 1.0, "wash": 0.35, "rubber": 1.0}


class TooMuchInk(ValueError):
    """A drawing that would keep everybody waiting while it is made."""


def strokes_of(text: str) -> Strokes:
    """What a browser sends. Raises ValueError for anything else, TooMuchInk among it."""
    try:
        drawing = Strokes.model_validate_json(text)
    except ValidationError as error:
        raise ValueError(error.errors(include_input=False)[0]["msg"]) from None
    if sum(len(stroke.points) for stroke in drawing.strokes) > MOST_POINTS_IN_ALL:
        raise TooMuchInk("too many points")
    if sum(ink_of(stroke) for stroke in drawing.strokes) > MOST_INK:
        raise TooMuchInk("too much paper is gone over again")
    return drawing


def ink_of(stroke: Stroke) -> float:
    """What it costs to lay a stroke down, px²: the box around it, its line, and its round ends,
    which cost a fifth of that (measured)."""
    across, down = zip(*stroke.points, strict=True)
    sides = (max(across) - min(across) + stroke.width) * (max(down) - min(down) + stroke.width)
    line = sum(map(dist, stroke.points, stroke.points[1:]))
    ends = stroke.width * len(stroke.points) / 5
    return float(sides + stroke.width * (line + ends))


def drawn(drawing: Strokes) -> bytes:
    """The picture as PNG, SIDE px square. The same strokes give the same bytes."""
    large = Image.new("RGB", (SIDE * FINER, SIDE * FINER), PAPER)
    for stroke in drawing.strokes:
        _lay_down(large, stroke)
    file = BytesIO()
    large.resize((SIDE, SIDE), Image.Resampling.BOX).save(file, "PNG")
    return file.getvalue()


def _lay_down(paper: Image.Image, stroke: Stroke) -> None:
    half = stroke.width * FINER / 2
    points = [(x * FINER, y * FINER) for x, y in stroke.points]
    left = max(int(min(x for x, _y in points) - half) - 1, 0)
    top = max(int(min(y for _x, y in points) - half) - 1, 0)
    right = min(int(max(x for x, _y in points) + half) + 2, paper.width)
    bottom = min(int(max(y for _x, y in points) + half) + 2, paper.height)
    if left >= right or top >= bottom:
        return
    mask = Image.new("L", (right - left, bottom - top))
    draw = ImageDraw.Draw(mask)
    shifted = [(x - left, y - top) for x, y in points]
    ink = round(255 * OPACITY[stroke.brush])
    if len(shifted) > 1:
        draw.line(shifted, fill=ink, width=max(round(2 * half), 1))
    for x, y in shifted:
        draw.ellipse((x - half, y - half, x + half, y + half), fill=ink)
    colour = PAPER if stroke.brush == "rubber" else stroke.colour
    paper.paste(ImageColor.getrgb(colour), (left, top), mask)


class Drawing(models.Model):
    """How a work came about that was drawn here."""

    artwork = models.OneToOneField("works.Artwork", models.CASCADE, related_name="drawing")
    brief = models.CharField(_("brief"), max_length=500, blank=True)  # what was asked for
    strokes = models.JSONField()
    seconds = models.PositiveIntegerField()  # from the first stroke to the last

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(strokes=[]), name="drawing_has_strokes"),
        ]

    def __str__(self) -> str:
        return f"drawing of {self.artwork_id}"

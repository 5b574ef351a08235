"""The blind rendition: one recipe for every work, so that no encoding history tells its origin.

Works differ in size, format and compression in ways that go with who made them; a statistic of
blockiness alone tells photographs from a network's pictures. Each picture therefore goes through
the same steps at the same scale:

1. Lanczos to between FEWEST and WORKING px on the long side, drawn for each picture, and from there
   to WORKING px. That is less than nearly every work has, so that all are left with the same finest
   detail: sharpness would tell a picture of 768 px from one of 512 as surely as its size does. To
   WORKING px at once, the residual noise still told pictures that had been scaled before from
   those that had not, with an AUC of 0.78; this way it is 0.58. Smaller ones are enlarged: left
   small they would stand out, and step 3 would leave them a grid of another pitch.
2. Up to 7 px cropped from each side, so that an 8 px grid left by an earlier JPEG falls anywhere.
3. A JPEG pass with a quality that people's uploads have.
4. Lanczos to SIDE px, by 1.6, which is no whole number and smears both grids.
5. The middle of a square grey canvas: every file has the same size in pixels.

What a linear classifier of 41 forensic statistics makes of it is measured by `bench.blinding`, and
what two stronger ones of other statistics make of a whole gallery by `make blindness`.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from io import BytesIO

from PIL import Image

from gallery.works.jpeg import quality_at

FEWEST, WORKING = 300, 400
SIDE = 640
GREY = (85, 85, 85)  # oklch(45% 0 0): 0.45 ** 3 = 0.0911 linear light = 85 in sRGB
MOST_CROPPED = 7


def blind(master: Image.Image, qualities: Sequence[int]) -> Image.Image:
    """SIDE x SIDE px, from an upright RGB picture; `qualities` are those of people's uploads.

    What is drawn is drawn from the pixels' hash: the same picture gives the same rendition.
    """
    draw = random.Random(hashlib.sha256(master.tobytes()).digest())  # noqa: S311  repeatable
    picture = fitted(master, draw.randint(FEWEST, WORKING), enlarge=True)
    picture = fitted(picture, WORKING, enlarge=True)
    picture = _cropped(picture, draw)
    picture = _through_jpeg(picture, quality_at(draw.random(), qualities))
    picture = fitted(picture, SIDE, enlarge=True)
    canvas = Image.new("RGB", (SIDE, SIDE), GREY)
    canvas.paste(picture, ((SIDE - picture.width) // 2, (SIDE - picture.height) // 2))
    return canvas


def fitted(picture: Image.Image, side: int, *, enlarge: bool = False) -> Image.Image:
    """In true proportion, with the long side `side` px, or left alone where it is shorter."""
    longest = max(picture.size)
    if longest == side or (longest < side and not enlarge):
        return picture
    width, height = (max(round(length * side / longest), 1) for length in picture.size)
    # The gap lets a cheap box filter do the first whole part of a large reduction.
    return picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _cropped(picture: Image.Image, draw: random.Random) -> Image.Image:
    """Less than `MOST_CROPPED` px where a picture is so narrow that it would be missed."""

    def offset(length: int) -> int:
        return min(draw.randint(0, MOST_CROPPED), length // 16)

    left, right = offset(picture.width), offset(picture.width)
    top, bottom = offset(picture.height), offset(picture.height)
    return picture.crop((left, top, picture.width - right, picture.height - bottom))


def _through_jpeg(picture: Image.Image, quality: int) -> Image.Image:
    file = BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return Image.open(file, formats=["JPEG"]).convert("RGB")

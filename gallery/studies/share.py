"""A picture of how a rater's guesses went, to be shown to friends: it gives no work away."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 630  # px, as previews of links expect
PAPER, INK, MUTED = (250, 249, 246), (38, 36, 33), (150, 146, 138)
PER_ROW = 12


def share_picture(guesses: Sequence[bool]) -> bytes:
    """A PNG: a disc for each guess that was right, a ring for each that was not, and the count.

    Figures and the gallery's name only, so that it is the same in every language.
    """
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(picture)
    draw.text((80, 70), "Unsigned", INK, ImageFont.load_default(56))
    told = f"{sum(guesses)} / {len(guesses)}"
    draw.text((80, 190), told, INK, ImageFont.load_default(150))
    for number, right in enumerate(guesses):
        row, column = divmod(number, PER_ROW)
        x, y = 80 + 88 * column, 420 + 88 * row
        draw.ellipse((x, y, x + 60, y + 60), INK if right else None, INK if right else MUTED, 4)
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()

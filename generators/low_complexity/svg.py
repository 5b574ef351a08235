"""A drawing as SVG, with nothing but paths. Pure Python, so that the web process can use it."""

from __future__ import annotations

import math

from generators.low_complexity.strokes import Drawing, Mark, Sheet


def to_svg(drawing: Drawing) -> str:
    """The drawing as a file of its own, of its size in pixels."""
    sheet = drawing.sheet
    width, height = sheet.width, sheet.height
    paths = [_path(sheet, mark) for mark in sheet.all_marks(drawing.strokes)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" fill="none" '
            'stroke-linecap="round">',
            f'<path d="M0 0H{width}V{height}H0Z" fill="{_colour(sheet, 0.0)}"/>',
            *paths,
            "</svg>\n",
        ]
    )


def _path(sheet: Sheet, mark: Mark) -> str:
    colour = _colour(sheet, mark.tone)
    if mark.filled:
        return f'<path d="{_outline(mark)}Z" fill="{colour}"/>'
    outline = _outline(mark)
    return f'<path d="{outline}" stroke="{colour}" stroke-width="{mark.width:.2f}"/>'


def _outline(mark: Mark) -> str:
    """The arc from its end to its start: clockwise, which is SVG's positive sweep."""
    r = f"{mark.radius:.2f}"
    if mark.half >= math.pi - 1e-9:  # a path has no whole circle: two halves
        first, second = f"{mark.x - mark.radius:.2f}", f"{mark.x + mark.radius:.2f}"
        y = f"{mark.y:.2f}"
        return f"M{first} {y}A{r} {r} 0 1 1 {second} {y}A{r} {r} 0 1 1 {first} {y}Z"
    ends = []
    for angle in (mark.middle + mark.half, mark.middle - mark.half):
        x, y_ = mark.x + mark.radius * math.cos(angle), mark.y - mark.radius * math.sin(angle)
        ends.append(f"{x:.2f} {y_:.2f}")
    large = int(mark.half > math.pi / 2)
    return f"M{ends[0]}A{r} {r} 0 {large} 1 {ends[1]}"


def _colour(sheet: Sheet, tone: float) -> str:
    return "#" + "".join(f"{round(255 * level):02x}" for level in sheet.colour(tone))

"""A figure by itself: an SVG that needs no stylesheet of ours, and a PNG made from it.

On the page a figure is coloured by the page's own stylesheet and follows its light and dark. A file
that leaves the page carries its colours with it, on white, with its title and where it comes from.
"""

from __future__ import annotations

from django.template.loader import render_to_string
from resvg_py import svg_to_bytes

from gallery.findings.charts import BAR_PITCH, Bars, Intervals
from gallery.findings.dots import Dots
from gallery.findings.scatter import HEIGHT, Scatter
from gallery.findings.sections import Figure, Section
from gallery.works.texts import fit_for_xml

WIDTH, MARGIN, HEAD, FOOT = 720, 24, 64, 40  # pixels
PNG_SCALE = 2


def figure_named(sections: tuple[Section, ...], name: str) -> Figure | None:
    """The figure of this name, wherever it is on the page."""
    figures = (figure for section in sections for figure in section.figures)
    return next((figure for figure in figures if figure.name == name), None)


def as_svg(figure: Figure, source: str) -> str:
    """A whole file. `source` says in a line where the numbers come from."""
    height = _height(figure)
    context = {
        "figure": figure,
        "source": source,
        "width": WIDTH,
        "inner": WIDTH - 2 * MARGIN,
        "margin": MARGIN,
        "head": HEAD,
        "body": height,
        "height": HEAD + height + FOOT,
        "source_y": HEAD + height + FOOT - 14,
    }
    return fit_for_xml(render_to_string("findings/standalone.svg", context))


def as_png(figure: Figure, source: str) -> bytes:
    """The same as pixels, twice as many each way."""
    return bytes(svg_to_bytes(svg_string=as_svg(figure, source), zoom=PNG_SCALE))


def _height(figure: Figure) -> int:
    if isinstance(figure, Bars):
        return BAR_PITCH * len(figure.bars) + 14
    if isinstance(figure, Intervals):
        return figure.foot + 8
    if isinstance(figure, Dots):
        return figure.tick_labels + 8
    if isinstance(figure, Scatter):
        return round(HEIGHT * (WIDTH - 2 * MARGIN) / 640)
    return HEIGHT

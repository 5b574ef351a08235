"""What the sections of the findings page have in common."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from gallery.findings.charts import Bars, Intervals, Table
from gallery.findings.dots import Dots
from gallery.findings.scatter import Scatter
from gallery.studies.models import Item

Figure = Bars | Intervals | Dots | Scatter


@dataclass(frozen=True)
class Section:
    """A heading with its sentences, figures and caveat."""

    name: str  # its address on the page
    heading: str
    sentences: tuple[str, ...]
    figures: tuple[Figure, ...]
    caveat: str
    table: Table | None = None
    more: tuple[Table, ...] = ()
    asks: str = ""  # the question in the visitors' words


def name_of(item: str) -> str:
    """The name of a scale, to begin a line with."""
    return {
        Item.COHERENCE: _("Coherence"),
        Item.SURPRISE: _("Surprise"),
        Item.QUALITY: _("Quality"),
        Item.LIKING: _("Liking"),
    }.get(Item(item), item)


def sides() -> list[tuple[str, str]]:
    """Marks and labels, in the order of sides."""
    return [("human", _("Works by people")), ("machine", _("Works by machines"))]

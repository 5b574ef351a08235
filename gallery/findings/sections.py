"""What the sections of the findings page have in common."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from gallery.findings.charts import Bars, Intervals, Table
from gallery.studies.models import Item


@dataclass(frozen=True)
class Section:
    """A heading with its sentences, figures and caveat."""

    name: str  # its address on the page
    heading: str
    sentences: tuple[str, ...]
    figures: tuple[Bars | Intervals, ...]
    caveat: str
    table: Table | None = None
    asks: str = ""  # the question in the visitors' words


def name_of(item: str) -> str:
    """The name of a scale."""
    return _("Coherence") if item == Item.COHERENCE else _("Surprise")

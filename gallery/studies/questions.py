"""What raters are asked, word for word.

Seven points, unipolar, no default: fewer than six lose information, and a slider makes answers
pile up in two heaps. The words are the instrument: changing one starts a new study.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gallery.studies.models import Item

Text = str | Promise


@dataclass(frozen=True)
class Point:
    """One answer: its number, its name, and what the name means."""

    value: int
    name: Text = ""
    meaning: Text = ""


@dataclass(frozen=True)
class Question:
    """One scale; points 2, 3, 5 and 6 have no words of their own."""

    item: Item
    asks: Text
    explains: Text
    least: Point
    middle: Point
    most: Point

    @property
    def points(self) -> list[Point]:
        named = {point.value: point for point in (self.least, self.middle, self.most)}
        return [named.get(value, Point(value)) for value in range(1, 8)]


COHERENCE = Question(
    Item.COHERENCE,
    _("How well does this work hold together?"),
    _(
        "Do its parts belong with one another and make one whole? "
        "Strange or abstract work can hold together perfectly well."
    ),
    Point(1, _("Not at all"), _("the parts have nothing to do with each other")),
    Point(4, _("Partly")),
    Point(7, _("Completely"), _("everything belongs")),
)
SURPRISE = Question(
    Item.SURPRISE,
    _("How surprising is this work?"),
    _(
        "How far is it from what you would have expected of a work of this kind? "
        "A work can surprise you whether or not you like it."
    ),
    Point(1, _("Not at all"), _("just what I would expect")),
    Point(4, _("Somewhat")),
    Point(7, _("Extremely"), _("I would never have expected it")),
)

WHO = _("Who made this?")
# The row as printed; where a word leans on its half of the row, the meaning says it in full.
GUESSES = [
    Point(1, _("certainly a machine")),
    Point(2, pgettext_lazy("machine's half", "probably"), _("probably a machine")),
    Point(3, _("guessing machine")),
    Point(4, _("guessing a person")),
    Point(5, pgettext_lazy("person's half", "probably"), _("probably a person")),
    Point(6, _("certainly a person")),
]


def in_order(first_item: str) -> list[Question]:
    """Both questions, the one that this rater is asked first leading."""
    both = [COHERENCE, SURPRISE]
    return both if first_item == Item.COHERENCE else both[::-1]

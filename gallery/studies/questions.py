"""What raters are asked, word for word, as this version of the gallery words it.

Seven points, unipolar, no default: fewer than six lose information, and a slider makes answers
pile up in two heaps. The words are the instrument: a study keeps those that it was frozen with, in
every language, and `asked_of` gives them back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gallery.studies.models import Item, PairItem, Study
from gallery.studies.protocol import Protocol

Text = str | Promise


@dataclass(frozen=True)
class Point:
    """One answer: its number, its name, and what the name means."""

    value: int
    name: Text = ""
    meaning: Text = ""


@dataclass(frozen=True)
class Wording:
    """How a scale is asked; only its ends and its middle have words of their own."""

    asks: Text
    explains: Text
    least: tuple[Text, Text]  # name, meaning
    middle: Text
    most: tuple[Text, Text]

    def points(self, count: int) -> list[tuple[int, Text, Text]]:
        named = {
            1: (1, *self.least),
            (count + 1) // 2: ((count + 1) // 2, self.middle, ""),
            count: (count, *self.most),
        }
        return [named.get(value, (value, "", "")) for value in range(1, count + 1)]


@dataclass(frozen=True)
class Question:
    """One question as a page asks it, in one language."""

    item: str
    asks: str
    explains: str = ""
    points: list[Point] = field(default_factory=list)


SCALES: dict[str, Wording] = {
    Item.COHERENCE: Wording(
        _("How well does this work hold together?"),
        _(
            "Do its parts belong with one another and make one whole? "
            "Strange or abstract work can hold together perfectly well."
        ),
        (_("Not at all"), _("the parts have nothing to do with each other")),
        _("Partly"),
        (_("Completely"), _("everything belongs")),
    ),
    Item.SURPRISE: Wording(
        _("How surprising is this work?"),
        _(
            "How far is it from what you would have expected of a work of this kind? "
            "A work can surprise you whether or not you like it."
        ),
        (_("Not at all"), _("just what I would expect")),
        _("Somewhat"),
        (_("Extremely"), _("I would never have expected it")),
    ),
    Item.QUALITY: Wording(
        _("How good is this work, as a work of its kind?"),
        _("Judge how well it is done, whether or not it is to your taste."),
        (_("Not at all"), _("badly done")),
        _("Fairly"),
        (_("Extremely"), _("as good as such a work can be")),
    ),
    Item.LIKING: Wording(
        _("How much do you like it?"),
        _("Your own taste, and nothing else."),
        (_("Not at all"), ""),
        _("Somewhat"),
        (_("Very much"), ""),
    ),
}
INSTRUCTED = _("So that we know each line is read: choose %(point)s here.")
SIDES: dict[str, tuple[Text, Text]] = {
    PairItem.COHERENCE: (_("Which one holds together better?"), SCALES[Item.COHERENCE].explains),
    PairItem.SURPRISE: (_("Which one is more surprising?"), SCALES[Item.SURPRISE].explains),
    PairItem.PERSON: (
        _("Which one was made by a person?"),
        _("One of the two was, or neither, or both: say what you believe."),
    ),
}

WHO = _("Who made this?")
# The row as printed; where a word leans on its half of the row, the meaning says it in full.
GUESSES: list[tuple[int, Text, Text]] = [
    (1, _("certainly a machine"), ""),
    (2, pgettext_lazy("machine's half", "probably"), _("probably a machine")),
    (3, _("guessing machine"), ""),
    (4, _("guessing a person"), ""),
    (5, pgettext_lazy("person's half", "probably"), _("probably a person")),
    (6, _("certainly a person"), ""),
]


def words_of(rules: Protocol) -> dict[str, Any]:
    """Every word that raters of such a study are asked, by language; ready for JSON."""
    words = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words[language] = [_said(*question) for question in _questions(rules)]
    return words


def _questions(rules: Protocol) -> list[tuple[str, Text, Text, list[tuple[int, Text, Text]]]]:
    asked: list[tuple[str, Text, Text, list[tuple[int, Text, Text]]]] = []
    if rules.mode == "pairs":
        asked += [(item, *SIDES[item], []) for item in rules.pairs]
    else:
        for scale in rules.scales:
            wording = SCALES[scale.item]
            points = wording.points(scale.points)
            asked.append((scale.item, wording.asks, wording.explains, points))
        if rules.guess.timing != "none":
            asked.append(("guess", WHO, "", GUESSES))
        if rules.session.instructed:
            row: list[tuple[int, Text, Text]] = [(value, "", "") for value in range(1, 8)]
            asked.append((Item.INSTRUCTED, INSTRUCTED, "", row))
    return asked


def _said(
    item: str, asks: Text, explains: Text, points: list[tuple[int, Text, Text]]
) -> dict[str, Any]:
    return {
        "item": item,
        "asks": str(asks),
        "explains": str(explains),
        "points": [[value, str(name), str(meaning)] for value, name, meaning in points],
    }


def asked_of(study: Study, language: str) -> dict[str, Question]:
    """By item, what a study asks in this language: word for word as it was frozen, English where
    it was frozen without that language; a draft asks in the words of today."""
    words = study.document["words"] if study.document else words_of(study.rules)
    said = words.get(language) or words.get(settings.LANGUAGE_CODE) or []
    return {
        one["item"]: Question(
            one["item"],
            one["asks"],
            one["explains"],
            [Point(value, name, meaning) for value, name, meaning in one["points"]],
        )
        for one in said
    }


def in_order(items: tuple[str, ...], first: str) -> list[str]:
    """The items, from the one that this rater is asked first around to the one before it."""
    start = items.index(first) if first in items else 0
    return [*items[start:], *items[:start]]

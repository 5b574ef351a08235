"""What museums' records are read into. Nothing in a record is trusted to have any shape."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any, cast

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from gallery.works.catalogue import UNKNOWN
from gallery.works.fields import LabelField
from gallery.works.forms import LabelForm
from gallery.works.texts import one_line

ON_A_PAGE = 12
LONGEST = 5_000  # characters of a value that are looked at


@dataclass(frozen=True, slots=True)
class Found:
    """A work as a museum describes it. `read` of its museum finds it again by `id`.

    `source` is the address of its page, to be linked to; `thumbnail` and `picture` are only
    fetched. `refusal` is a sentence that says why it may not be brought in; empty if it may.
    """

    museum: str
    id: str
    maker: str
    title: str
    year: str
    licence: str
    credit: str
    source: str
    thumbnail: str
    picture: str
    refusal: str = ""

    @property
    def label(self) -> dict[str, str]:
        """The values of a `LabelForm`."""
        lines = ("title", "year", "licence", "credit", "source")
        return {line: getattr(self, line) for line in lines} | {"maker": self.maker or UNKNOWN}


# How many works a search finds, and those of one page, each of which may take a second to come.
Results = tuple[int, Iterator[Found]]


def line(name: str, value: object) -> str:
    """A value as the label's line of this name may say it; empty if it is no text."""
    if not isinstance(value, str):
        return ""
    text = one_line(unescape(strip_tags(value[:LONGEST])))
    most = cast(LabelField, LabelForm.base_fields[name]).max_length or 0
    return text if len(text) <= most else f"{text[: most - 1]}…"


def refusal_of(is_public: object, picture: object) -> str:
    """Why a museum's own work may not be brought in: only what it says is in the public domain,
    and shows, may be. Empty if it may."""
    if is_public is not True:
        return _("The museum does not count it to the public domain.")
    if not isinstance(picture, str) or not picture:
        return _("The museum shows no picture of it.")
    return ""


def record(value: object) -> dict[str, Any]:
    """A JSON object; empty if it is none."""
    return value if isinstance(value, dict) else {}


def records(value: object) -> list[dict[str, Any]]:
    """The JSON objects of a list, or the only one where the list was left out."""
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def number(value: object) -> int:
    """A whole number from 0 on; 0 if it is none."""
    return value if type(value) is int and value > 0 else 0

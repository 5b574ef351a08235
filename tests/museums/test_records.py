"""Nothing in a museum's answer breaks the reading of it."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from gallery.museums import artic, iiif, met
from gallery.museums.found import line
from gallery.museums.refusals import NotFetched
from gallery.works.forms import LabelForm

DEEP: Any = "end"


HOSTILE: list[Any] = [
    None,
    True,
    -1,
    10**40,
    1.5e300,
    "",
    "a\0b\r\nc\u202e\ud800<script>alert(1)</script>&lt;img src=x&gt;",
    "é" * 20_000,
    "<" * 5_000,
    [],
    [None, 5, [], {}],
    {},
    {"@value": {"@value": 5}, "en": {"en": 5}, "id": 7, "type": []},
    DEEP,
]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to each part of a JSON document, the whole first."""
    yield path
    for key, part in (
        value.items()
        if isinstance(value, dict)
        else enumerate(value if isinstance(value, list) else [])
    ):
        yield from places(part, (*path, key))


def replaced(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    changed = part = copy.deepcopy(document)
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    return changed


@pytest.mark.parametrize(
    ("name", "path", "read"),
    [
        ("artic_search.json", "/artic/artworks/search", lambda _url: artic.search("a", 1)),
        ("met_search.json", "/met/v1.1/search", lambda _url: met.search("a", 1)),
        ("met_object.json", "/met/v1/objects/45734", lambda _url: (1, [met.read("45734")])),
        ("manifest3.json", "/m", lambda url: iiif.search(f"{url}/m", 1)),
        ("manifest2.json", "/m", lambda url: iiif.search(f"{url}/m", 1)),
    ],
)
def test_no_part_of_a_record_may_be_anything_that_breaks_the_reading(museum, name, path, read):
    """Each part, one after the other, replaced by things that nobody documented."""
    document = museum.document(name)
    labels = 0
    for place in places(document):
        for value in HOSTILE:
            said = json.dumps(replaced(document, place, value)).encode()
            museum.say(path, said)
            try:
                works = list(read(museum.url)[1])
            except NotFetched:
                continue
            for work in works:
                labels += 1
                form = LabelForm(work.label)
                assert form.is_valid(), (place, value, form.errors)
                assert "\0" not in "".join(work.label.values())
                assert work.refusal or work.licence
                assert isinstance(work.picture + work.thumbnail, str)
    assert labels or name == "met_search.json"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a\0b\nc\u202ed", "ab cd"),
        ("<i>Sea</i> &amp; sky", "Sea & sky"),
        ("a < b", "a < b"),
        ("t" * 300, "t" * 300),
        ("t" * 301, "t" * 299 + "…"),
        (5, ""),
        (None, ""),
    ],
)
def test_a_line_of_a_label_is_plain_and_fits(value, text):
    assert line("title", value) == text

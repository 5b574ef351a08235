"""The Art Institute of Chicago, as https://api.artic.edu/docs/ documents it.

Public domain works alone are asked for; their pictures and data come under CC0. Pictures lie under
`config.iiif_url` of each answer, at the widths that the documentation names; wider than the
original is no use. The museum asks for the name of the program and somebody to write to.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext as _

from gallery.museums.fetching import fetch_json, user_agent
from gallery.museums.found import (
    ON_A_PAGE,
    Found,
    Results,
    line,
    number,
    record,
    records,
    refusal_of,
)
from gallery.museums.refusals import NotFetched

KEY = "artic"
FIELDS = "id,title,artist_title,artist_display,date_display,credit_line,image_id,thumbnail"
FIELDS += ",is_public_domain"
WIDTHS = (400, 600, 843, 1686)  # px
USUAL_WIDTH = 843
THUMBNAIL_WIDTH = 400
IIIF = "https://www.artic.edu/iiif/2"
PAGES = "https://www.artic.edu/artworks"
MUSEUM = "The Art Institute of Chicago"


def search(query: str, page: int) -> Results:
    """Works in the public domain that the museum finds for some words. Raises NotFetched."""
    wanted = {"q": query, "query[term][is_public_domain]": "true", "fields": FIELDS}
    answer = _asked(f"search?{urlencode(wanted | {'page': page, 'limit': ON_A_PAGE})}")
    total = number(record(answer.get("pagination")).get("total"))
    return total, _each(answer)


def read(id: str) -> Found:
    """One work by its number. Raises NotFetched."""
    if id.isascii() and id.isdigit() and len(id) < 12:
        for found in _each(_asked(f"{id}?{urlencode({'fields': FIELDS})}")):
            if found.id == id:
                return found
    raise NotFetched(_("The museum knows no such work."))


def _asked(path: str) -> dict[str, Any]:
    address = f"{settings.MUSEUMS_ARTIC_API}/artworks/{path}"
    return record(fetch_json(address, {"AIC-User-Agent": user_agent()}))


def _each(answer: dict[str, Any]) -> Iterator[Found]:
    iiif = record(answer.get("config")).get("iiif_url")
    for work in records(answer.get("data")):
        if number(work.get("id")):
            yield _found(work, iiif if isinstance(iiif, str) else IIIF)


def _found(work: dict[str, Any], iiif: str) -> Found:
    image = work.get("image_id")
    refusal = refusal_of(work.get("is_public_domain"), image)
    width = number(record(work.get("thumbnail")).get("width"))  # of the original, despite its name
    best = max((one for one in WIDTHS if one <= width), default=USUAL_WIDTH)
    return Found(
        museum=KEY,
        id=str(work["id"]),
        maker=_maker(work),
        title=line("title", work.get("title")),
        year=line("year", work.get("date_display")),
        licence="" if refusal else "CC0 1.0",
        credit=line("credit", f"{MUSEUM}. {line('credit', work.get('credit_line'))}"),
        source=f"{PAGES}/{work['id']}",
        thumbnail="" if refusal else f"{iiif}/{image}/full/{THUMBNAIL_WIDTH},/0/default.jpg",
        picture="" if refusal else f"{iiif}/{image}/full/{best},/0/default.jpg",
        refusal=refusal,
    )


def _maker(work: dict[str, Any]) -> str:
    """The artist's name; with what qualifies it, such as "Workshop of", where something does."""
    name, shown = line("maker", work.get("artist_title")), work.get("artist_display")
    first = line("maker", shown.strip().split("\n")[0]) if isinstance(shown, str) else ""
    return name if name and first.startswith(name) else first or name

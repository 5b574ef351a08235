"""The Metropolitan Museum of Art, as https://metmuseum.github.io/ documents it.

A search gives numbers of objects, and each object is asked for by itself. Search is version 1.1,
with `offset` and `limit`: that of version 1 ended on 1 October 2026. `isPublicDomain` only makes
pages fuller; what may be used, each record says. Pictures of works in the public domain, and all
data, come under CC0. Eighty requests a second are allowed, far more than this gallery asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext as _

from gallery.museums.fetching import fetch_json
from gallery.museums.found import ON_A_PAGE, Found, Results, line, number, record, refusal_of
from gallery.museums.refusals import NotFetched

KEY = "met"
PAGES = "https://www.metmuseum.org/art/collection/search"
MUSEUM = "The Metropolitan Museum of Art"


def search(query: str, page: int) -> Results:
    """Works with a picture that the museum finds for some words. Raises NotFetched."""
    wanted = {"q": query, "hasImages": "true", "isPublicDomain": "true"}
    wanted |= {"offset": str((page - 1) * ON_A_PAGE), "limit": str(ON_A_PAGE)}
    answer = record(fetch_json(f"{settings.MUSEUMS_MET_API}/v1.1/search?{urlencode(wanted)}"))
    ids = answer.get("objectIDs")
    known = [str(id) for id in ids if number(id)] if isinstance(ids, list) else []
    return number(answer.get("total")), _each(known[:ON_A_PAGE])


def read(id: str) -> Found:
    """One work by its number. Raises NotFetched."""
    if id.isascii() and id.isdigit() and len(id) < 12:
        work = record(fetch_json(f"{settings.MUSEUMS_MET_API}/v1/objects/{id}"))
        if work.get("objectID") == int(id):
            return _found(work)
    raise NotFetched(_("The museum knows no such work."))


def _each(ids: list[str]) -> Iterator[Found]:
    """Those that can be read: a search also names works that were withdrawn since.

    Raises NotFetched where none can.
    """
    failure: NotFetched | None = None
    some = False
    for id in ids:
        try:
            found = read(id)
        except NotFetched as refused:
            failure = refused
        else:
            some = True
            yield found
    if failure and not some:
        raise failure


def _found(work: dict[str, Any]) -> Found:
    picture, small = work.get("primaryImage"), work.get("primaryImageSmall")
    refusal = refusal_of(work.get("isPublicDomain"), picture)
    usable = str(picture) if not refusal else ""
    return Found(
        museum=KEY,
        id=str(work["objectID"]),
        maker=_maker(work),
        title=line("title", work.get("title")),
        year=line("year", work.get("objectDate")),
        licence="CC0 1.0" if usable else "",
        credit=line("credit", f"{MUSEUM}. {line('credit', work.get('creditLine'))}"),
        source=f"{PAGES}/{work['objectID']}",
        thumbnail=small if usable and isinstance(small, str) and small else usable,
        picture=usable,
        refusal=refusal,
    )


def _maker(work: dict[str, Any]) -> str:
    """The artist with what qualifies the name, such as "Attributed to"; or the culture."""
    if not line("maker", work.get("artistDisplayName")):
        return line("maker", work.get("culture"))
    parts = [work.get(f"artist{part}") for part in ("Prefix", "DisplayName", "Suffix")]
    return line("maker", " ".join(part for part in parts if isinstance(part, str)))

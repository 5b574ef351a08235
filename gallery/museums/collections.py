"""The collections that may be searched, by the name that stands in addresses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gallery.museums import artic, iiif, met
from gallery.museums.found import Found, Results


@dataclass(frozen=True, slots=True)
class Collection:
    """`search` takes words, or the address of a manifest, and a page from 1 on."""

    name: str | Promise
    search: Callable[[str, int], Results]
    read: Callable[[str], Found]


COLLECTIONS = {
    artic.KEY: Collection(_("The Art Institute of Chicago"), artic.search, artic.read),
    met.KEY: Collection(_("The Metropolitan Museum of Art"), met.search, met.read),
    iiif.KEY: Collection(_("An IIIF manifest"), iiif.search, iiif.read),
}

"""Any collection that describes its works in IIIF manifests, versions 2 and 3.

https://iiif.io/api/presentation/3.0/ and https://iiif.io/api/presentation/2.1/; each canvas of a
manifest counts as a work. The maker and the year are looked for in `metadata`, which is meant for
reading only: a curator sees them before anything hangs. Pictures are asked of the image service
(https://iiif.io/api/image/3.0/, 2.1) at the size that this gallery works with; a service of level 0
has only sizes of its own, so then the published file is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag

from django.utils.translation import gettext as _

from gallery.museums.fetching import fetch_json
from gallery.museums.found import ON_A_PAGE, Found, Results, line, number, record, records
from gallery.museums.refusals import NotFetched
from gallery.museums.rights import allowed

KEY = "iiif"
SIDE = 2048  # px, of the longer side: what this gallery reduces a larger picture to
THUMBNAIL_SIDE = 400
MAKER = {"artist", "artists", "artist/maker", "author", "creator", "maker", "painter"}
MAKER |= {"photographer"}
ENGLISH = ["en", "en-GB", "en-US"]
YEAR = {"date", "date created", "date made", "date of creation", "dated", "dates", "year"}


def search(query: str, page: int) -> Results:
    """The canvases of the manifest at an address. Raises NotFetched."""
    manifest = _read(urldefrag(query.strip()).url)
    first = (page - 1) * ON_A_PAGE
    numbers = range(len(manifest.canvases))[first : first + ON_A_PAGE]
    return len(manifest.canvases), (manifest.found(number) for number in numbers)


def read(id: str) -> Found:
    """One canvas, by the address of its manifest, `#` and its number. Raises NotFetched."""
    address, _sign, number = id.rpartition("#")
    if number.isascii() and number.isdigit() and len(number) < 6:
        manifest = _read(address)
        if int(number) < len(manifest.canvases):
            return manifest.found(int(number))
    raise NotFetched(_("The manifest has no such picture."))


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest as it was read at an address."""

    address: str
    said: dict[str, Any]
    canvases: list[dict[str, Any]]

    def found(self, number: int) -> Found:
        """The work on the canvas of this number."""
        canvas = self.canvases[number]
        painted = _painted(canvas)
        body = painted[0] if len(painted) == 1 else {}
        picture = _picture(body, SIDE)
        licence, refusal = allowed(
            [right for part in (body, canvas, self.said) for right in _rights(part)]
        )
        if not picture:
            refusal = _("It is not one picture, so it cannot be brought in.")
        return Found(
            museum=KEY,
            id=f"{self.address}#{number}",
            maker=line("maker", self._told_of(MAKER)),
            title=line("title", self._title(canvas)),
            year=line("year", self._told_of(YEAR)),
            licence=licence,
            credit=line("credit", self._credit()),
            source=self._page(),
            thumbnail="" if refusal else _thumbnail(canvas, body),
            picture="" if refusal else picture,
            refusal=refusal,
        )

    def _title(self, canvas: dict[str, Any]) -> str:
        titles = [words(self.said.get("label"))]
        if len(self.canvases) > 1:
            titles.append(words(canvas.get("label")))
        return ", ".join(title for title in titles if title)

    def _told_of(self, names: set[str]) -> str:
        for entry in records(self.said.get("metadata")):
            if words(entry.get("label")).strip(" :").lower() in names:
                return words(entry.get("value"))
        return ""

    def _credit(self) -> str:
        required = record(self.said.get("requiredStatement")).get("value")
        return words(required or self.said.get("attribution"))

    def _page(self) -> str:
        """A page for people where the manifest names one that a label can hold."""
        for part in records(self.said.get("homepage")) + records(self.said.get("related")):
            page = line("source", _id(part))
            if page.startswith(("https://", "http://")) and not page.endswith("…"):
                return page
        return self.address


def _read(address: str) -> Manifest:
    said = record(fetch_json(address))
    canvases = records(said.get("items"))
    if not canvases and (sequences := records(said.get("sequences"))):
        canvases = records(sequences[0].get("canvases"))
    canvases = [one for one in canvases if _kind(one) == "Canvas"]
    if _kind(said) != "Manifest" or not canvases:
        raise NotFetched(_("There is no IIIF manifest with pictures at this address. Check it."))
    return Manifest(address, said, canvases)


def _kind(thing: dict[str, Any]) -> str:
    """The type without the prefix that version 2 gives it."""
    kind = thing.get("type") or thing.get("@type")
    return kind.rpartition(":")[2] if isinstance(kind, str) else ""


def _painted(canvas: dict[str, Any]) -> list[dict[str, Any]]:
    """The pictures that are laid on a canvas; of a choice, the first or default one."""
    bodies = [
        body for one in records(canvas.get("images")) for body in records(one.get("resource"))
    ]
    for page in records(canvas.get("items")):
        for annotation in records(page.get("items")):
            bodies += records(annotation.get("body"))
    chosen = [
        (records(body.get("items")) or records(body.get("default")) or [{}])[0]
        if _kind(body) == "Choice"
        else body
        for body in bodies
    ]
    return chosen


def _picture(body: dict[str, Any], side: int) -> str:
    """The address of a picture, its longer side at most `side` px where that can be asked for."""
    published = _id(body)
    if _kind(body) != "Image" or not published:
        return ""
    for service in records(body.get("service")):
        profile = service.get("profile")
        parts = [profile[0] if isinstance(profile, list) and profile else profile]
        parts += [service.get(name) for name in ("@context", "type", "@type")]
        about = " ".join(part for part in parts if isinstance(part, str)).lower()
        if not _id(service) or "image" not in about or "level0" in about:
            continue
        width, height = number(body.get("width")), number(body.get("height"))
        size = "max" if "imageservice3" in about or "image/3" in about else "full"
        if max(width, height) > side:
            size = f"{max(1, width * side // max(width, height))},"
        quality = "native" if "image-api/1" in about else "default"
        return f"{_id(service).rstrip('/')}/full/{size}/0/{quality}.jpg"
    return published


def _thumbnail(canvas: dict[str, Any], body: dict[str, Any]) -> str:
    """From the image service, or else as the manifest offers it."""
    small, offered = _picture(body, THUMBNAIL_SIDE), canvas.get("thumbnail")
    if small != _id(body):
        return small
    if isinstance(offered, str):
        return offered
    return next((_id(one) for one in records(offered) if _id(one)), small)


def _id(thing: dict[str, Any]) -> str:
    id = thing.get("id") or thing.get("@id")
    return id if isinstance(id, str) else ""


def _rights(part: dict[str, Any]) -> list[str]:
    """What is stated as `rights` (version 3) or `license` (version 2) of one thing."""
    stated = [part.get("rights"), part.get("license")]
    flat = [one for value in stated for one in (value if isinstance(value, list) else [value])]
    return [one if isinstance(one, str) else "?" for one in flat if one]


def words(value: object) -> str:
    """A text in English or else in the first language there is.

    Version 3 maps languages to lists; version 2 has texts, {"@value", "@language"}, or lists of
    either.
    """
    if isinstance(value, dict) and "@value" not in value:
        known = [key for key in (*ENGLISH, "none", *value) if key in value]
        value = value[known[0]] if known else ""
    values = value if isinstance(value, list) else [value]
    values = [one for one in values if record(one).get("@language") in ENGLISH] or values
    texts = [record(one).get("@value") if isinstance(one, dict) else one for one in values]
    return "; ".join(text for text in texts if isinstance(text, str))

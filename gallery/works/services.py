"""What is done with works that touches more than one row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, cast

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gallery.works.consent import Consent
from gallery.works.drawing import Drawing, Strokes, drawn
from gallery.works.history import Change, Deed
from gallery.works.ingest import Busy, Prepared, abandon, prepare, storing
from gallery.works.models import Artwork, Maker, Medium, Origin, Rendition, SourceClass
from gallery.works.querysets import ArtworkQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import User

UPLOAD_PATIENCE = 10.0  # seconds
# Of a label, beside the maker; the last two are on record with it and not shown.
LINES = ("title", "year", "licence", "credit", "source", "consent", "consent_note")
OF_PEOPLE_ONLY = (
    "maker",
    "consent",
    "consent_note",
)  # generators keep their names, and are not asked
SEALED = {"maker", "title", "year"}


class AlreadyHere(Exception):
    """A person's work whose bytes are kept already: `artwork` is the one that is here."""

    def __init__(self, artwork: Artwork) -> None:
        super().__init__(
            _("This work is here already: “%(title)s” by %(maker)s.")
            % {"title": artwork, "maker": artwork.maker}
        )
        self.artwork = artwork


class Label(TypedDict):
    """What stands on the wall beside a person's work."""

    maker: str
    title: str
    year: str
    licence: str
    credit: str
    source: str
    consent: NotRequired[str]
    consent_note: NotRequired[str]


class NotNow(Exception):
    """What was asked of a work cannot be done as things are; the message says why."""


def person(name: str) -> Maker:
    """The maker of this name among people; made now if unknown."""
    return Maker.objects.get_or_create(name=name, origin=Origin.HUMAN)[0]


def machine_maker(name: str) -> Maker:
    """The maker of this name among machines; made now if unknown."""
    return Maker.objects.get_or_create(name=name, origin=Origin.MACHINE)[0]


def accession(
    prepared: Prepared,
    *,
    maker: Maker,
    title: str = "",
    year: str = "",
    licence: str = "",
    credit: str = "",
    source: str = "",
    consent: str = Consent.UNSTATED,
    consent_note: str = "",
    recipe: dict[str, Any] | None = None,
    source_class: str = "",
    added_by: User | None = None,
) -> Artwork:
    """Record a prepared work and its renditions as a candidate, or nothing at all.

    Raises AlreadyHere for a person's work whose bytes are kept already; the caller then abandons
    what was prepared. Of two who send the same work at once, one is told so. Raises Busy where the
    original was found in storage, left by a vain attempt, and has been cleared away since, or where
    storage does not answer.
    """
    try:
        with transaction.atomic():
            artwork = Artwork.objects.create(
                medium=prepared.medium,
                origin=maker.origin,
                maker=maker,
                title=title,
                year=year,
                licence=licence,
                credit=credit,
                source=source,
                consent=consent,
                consent_note=consent_note,
                sha256=prepared.sha256,
                text=prepared.text,
                width=prepared.width,
                height=prepared.height,
                jpeg_quality=prepared.jpeg_quality,
                phash=prepared.phash,
                recipe=recipe,
                source_class=source_class or _usual_class(maker),
                added_by=added_by,
            )
            Change.objects.record(artwork, Deed.CAME, by=added_by)
            Rendition.objects.bulk_create(
                Rendition(artwork=artwork, kind=kind, file=name, width=width, height=height)
                for kind, name, width, height in prepared.renditions
            )
            with storing():
                kept_whole = default_storage.exists(artwork.original_path)
            if not kept_whole:
                raise Busy(_("The file of this work was lost on its way. Send it again."))
    except IntegrityError:
        kept = Artwork.objects.by_people().filter(sha256=prepared.sha256).first()
        if maker.origin == Origin.HUMAN and kept:
            raise AlreadyHere(kept) from None
        raise
    return artwork


def _usual_class(maker: Maker) -> SourceClass:
    return SourceClass.HUMAN if maker.origin == Origin.HUMAN else SourceClass.SAMPLER


def take_in(medium: Medium, data: bytes, label: Label, *, added_by: User | None = None) -> Artwork:
    """Read a person's work and record it as a candidate.

    Someone waits at a browser for this. Raises IngestRefused, AlreadyHere, or Busy if other
    pictures leave it no room for UPLOAD_PATIENCE.
    """
    kept = Artwork.objects.by_people().filter(sha256=hashlib.sha256(data).hexdigest()).first()
    if kept:
        raise AlreadyHere(kept)
    return record(prepare(medium, data, patience=UPLOAD_PATIENCE), label, added_by=added_by)


def take_in_drawing(drawing: Strokes, label: Label, brief: str, *, added_by: User) -> Artwork:
    """Make a drawing a work like any other, with its strokes beside it. Raises as `take_in`."""
    return record_drawing(prepare_drawing(drawing), drawing, label, brief, added_by=added_by)


def prepare_drawing(drawing: Strokes) -> Prepared:
    """Draw and read it. Someone waits at a browser. Raises as `take_in`, save AlreadyHere."""
    return prepare(Medium.IMAGE, drawn(drawing), patience=UPLOAD_PATIENCE)


def record_drawing(
    prepared: Prepared, drawing: Strokes, label: Label, brief: str, *, added_by: User | None = None
) -> Artwork:
    """Make a prepared drawing a candidate, or abandon it. Raises AlreadyHere."""
    with transaction.atomic():
        artwork = record(prepared, label, added_by=added_by)
        last = drawing.strokes[-1]
        Drawing.objects.create(
            artwork=artwork,
            brief=brief,
            strokes=drawing.model_dump(mode="json")["strokes"],
            seconds=round(last.at),
        )
    return artwork


def record(
    prepared: Prepared, label: Label, *, added_by: User | None = None, hang: bool = False
) -> Artwork:
    """Make a person's prepared work a candidate, or abandon it. Raises AlreadyHere.

    With `hang` it goes on the wall in the same transaction: no end of the process can leave it
    waiting for a decision that was made.
    """
    try:
        with transaction.atomic():
            lines = {line: text for line, text in label.items() if line != "maker"}
            maker = person(label["maker"])
            artwork = accession(prepared, maker=maker, added_by=added_by, **cast(Any, lines))
            if hang:
                artwork.hang(by=added_by)
    except BaseException:
        abandon(prepared)
        raise
    return artwork


def sealed_lines(lines: Iterable[str]) -> set[str]:
    """Those of a label's lines that a study seals as it begins."""
    return SEALED & set(lines)


def relabel(artwork: Artwork, changed: Mapping[str, str], *, by: User) -> bool:
    """Change lines of a work's label; False if it read so already.

    Raises NotNow where a study has sealed a line that would change, or where it hangs and would
    lack what lets it hang.
    """
    now = {line: getattr(artwork, line) for line in LINES} | {"maker": artwork.maker.name}
    if artwork.by_machine:
        now = {line: text for line, text in now.items() if line not in OF_PEOPLE_ONLY}
    new = {line: text for line, text in changed.items() if text != now.get(line, text)}
    if not new:
        return False
    with transaction.atomic():
        works = _locked(artwork)
        if sealed_lines(new) and works.sealed().exists():
            raise NotNow(
                _(
                    "A study has sealed maker, title and year of “%(title)s”; they stay as they "
                    "are. Licence, credit and source can be changed."
                )
                % {"title": artwork}
            )
        if refusal := _refusal(now | new, hangs=works.hung().exists()):
            raise NotNow(refusal % {"title": artwork})
        columns: dict[str, Any] = {line: text for line, text in new.items() if line in LINES}
        if "maker" in new:
            columns["maker"] = Maker.objects.get_or_create(
                name=new["maker"], origin=artwork.origin
            )[0]
        works.update(**columns)
        Change.objects.record(artwork, Deed.LABELLED, by=by)
    for name, value in columns.items():
        setattr(artwork, name, value)
    return True


def _refusal(label: Mapping[str, str], *, hangs: bool) -> str:
    """Why a label cannot read so; empty if it can."""
    if label.get("consent") == Consent.GIVEN and not label["consent_note"]:
        return _("Say by whom, when and how the artist of “%(title)s” consented.")
    if hangs and label.get("consent") == Consent.AWAITED:
        return _("“%(title)s” hangs. Withdraw it first, until its artist has consented.")
    return ""


def withdraw(artwork: Artwork, reason: str, *, by: User) -> bool:
    """Take a work off the wall; False if it does not hang. Raises NotNow while a study shows it."""
    with transaction.atomic():
        if _locked(artwork).asked_about().exists():
            raise NotNow(
                _("An open study asks about “%(title)s”. Close the study first.")
                % {"title": artwork}
            )
        return artwork.withdraw(reason, by=by)


def _locked(artwork: Artwork) -> ArtworkQuerySet:
    """The work alone, its row locked: a study that freezes it at this moment waits, or went
    before."""
    works = Artwork.objects.filter(pk=artwork.pk)
    works.select_for_update().get()
    return works

"""Labels as a spreadsheet: taken along, changed there, tried, and brought back.

An OpenDocument spreadsheet, or a comma-separated file in UTF-8, with the columns of COLUMNS and a
row for each work. In the latter what looks like a formula gets an apostrophe before it on the way
out and loses it on the way in. Columns that are missing, and works that are missing, stay as they
are.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import IO
from uuid import UUID

from django.utils.translation import gettext as _

from gallery.works import ods
from gallery.works.consent import Consent
from gallery.works.forms import LabelForm
from gallery.works.models import Artwork
from gallery.works.querysets import ArtworkQuerySet
from gallery.works.services import LINES, OF_PEOPLE_ONLY, sealed_lines

CODE = "work"
COLUMNS = (CODE, "maker", *LINES)
MOST_BYTES = 2 * 2**20
MOST_ROWS = 5000
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


class SheetRefused(ValueError):
    """The message is a sentence for the person who sent the file."""


@dataclass(slots=True)
class Row:
    """What a sheet says of one work: the lines that would change, from what to what; or why it
    cannot be done."""

    number: int  # in the file, the header is 1
    artwork: Artwork | None = None
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    problem: str = ""


def written(works: Iterable[Artwork]) -> Iterator[str]:
    """The file, line by line. Its first sign tells spreadsheets that it is UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    yield "\ufeff" + out.getvalue()
    for work in works:
        out.seek(0)
        out.truncate()
        writer.writerow(map(_guarded, _cells(work)))
        yield out.getvalue()


def write_ods(works: Iterable[Artwork], file: IO[bytes]) -> None:
    """The same as an OpenDocument spreadsheet."""
    ods.write(chain([COLUMNS], map(_cells, works)), file)


def _cells(work: Artwork) -> list[str]:
    return [str(work.code), work.maker.name, *(getattr(work, line) for line in LINES)]


def _guarded(text: str) -> str:
    return f"'{text}" if text.lstrip("'").startswith(DANGEROUS) else text


def _unguarded(text: str) -> str:
    guarded = text.startswith("'") and text.lstrip("'").startswith(DANGEROUS)
    return text[1:] if guarded else text


def text_of(data: bytes) -> str:
    """The words of a file; those of a spreadsheet as a comma-separated file would have them.
    Raises SheetRefused."""
    if len(data) > MOST_BYTES:
        raise SheetRefused(_("This sheet is larger than 2 MB. Send it in parts."))
    try:
        if ods.is_zip(data):
            return _separated(ods.rows_of(data))
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SheetRefused(
            _("This sheet is not UTF-8. Save it as ODS, or as “CSV UTF-8”, and try again.")
        ) from None
    except ods.OdsRefused as refused:
        raise SheetRefused(str(refused)) from None


def _separated(rows: list[list[str]]) -> str:
    """As `written` writes it. A column's name keeps only what cannot be taken for a separator."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows[:1]:
        writer.writerow([" ".join(re.sub(r"[,;\s]+", " ", name).split()) for name in row])
    for row in rows[1:]:
        writer.writerow(map(_guarded, row or [""]))
    return out.getvalue()


def tried(text: str, visible: ArtworkQuerySet) -> list[Row]:
    """What each row would change, and nothing is changed. `visible` are the works that the sender
    may see. Raises SheetRefused."""
    try:
        reader = csv.DictReader(io.StringIO(text), delimiter=_delimiter(text))
        names = [(name or "").strip().lower() for name in reader.fieldnames or []]
        reader.fieldnames = names
        if CODE not in names:
            raise SheetRefused(
                _("This sheet has no column “%(column)s”. Begin with the one that is given here.")
                % {"column": CODE}
            )
        told = [row for _n, row in zip(range(MOST_ROWS + 1), reader, strict=False)]
    except csv.Error:
        raise SheetRefused(
            _("This is no sheet of comma-separated values. Save it as CSV.")
        ) from None
    if len(told) > MOST_ROWS:
        raise SheetRefused(_("This sheet has more than 5,000 rows. Send it in parts."))
    codes = [row[CODE].strip() for row in told if _is_code(row.get(CODE))]
    works = visible.filter(code__in=codes)
    known = {str(work.code): work for work in works.select_related("maker")}
    sealed = set(works.sealed().values_list("pk", flat=True))
    return [_row(number, row, known, sealed) for number, row in enumerate(told, 2)]


def _delimiter(text: str) -> str:
    """A semicolon is what spreadsheets write where the comma is a decimal sign."""
    header = text.split("\n", 1)[0]
    return max(",;\t", key=header.count)


def _is_code(text: object) -> bool:
    try:
        UUID(str(text).strip())
    except ValueError:
        return False
    return True


def _row(number: int, row: dict[str, str], known: dict[str, Artwork], sealed: set[int]) -> Row:
    artwork = known.get(str(row.get(CODE) or "").strip().lower())
    if artwork is None:
        return Row(number, problem=_("There is no work with this code."))
    now = {"maker": artwork.maker.name} | {line: getattr(artwork, line) for line in LINES}
    told = {line: _unguarded(row[line] or "") for line in now if row.get(line) is not None}
    form = LabelForm(now | told)
    if not form.is_valid():
        problems = (
            f"{form.fields[name].label}: {' '.join(map(str, errors))}"
            for name, errors in form.errors.items()
        )
        return Row(number, artwork, problem=" ".join(problems))
    changes = {
        line: (now[line], form.cleaned_data[line])
        for line in told
        if form.cleaned_data[line] != now[line]
    }
    if artwork.by_machine:
        changes = {line: told for line, told in changes.items() if line not in OF_PEOPLE_ONLY}
    problem = ""
    if artwork.pk in sealed and sealed_lines(changes):
        problem = _("A study has sealed maker, title and year of this work.")
    if artwork.state == "hung" and "licence" in changes and not changes["licence"][1]:
        problem = _("A work that hangs needs a licence.")
    if artwork.state == "hung" and changes.get("consent", ("", ""))[1] == Consent.AWAITED:
        problem = _("This work hangs. Withdraw it first, until its artist has consented.")
    return Row(number, artwork, changes, problem)

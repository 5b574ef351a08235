"""The first sheet of an OpenDocument spreadsheet, read from a stranger's file and written.

Read here and by no library: those that there are lay a sheet out in memory as its file says it is,
and a file of 7 kB may say a million rows of 16,384 cells. Here the file is read in pieces as it is
unpacked, and what is laid out is counted before it is. What a cell shows counts, as in a CSV file
that a spreadsheet saves; formulas, notes and drawings do not.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import IO
from xml.parsers import expat
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gallery.works.texts import fit_for_xml

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
SIGNATURE = b"PK\x03\x04"
MOST_XML = 12 * 2**20  # bytes, unpacked; 5,000 labels of a full sheet are 8 MB
MOST_ELEMENTS = 300_000  # a second's work; 5,000 labels are 100,000
MOST_CHARACTERS = 2 * 2**20
MOST_ROWS = 5001  # the first is the header
MOST_COLUMNS = 200
DEEPEST = 100  # elements within elements
PIECE = 2**16  # bytes
LONGEST_TAG = 2**20  # bytes

OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE, TABLE, TEXT = (f"{OASIS}{name}:1.0 " for name in ("office", "table", "text"))
SHEET = [OFFICE + "document-content", OFFICE + "body", OFFICE + "spreadsheet", TABLE + "table"]
CELLS = {TABLE + "table-cell", TABLE + "covered-table-cell"}
INLINE = {TEXT + name for name in ("p", "span", "a", "s", "tab", "line-break")}
VALUES = [OFFICE + name for name in ("string-value", "value", "date-value", "boolean-value")]
TOO_LARGE = gettext_lazy("Unpacked, this spreadsheet is too large. Send it in parts.")
# What Python's zipfile, zlib and expat raise for damaged files, by their code.
DAMAGE: tuple[type[Exception], ...] = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    expat.ExpatError,
    EOFError,
    OSError,
)
DAMAGE += (RuntimeError, ValueError, LookupError, ArithmeticError)


class OdsRefused(ValueError):
    """The message is a sentence for the person who sent the file."""


def is_zip(data: bytes) -> bool:
    return data.startswith(SIGNATURE)


def rows_of(data: bytes) -> list[list[str]]:
    """What the cells of the first sheet show, without the empty ones at the end. Raises
    OdsRefused."""
    sheet = _Sheet()
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            kind = _opened(archive, "mimetype").read(100)
            if kind.strip() != MIMETYPE.encode():
                raise OdsRefused(
                    _("This is no OpenDocument spreadsheet. Save it as ODS, or as CSV (UTF-8).")
                )
            with _opened(archive, "content.xml") as content:
                sheet.read(content)
    except OdsRefused:
        raise
    except DAMAGE:
        raise OdsRefused(
            _("This spreadsheet is damaged, or has a password. Save it anew and try again.")
        ) from None
    return sheet.rows


def _opened(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    try:
        member = archive.getinfo(name)
    except KeyError:
        raise OdsRefused(
            _("This is no OpenDocument spreadsheet. Save it as ODS, or as CSV (UTF-8).")
        ) from None
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile  # OpenDocument knows no other; some take what memory they ask for
    return archive.open(member)


class _Sheet:
    """Hears the file's elements as they come, and keeps the rows of its first sheet."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self._path: list[str] = []
        self._done = False
        self._elements = 0
        self._fed = self._heard = 0  # bytes
        self._characters = 0
        self._row: list[str] = []
        self._empty_rows = self._empty_cells = 0  # that count only if something follows
        self._row_times = self._cell_times = 1
        self._cell: list[str] | None = None  # what it shows so far; None outside of cells
        self._cell_value = ""
        self._ignored = 0  # the depth at which something began that a cell does not show

    def read(self, content: IO[bytes]) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.DefaultHandler = self._hear
        while not self._done:
            piece = content.read(PIECE)
            self._fed += len(piece)
            if self._fed > MOST_XML:
                raise OdsRefused(TOO_LARGE)
            parser.Parse(piece, not piece)
            if self._fed - self._heard > LONGEST_TAG:
                raise zipfile.BadZipFile
            if not piece:
                break

    def _refuse_doctype(self, *_declared: object) -> None:
        """No spreadsheet writes one, and entities that grow begin with one."""
        raise OdsRefused(
            _("This file holds what no spreadsheet writes. Save it anew and try again.")
        )

    def _hear(self, _data: str) -> None:
        self._heard = self._fed

    def _start(self, name: str, told: Mapping[str, str]) -> None:
        self._heard = self._fed
        self._path.append(name)
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise OdsRefused(TOO_LARGE)
        if len(self._path) > DEEPEST:
            raise zipfile.BadZipFile
        if self._done or self._ignored or self._path[:4] != SHEET:
            return
        if self._cell is None:
            if name == TABLE + "table-row":
                self._row, self._empty_cells = [], 0
                self._row_times = _times(told, TABLE + "number-rows-repeated")
            elif name in CELLS:
                self._cell = []
                self._cell_times = _times(told, TABLE + "number-columns-repeated")
                self._cell_value = next((told[key] for key in VALUES if key in told), "")
        elif name not in INLINE:
            self._ignored = len(self._path)
        elif name == TEXT + "p" and self._cell:
            self._show("\n")
        elif name == TEXT + "s":
            self._show(" " * min(_times(told, TEXT + "c"), MOST_CHARACTERS + 1))
        elif name in (TEXT + "tab", TEXT + "line-break"):
            self._show(" ")

    def _text(self, data: str) -> None:
        self._heard = self._fed
        if self._cell is not None and not self._ignored and self._path[-1] in INLINE:
            self._show(data)

    def _show(self, data: str) -> None:
        self._count(len(data))
        if self._cell is not None:
            self._cell.append(data)

    def _count(self, characters: int) -> None:
        self._characters += characters
        if self._characters > MOST_CHARACTERS:
            raise OdsRefused(_("This sheet holds more than 2 MB of text. Send it in parts."))

    def _end(self, name: str) -> None:
        self._heard = self._fed
        depth = len(self._path)
        self._path.pop()
        if self._ignored:
            self._ignored = 0 if depth == self._ignored else self._ignored
        elif self._cell is not None and name in CELLS:
            self._end_cell("".join(self._cell) or self._cell_value)
            self._cell = None
        elif depth == len(SHEET) and name == SHEET[-1] and self._path == SHEET[:-1]:
            self._done = True
        elif self._cell is None and name == TABLE + "table-row" and self._path[:4] == SHEET:
            self._end_row()

    def _end_cell(self, shown: str) -> None:
        if not shown:
            self._empty_cells += self._cell_times
            return
        if len(self._row) + self._empty_cells + self._cell_times > MOST_COLUMNS:
            raise OdsRefused(_("This sheet has more than 200 columns. Take some out."))
        self._count(len(shown) * (self._cell_times - 1))
        self._row += [""] * self._empty_cells + [shown] * self._cell_times
        self._empty_cells = 0

    def _end_row(self) -> None:
        if not self._row:
            self._empty_rows += self._row_times
            return
        if len(self.rows) + self._empty_rows + self._row_times > MOST_ROWS:
            raise OdsRefused(_("This sheet has more than 5,000 rows. Send it in parts."))
        self._count(sum(map(len, self._row)) * (self._row_times - 1))
        self.rows += [[]] * self._empty_rows + [self._row] * self._row_times
        self._empty_rows = 0


def _times(told: Mapping[str, str], name: str) -> int:
    """How often something is repeated; nonsense is once, and none is never asked for."""
    number = told.get(name, "1")
    return max(int(number), 1) if number.isascii() and number.isdigit() and len(number) < 10 else 1


MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="{OASIS}manifest:1.0" manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:media-type="{MIMETYPE}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"""
BEGIN = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="{OFFICE.strip()}" xmlns:table="{TABLE.strip()}" \
xmlns:text="{TEXT.strip()}" office:version="1.3"><office:body><office:spreadsheet>\
<table:table table:name="Labels">"""
END = "</table:table></office:spreadsheet></office:body></office:document-content>"


def write(rows: Iterable[Iterable[str]], file: IO[bytes]) -> None:
    """A spreadsheet of texts; no cell of it is a formula, whatever it begins with."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), MIMETYPE)  # first, and not packed
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        with archive.open("content.xml", "w") as content:
            content.write(BEGIN.encode())
            for row in rows:
                content.write(
                    f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>".encode()
                )
            content.write(END.encode())


def _cell(text: str) -> str:
    shown = escape(fit_for_xml(text))
    return (
        f'<table:table-cell office:value-type="string"><text:p>{shown}</text:p></table:table-cell>'
    )

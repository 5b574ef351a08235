"""Everything that a study found, in one archive that checks itself.

Written as a stream: neither the archive nor any table is ever whole in memory. In the unpacked
archive `make` fits the primary model to the CSV files alone, with the code that the gallery used,
and compares what it finds with findings.json.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

from gallery.findings.exports.tables import TABLES, Cell, Column, ExportTable
from gallery.findings.models import Finding, Look
from gallery.studies.models import State, Study, StudyWork

HERE = Path(__file__).parent
ENGINE = ("links", "crossed", "spreads", "laplace", "curvature", "starting", "ordinal")
ROWS_AT_ONCE = 4_000
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
ARROW = {"integer": "int64", "number": "double", "text": "string"}

Progress = Callable[[int], object]  # told how many more rows were written


class ExportRefused(ValueError):
    """Nothing may be exported of this study now; the message says why."""


def check_exportable(study: Study) -> None:
    """Raises ExportRefused while origins must stay unknown."""
    if study.state != State.CLOSED:
        raise ExportRefused(
            _("Answers are exported once the study is closed: it is blind until then.")
        )
    held = StudyWork.objects.filter(study__state=State.OPEN, study__simulated=False)
    if study.works.filter(artwork__in=held.values("artwork")).exists():
        raise ExportRefused(
            _(
                "Another study is asking about works of this one. Its answers are exported once "
                "that study is closed."
            )
        )
    if not Finding.objects.filter(study=study).exists():
        raise ExportRefused(_("The answers are being counted. Look again in a minute."))


def stream(study: Study, progress: Progress = lambda rows: None) -> Iterator[bytes]:
    """The archive, piece by piece. Raises ExportRefused before the first."""
    check_exportable(study)
    return _pieces(study, progress)


def _pieces(study: Study, progress: Progress) -> Iterator[bytes]:
    out = _Outlet()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        folder = f"{study.slug}/"
        for name, text in _texts(study):
            archive.writestr(_entry(folder + name), text)
        for table in TABLES:
            for ending, write in (("csv", _write_csv), ("parquet", _write_parquet)):
                if ending == "parquet" and table.name != "ratings":
                    continue
                entry = _entry(f"{folder}{table.name}.{ending}")
                with archive.open(entry, "w", force_zip64=True) as file:
                    for rows in write(file, table, study):
                        progress(rows)
                        yield out.taken()
            yield out.taken()
    yield out.taken()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, now().timetuple()[:6])
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
    return entry


def _write_csv(file: IO[bytes], table: ExportTable, study: Study) -> Iterator[int]:
    text = io.TextIOWrapper(file, "utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    for rows in _batches(table.rows(study)):
        writer.writerows([_safe(cell) for cell in row] for row in rows)
        yield len(rows)
    text.flush()
    text.detach()


def _write_parquet(file: IO[bytes], table: ExportTable, study: Study) -> Iterator[int]:
    import pyarrow as pa  # late: 40 MB of which a web process seldom has need
    import pyarrow.parquet as pq

    schema = pa.schema(
        [(column.name, pa.type_for_alias(ARROW[column.kind])) for column in table.columns]
    )
    with pq.ParquetWriter(pa.PythonFile(file, mode="w"), schema) as writer:
        for rows in _batches(table.rows(study)):
            columns = [list(column) for column in zip(*rows, strict=True)]
            writer.write_table(pa.table(columns, schema=schema))
            yield len(rows)


def _batches(rows: Iterable[tuple[Cell, ...]]) -> Iterator[list[tuple[Cell, ...]]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, ROWS_AT_ONCE)):
        yield batch


def _safe(cell: Cell) -> Cell:
    """A text that a spreadsheet would run as a formula gets an apostrophe before it."""
    if isinstance(cell, str) and cell.startswith(DANGEROUS):
        return f"'{cell}"
    return cell


def _texts(study: Study) -> Iterator[tuple[str, str]]:
    """The small files."""
    kept = Finding.objects.get(study=study)
    looks = [look.as_json() for look in Look.objects.filter(study=study)]
    yield "protocol.json", _json(study.document)
    yield "key.json", _json(study.key)
    yield "findings.json", _json(kept.document | {"looks": looks})
    yield "codebook.csv", _codebook()
    yield "version.json", _json(_versions())
    for name in ("README.txt", "Makefile", "requirements.txt", "recompute.py"):
        yield name, (HERE / "files" / name).read_text()
    yield "gallery/__init__.py", ""
    yield "gallery/findings/__init__.py", ""
    for name in ENGINE:
        yield f"gallery/findings/{name}.py", (HERE.parent / f"{name}.py").read_text()


def _codebook() -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["file", "column", "kind", "meaning", "levels"])
    for table in TABLES:
        writer.writerows([table.name, *_told(column)] for column in table.columns)
    return text.getvalue()


def _told(column: Column) -> tuple[str, str, str, str]:
    return column.name, column.kind, column.meaning, column.levels


def _versions() -> dict[str, Any]:
    packages = ("numpy", "scipy", "Django", "krippendorff")
    return {"exported": now().isoformat()} | {name: version(name) for name in packages}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=str)


class _Outlet(io.RawIOBase):
    """Where the archive is written to, and taken from in pieces. It cannot seek, which tells
    zipfile to write sizes behind each file instead of before it."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self.pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        whole, self.pieces = b"".join(self.pieces), []
        return whole

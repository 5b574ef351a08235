"""A catalogue of works: a CSV file, and where the files lie that it names."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from gallery.works.forms import LabelForm
from gallery.works.models import Medium
from gallery.works.services import Label

# Each label line, and the columns that may hold it; the first that is there counts.
COLUMNS = {
    "maker": ("creator", "maker"),
    "title": ("title",),
    "year": ("year",),
    "licence": ("licence", "licence_or_basis"),
    "credit": ("credit",),
    "source": ("source", "source_repo"),
    "consent": ("consent",),
    "consent_note": ("consent_note",),
}
UNKNOWN = "Unknown"
TEXTS = {".txt"}
PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".avif"}


class CatalogueUnreadable(ValueError):
    """The message is a sentence for the person at the command line."""


class RowRefused(ValueError):
    """The message says what is wrong with one row."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A work to bring in: where its bytes lie, and its label. Of a passage, what it says and which
    part of the file it is."""

    path: Path
    label: Label
    passage: str = ""
    where: str = ""

    def __str__(self) -> str:
        return f"{self.path}, {self.where}" if self.where else str(self.path)

    @property
    def medium(self) -> Medium:
        return Medium.TEXT if self.path.suffix.lower() in TEXTS else Medium.IMAGE


def rows_of_folder(folder: Path) -> list[dict[str, str]]:
    """A row for each picture and text of a folder and those below, with nothing but its path."""
    return [
        {"path": str(path.relative_to(folder))}
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in TEXTS | PICTURES and not path.is_dir()
    ]


def rows_of_catalogue(catalogue: Path) -> list[dict[str, str]]:
    """The rows of a UTF-8 CSV file with a header. Raises CatalogueUnreadable."""
    try:
        with catalogue.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns = reader.fieldnames or []
            found = [{k: v for k, v in row.items() if k and v} for row in reader]
    except UnicodeDecodeError:
        raise CatalogueUnreadable(
            f"{catalogue} could not be read: it is not UTF-8. Save it as UTF-8 and try again."
        ) from None
    except (OSError, csv.Error) as error:
        raise CatalogueUnreadable(f"{catalogue} could not be read: {error}.") from None
    if "path" not in columns:
        raise CatalogueUnreadable(f"{catalogue} has no column “path”. Add one and try again.")
    return found


def entry(row: dict[str, str], beside: Path, folder: Path) -> Entry | None:
    """The work that a row names by a path relative to `beside`, the catalogue's folder, or to
    `folder`; None where its file lies in `beside` only and so belongs to another import.

    Raises RowRefused.
    """
    try:
        path = _located(row.get("path", ""), beside, folder)
    except (OSError, RuntimeError):
        raise RowRefused(
            "the path leads nowhere: it is too long, or a link that leads back to itself"
        ) from None
    return Entry(path, label(row)) if path else None


def _located(name: str, beside: Path, folder: Path) -> Path | None:
    if not name:
        raise RowRefused("the row has no path")
    if "\0" in name or Path(name).is_absolute() or ".." in Path(name).parts:
        raise RowRefused("the path leads out of the folder")
    for base in (beside, folder):
        path = (base / name).resolve()
        if not path.is_file():
            continue
        if path.is_relative_to(folder.resolve()):
            return path
        if path.is_relative_to(beside.resolve()):
            return None
        raise RowRefused("the path leads out of the folder")
    raise RowRefused("there is no such file")


def label(row: dict[str, str]) -> Label:
    """What a row says of a work. Raises RowRefused."""
    values = {
        line: next((row[column] for column in columns if row.get(column)), "")
        for line, columns in COLUMNS.items()
    }
    form = LabelForm(values | {"maker": values["maker"] or UNKNOWN})
    if not form.is_valid():
        raise RowRefused(
            "; ".join(
                f"{name}: {' '.join(map(str, errors))}" for name, errors in form.errors.items()
            )
        )
    return form.label()

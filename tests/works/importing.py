"""Folders of works to be brought in at once, and the command that does it."""

import csv
import io
from pathlib import Path

from django.core.management import call_command

from tests.works.pictures import encoded, noise

HEADER = ["path", "title", "creator", "year", "licence", "credit", "source", "shelf"]


def works_in(folder: Path) -> Path:
    """works/a.png, works/b.jpg, works/c.txt and, outside of it, other/d.png."""
    for name, data in {
        "works/a.png": encoded(noise()),
        "works/b.jpg": encoded(noise(), "JPEG"),
        "works/c.txt": "“Words”".encode(),
        "other/d.png": encoded(noise()),
    }.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    return folder / "works"


def catalogue(folder: Path, *lines: list[str], header: list[str] = HEADER) -> Path:
    path = folder.parent / "catalogue.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, *lines])
    return path


def run(folder: Path, *options: object) -> tuple[str, list[str]]:
    """The counts, and a line for each refusal."""
    out, err = io.StringIO(), io.StringIO()
    call_command("import_works", folder, *options, stdout=out, stderr=err)
    return out.getvalue().strip(), err.getvalue().splitlines()

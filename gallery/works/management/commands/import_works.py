"""Bring a folder of people's works into the gallery."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, BooleanOptionalAction
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from gallery.works.catalogue import (
    CatalogueUnreadable,
    Entry,
    RowRefused,
    entry,
    rows_of_catalogue,
    rows_of_folder,
)
from gallery.works.importing import Importer


class Command(BaseCommand):
    help = (
        "Bring the pictures and texts of FOLDER into the gallery as works by people. "
        "Running it again brings in nothing twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--catalogue",
            type=Path,
            help="CSV with the columns path, title, creator, year, licence, credit, source. "
            "Paths are relative to the catalogue or to FOLDER; rows outside FOLDER are ignored.",
        )
        parser.add_argument(
            "--hang",
            action=BooleanOptionalAction,
            default=True,
            help="hang works whose licence is given; the others wait in the hanging room",
        )
        parser.add_argument("--dry-run", action="store_true", help="check all, write nothing")

    def handle(self, *, folder: Path, catalogue: Path | None, **options: Any) -> None:
        if not folder.is_dir():
            raise CommandError(f"There is no folder {folder}. Check the path.")
        importer = Importer(self.say, hang=options["hang"], dry_run=options["dry_run"])
        importer.run(self.entries(importer, folder, catalogue))
        counts = importer.counts
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was written. Otherwise:")
        self.stdout.write(
            f"{counts['hung']} hung, {counts['kept']} kept as candidates, "
            f"{counts['here']} already here, {counts['refused']} refused, "
            f"{counts['ignored']} ignored."
        )

    def say(self, line: str) -> None:
        with tqdm.external_write_mode():  # so that the bar stays below
            self.stderr.write(line)

    def entries(self, importer: Importer, folder: Path, catalogue: Path | None) -> Iterator[Entry]:
        """What there is to import; rows that are none are counted on the way."""
        try:
            rows = rows_of_catalogue(catalogue) if catalogue else rows_of_folder(folder)
        except CatalogueUnreadable as unreadable:
            raise CommandError(str(unreadable)) from None
        beside = catalogue.parent if catalogue else folder
        bar = tqdm(rows, unit=" works", disable=None, file=sys.stderr)
        for number, row in enumerate(bar, start=2):
            try:
                work = entry(row, beside, folder)
            except RowRefused as refused:
                where = f"row {number}, " if catalogue else ""
                importer.refuse(where + row.get("path", "no path"), refused)
                continue
            if work:
                yield work
            else:
                importer.counts["ignored"] += 1

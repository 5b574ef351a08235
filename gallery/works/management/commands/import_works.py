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
from gallery.works.passages import RULES, Left
from gallery.works.splitting import NoSplit, Split, works_in

TOLD = ("split", "gap", "headings", "shortest", "longest")


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
            help="CSV with the columns path, title, creator, year, licence, credit, source, "
            "consent (unstated, not needed, awaited or given), consent_note. "
            "Paths are relative to the catalogue or to FOLDER; rows outside FOLDER are ignored.",
        )
        parser.add_argument(
            "--hang",
            action=BooleanOptionalAction,
            default=True,
            help="hang works whose licence is given and whose artist need not be waited for; "
            "the others wait in the hanging room",
        )
        parser.add_argument("--dry-run", action="store_true", help="check all, write nothing")
        splitting = parser.add_argument_group(
            "texts", "How texts are split; columns of the catalogue with these names come first."
        )
        splitting.add_argument(
            "--split",
            default="",
            help=f"into what: {', '.join(RULES)}. Poems stand between empty lines, sonnets under "
            "numbers, scenes under ACT and SCENE; functions are Python or have braces",
        )
        splitting.add_argument("--gap", default="", help="empty lines between poems, 1 or more")
        splitting.add_argument(
            "--headings", default="", help="what a poem's first lines are: title, or title,maker"
        )
        splitting.add_argument("--shortest", default="", help="characters of a passage, at least")
        splitting.add_argument("--longest", default="", help="characters of a passage, at most")

    def handle(self, *, folder: Path, catalogue: Path | None, **options: Any) -> None:
        if not folder.is_dir():
            raise CommandError(f"There is no folder {folder}. Check the path.")
        importer = Importer(self.say, hang=options["hang"], dry_run=options["dry_run"])
        told = {name: options[name] for name in TOLD}
        try:
            split = Split().changed(told)
        except NoSplit as wrong:
            raise CommandError(f"This cannot be done: {wrong}.") from None
        importer.run(self.entries(importer, folder, catalogue, split))
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

    def entries(
        self, importer: Importer, folder: Path, catalogue: Path | None, split: Split
    ) -> Iterator[Entry]:
        """What there is to import; rows that are none are counted on the way."""
        try:
            rows = rows_of_catalogue(catalogue) if catalogue else rows_of_folder(folder)
        except CatalogueUnreadable as unreadable:
            raise CommandError(str(unreadable)) from None
        beside = catalogue.parent if catalogue else folder
        bar = tqdm(rows, unit=" works", disable=None, file=sys.stderr)
        for number, row in enumerate(bar, start=2):
            name = f"row {number}, " * bool(catalogue) + row.get("path", "no path")
            try:
                work = entry(row, beside, folder)
                if work is None:
                    importer.counts["ignored"] += 1
                    continue
                for found in works_in(work, row, split):
                    if isinstance(found, Left):
                        importer.refuse(", ".join(filter(None, (name, found.where))), found.reason)
                    else:
                        yield found
            except RowRefused as refused:
                importer.refuse(name, refused)

"""Have a draft's pictures described by somebody who does not know who made them."""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from gallery.studies.models import Study, StudyWork
from gallery.works.models import Description, Medium
from gallery.works.stimulus import stimulus

SHEET = "descriptions.csv"
COLUMNS = ["picture", "description"]


class Command(BaseCommand):
    help = (
        "Write a draft's pictures, blind and under names that say nothing, into a folder with a "
        "sheet to fill in; or read the sheet again. What it says is read out in place of a picture."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("study", help="the last part of the study's address")
        task = parser.add_mutually_exclusive_group(required=True)
        task.add_argument("--export", type=Path, metavar="FOLDER")
        task.add_argument("--sheet", type=Path, metavar="FILE.csv", help="the sheet, filled in")

    def handle(self, *args: Any, **options: Any) -> None:
        study = Study.objects.filter(slug=options["study"]).first()
        if study is None:
            raise CommandError(f"There is no study with the address “{options['study']}”.")
        works = study.works.filter(artwork__medium=Medium.IMAGE).order_by("code")
        if options["export"]:
            self.write(list(works), options["export"])
        else:
            self.read({f"{work.code}.webp": work for work in works}, options["sheet"])

    def write(self, works: list[StudyWork], folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for work in works:
            with stimulus(work.artwork_id).picture() as picture:
                (folder / f"{work.code}.webp").write_bytes(picture.read())
        with (folder / SHEET).open("w", newline="", encoding="utf-8") as file:
            sheet = csv.writer(file)
            sheet.writerow(COLUMNS)
            sheet.writerows([f"{work.code}.webp", ""] for work in works)
        self.stdout.write(f"Wrote {len(works)} pictures and {SHEET} to {folder}.")

    def read(self, works: dict[str, StudyWork], path: Path) -> None:
        """All rows or none: a sheet with a wrong row changes nothing."""
        try:
            with path.open(newline="", encoding="utf-8-sig") as file:
                rows = list(csv.DictReader(file))
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path} cannot be read: {error}.") from error
        told = {row.get("picture") or "": (row.get("description") or "").strip() for row in rows}
        unknown = sorted(name for name in told if name not in works)
        if unknown:
            raise CommandError(f"The study has no picture {unknown[0]!r}. Keep the first column.")
        filled = {name: text for name, text in told.items() if text}
        with transaction.atomic():
            for name, text in filled.items():
                Description.objects.update_or_create(
                    artwork=works[name].artwork, defaults={"text": text[:500]}
                )
        lacking = len(works) - len(filled)
        self.stdout.write(f"Read {len(filled)} descriptions; {lacking} pictures have none in it.")

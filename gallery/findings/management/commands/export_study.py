"""Write everything that a closed study found into one archive."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from gallery.findings.exports.bundle import ExportRefused, stream
from gallery.studies.models import Study


class Command(BaseCommand):
    help = "Export STUDY, its answers, works and findings, as a ZIP that checks itself."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("study", help="the last part of the study's address")
        parser.add_argument("-o", "--out", default=".", help="the folder to write to")

    def handle(self, *args: Any, **options: Any) -> None:
        study = Study.objects.filter(slug=options["study"]).first()
        if study is None:
            raise CommandError(f"There is no study with the address “{options['study']}”.")
        path = Path(options["out"]) / f"{study.slug}.zip"
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with tqdm(unit=" rows", disable=None) as bar:
                pieces = stream(study, bar.update)
                with path.with_suffix(".part").open("wb") as file:
                    file.writelines(pieces)
        except ExportRefused as refused:
            raise CommandError(str(refused)) from refused
        path.with_suffix(".part").replace(path)
        self.stdout.write(f"Wrote {path}. Unpack it and run make there to check its result.")

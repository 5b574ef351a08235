"""`manage.py repaint`: makes works again from their recipes, and says whether they are the same."""

import asyncio
import tempfile
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from gallery.runs.child import Accident, Child
from gallery.runs.repainting import differences, job_for, works_to_repaint
from gallery.works.models import Artwork
from generators.refused import Refused


class Command(BaseCommand):
    help = "Paint a machine's work again from its recipe, or all works of a run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="of a work, or of a run: the last part of its address")
        parser.add_argument(
            "--verify",
            action="store_true",
            help="compare with the originals that storage keeps; exit status 1 unless all are same",
        )
        parser.add_argument(
            "-o",
            "--output",
            type=Path,
            metavar="FILE",
            help="write the work here; of several works each to a file with its number added",
        )

    def handle(
        self, *args: str, code: str, verify: bool, output: Path | None, **options: object
    ) -> None:
        if not verify and output is None:
            raise CommandError("Nothing to do: give --verify, or -o FILE, or both.", returncode=2)
        try:
            works = works_to_repaint(code)
        except Refused as refused:
            raise CommandError(str(refused), returncode=2) from None
        failed = 0
        with asyncio.Runner() as runner:
            child = Child()
            try:
                for number, work in enumerate(works, 1):
                    data, well = self._repaint(runner, child, work, verify=verify)
                    self._write(output, data, number if len(works) > 1 else 0)
                    failed += not well
            finally:
                runner.run(child.kill())
        if failed:
            raise CommandError(f"{failed} of {len(works)} could not be had again as they were.")

    def _repaint(
        self, runner: asyncio.Runner, child: Child, work: Artwork, *, verify: bool
    ) -> tuple[bytes, bool]:
        """One line about one work; its bytes, or b"" without any, and whether all is well."""
        with tempfile.TemporaryDirectory(prefix="repaint-") as folder:
            try:
                job = job_for(work, Path(folder))
                facts = runner.run(child.paint(job, lambda _frame: None))
            except (Refused, Accident) as reason:
                self.stdout.write(f"{work.code} not painted: {reason}")
                return b"", False
            data = Path(job["output"]).read_bytes()
        why = differences(work, data, facts) if verify else ""
        verdict = f"differs: {why}" if why else "same" if verify else "painted"
        self.stdout.write(f"{work.code} {verdict}")
        return data, not why

    def _write(self, output: Path | None, data: bytes, number: int) -> None:
        if output is None or not data:
            return
        path = output.with_stem(f"{output.stem}-{number}") if number else output
        try:
            path.write_bytes(data)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error

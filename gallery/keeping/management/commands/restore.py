"""Make an empty gallery what a backup holds."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from gallery.keeping.manifest import BackupRefused
from gallery.keeping.restoring import restore, verified


class Command(BaseCommand):
    help = (
        "Check the backup in FOLDER to the last byte, then put it in the place of this gallery, "
        "which has to be without works and not in use. Accounts in it give way to the backup's."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="what manage.py backup wrote")
        parser.add_argument("--verify-only", action="store_true", help="check it, write nothing")

    def handle(self, *args: Any, folder: Path, verify_only: bool = False, **options: Any) -> None:
        try:
            manifest = verified(folder) if verify_only else restore(folder)
        except BackupRefused as refused:
            raise CommandError(str(refused)) from None
        except (OSError, DatabaseError) as error:
            raise CommandError(f"The restore broke off: {str(error).strip()}.") from error
        self.stdout.write(f"{'Whole' if verify_only else 'Restored'}: {manifest}.")
        if manifest.missing:
            self.stdout.write(
                f"The gallery lacked {len(manifest.missing):,} files when it was backed up; "
                "manage.py doctor names them."
            )
        if not verify_only:
            self.stdout.write("Put its secret key in place, if you have it, and start the gallery.")

"""Copy the whole gallery to a folder while it serves."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from gallery.keeping.backups import back_up
from gallery.keeping.files import wanted
from gallery.keeping.manifest import BackupRefused

NOT_IN_IT = (
    "Not in it is the key that signs cookies: VAR_DIR/secret_key, or SECRET_KEY where you set it. "
    "Keep that apart. In a gallery that is restored without it everyone signs in anew, links to "
    "new passwords expire, authenticator apps and recovery codes are of no use, and visitors take "
    "a sitting up again by its code, at /answers/."
)


class Command(BaseCommand):
    help = "Copy database and files to FOLDER while the gallery serves, and check the copy."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="a new or empty one for each backup")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            manifest = back_up(folder, self.stderr.write)
        except BackupRefused as refused:
            raise CommandError(str(refused)) from None
        except (OSError, DatabaseError) as error:
            raise CommandError(
                f"This is no backup, for it broke off: {str(error).strip()}. Remove {folder}."
            ) from error
        self.stdout.write(f"Wrote {folder}, and read it again: {manifest}.")
        self.stdout.write(NOT_IN_IT)
        # What a training has replaced meanwhile, no row wants any more.
        if lost := {one.name for one in wanted("default")} & set(manifest.missing):
            files = "1 file is" if len(lost) == 1 else f"{len(lost):,} files are"
            raise CommandError(
                f"The backup is written, but not whole: {files} not in storage, though the gallery "
                "wants them; they are named above. Bring them back from an older backup (manage.py "
                "doctor tells more), then back up again to another folder."
            )

"""Make a fresh gallery ready for its first visitor; on a furnished one, change nothing."""

import hashlib
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand

from gallery.opening import open_first_room
from gallery.works.starter import hang_starter


class Command(BaseCommand):
    help = "Create tables, collect static files, hang the starter exhibition, open its study."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-study", action="store_true", help="hang works, and no more")
        parser.add_argument("--bare", action="store_true", help="tables and static files alone")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        self.collect_changed_static_files()
        if options["bare"]:
            return
        hung = hang_starter()
        if hung:
            self.stdout.write(f"Hung {hung} works by people.")
        if not options["no_study"]:
            open_first_room(self.stdout.write)

    def collect_changed_static_files(self) -> None:
        """Collecting compresses every file, which takes seconds: done only when one has changed."""
        digest = hashlib.sha256()
        for finder in get_finders():
            for path, storage in finder.list([]):
                changed = storage.get_modified_time(path).timestamp()
                digest.update(f"{path} {changed} {storage.size(path)}\n".encode())
        stamp = settings.STATIC_ROOT / ".collected"
        if stamp.exists() and stamp.read_text() == digest.hexdigest():
            return
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(digest.hexdigest())

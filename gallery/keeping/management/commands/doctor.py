"""Look whether database and files are whole and agree with each other."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from gallery.keeping.integrity import applied_migrations, faults, known_migrations
from gallery.keeping.reconciling import complaints, remove, strays
from gallery.storage import StorageAway


class Command(BaseCommand):
    help = (
        "Check the database, and that every file that it names is there with the right bytes. "
        "Exit status 1 where something is missing or wrong. The gallery may serve meanwhile."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--delete-strays",
            action="store_true",
            help="delete the files that nothing in the database names, if older than an hour",
        )

    def handle(self, *args: Any, delete_strays: bool = False, **options: Any) -> None:
        self.counts: Counter[str] = Counter()
        self.check_database()
        try:
            self.check_files(delete_strays)
        except StorageAway as away:
            raise CommandError(f"{away}. Not all files were looked at.") from None
        counts = self.counts
        summary = (
            f"{counts['missing']} missing, {counts['wrong']} wrong; of what no row wants "
            f"{counts['stray']} stray, {counts['deleted']} deleted, {counts['new']} too new."
        )
        if counts["missing"] or counts["wrong"]:
            raise CommandError(summary)
        self.stdout.write(summary)

    def check_files(self, delete_strays: bool) -> None:
        for one in complaints():
            self.tell(one.how, one.name, one.words)
        for name, old in strays():
            if not old:
                self.tell("new", name, "No row wants it yet; if that stays so, it is a stray.")
            elif not delete_strays:
                self.tell("stray", name, "No row wants it. --delete-strays deletes it.")
            elif remove(name):
                self.tell("deleted", name, "No row wanted it.")

    def check_database(self) -> None:
        """Raises CommandError where it is not one that files can be held against."""
        try:
            found = faults()
            lacking = not found and known_migrations() - applied_migrations()
        except DatabaseError as error:
            raise CommandError(f"The database does not answer: {str(error).strip()}") from None
        for fault in found:
            self.tell("wrong", "database", fault)
        if found:
            raise CommandError(
                "The database is damaged, so no file was looked at. Restore a backup."
            )
        if lacking:
            raise CommandError(
                "The database is not that of this version of the program. Run manage.py migrate, "
                "then this again."
            )
        if connection.vendor == "postgresql":
            self.stdout.write("PostgreSQL's own files are for its admin to check, with pg_amcheck.")

    def tell(self, how: str, name: str, words: str) -> None:
        self.counts[how] += 1
        self.stdout.write(f"{how:8}{name}  {words}")

"""Hold every work against its history."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gallery.works.history import Change


class Command(BaseCommand):
    help = "Check that no work's history was rewritten, and that each work is as its history says."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = list(Change.objects.broken())
        for code, complaint in broken:
            self.stdout.write(f"{code}: {complaint}")
        if broken:
            works = "1 work is" if len(broken) == 1 else f"{len(broken)} works are"
            raise CommandError(f"{works} not as the history says. Compare with a backup.")
        count = Change.objects.values("artwork").distinct().count()
        self.stdout.write(f"The histories of {count} works are whole.")

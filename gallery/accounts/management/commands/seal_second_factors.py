"""Seal the secrets of second factors with the present SECRET_KEY, also those that were not."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gallery.accounts.sealing import seal_all


class Command(BaseCommand):
    help = (
        "Encrypts what authenticator apps and recovery codes are made from with the present "
        "SECRET_KEY. Run it once after an update, and after a change of SECRET_KEY while the old "
        "one is in SECRET_KEY_FALLBACKS."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        sealed, unreadable = seal_all()
        self.stdout.write(f"Sealed {sealed} apps and sets of recovery codes.")
        if unreadable:
            raise CommandError(
                f"{unreadable} were sealed with a key that is neither SECRET_KEY nor in "
                "SECRET_KEY_FALLBACKS. Name it there and run this again; without it their owners "
                "set up a second factor anew."
            )

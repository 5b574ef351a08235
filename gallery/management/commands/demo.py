"""Open the demo in a gallery of its own: a simulated study that fills every panel."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from gallery.simulation.demo import open_demo


class Command(BaseCommand):
    help = "Paint some works, let simulated visitors rate them, and show what the findings become."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("furnish", no_study=True)
        open_demo(self.stdout.write)

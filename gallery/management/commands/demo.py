"""Open the demo: a simulated study that fills every panel of the findings."""

from typing import Any

from django.core.management.base import BaseCommand

from gallery.simulation.demo import open_demo


class Command(BaseCommand):
    help = "Paint some works, let simulated visitors rate them, and show what the findings become."

    def handle(self, *args: Any, **options: Any) -> None:
        open_demo(self.stdout.write)

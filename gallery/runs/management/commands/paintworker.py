"""`manage.py paintworker`: paints runs in a process of its own, for example beside a GPU."""

import asyncio
import signal
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from gallery.runs.doorbell import live_on
from gallery.runs.worker import PaintWorker

INTERRUPTED = 128 + signal.SIGINT  # a shell's exit code for what Ctrl-C ended


class Command(BaseCommand):
    help = "Paint the runs that wait, until stopped. Start as many as there is hardware for."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--until-empty",
            action="store_true",
            help="exit when every run is over, with a line for each finished work; 130 if stopped",
        )

    def handle(self, *args: str, until_empty: bool = False, **options: object) -> None:
        told_to_stop = asyncio.run(self._work(until_empty=until_empty))
        if until_empty and told_to_stop:  # whoever called must not go on as if all were painted
            sentence = "Stopped before every run was painted. Start this again to paint the rest."
            raise CommandError(sentence, returncode=INTERRUPTED)

    async def _work(self, *, until_empty: bool) -> bool:
        """Work to the end; whether that was the wish of a signal."""
        loop, told_to_stop = asyncio.get_running_loop(), asyncio.Event()
        worker = PaintWorker(until_empty=until_empty)

        def stop() -> None:
            told_to_stop.set()
            worker.stop()

        for asked in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(asked, stop)
        live_on(loop)
        try:
            await worker.arun()
        finally:
            live_on(None)
        return told_to_stop.is_set()

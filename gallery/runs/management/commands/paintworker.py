"""`manage.py paintworker`: paints runs in a process of its own, for example beside a GPU."""

import asyncio
import signal
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from gallery.runs.doorbell import live_on
from gallery.runs.worker import PaintWorker


class Command(BaseCommand):
    help = "Paint the runs that wait, until stopped. Start as many as there is hardware for."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--until-empty",
            action="store_true",
            help="paint what waits now and exit, with a line for each finished work",
        )

    def handle(self, *args: str, until_empty: bool = False, **options: object) -> None:
        asyncio.run(self._work(until_empty=until_empty))

    async def _work(self, *, until_empty: bool) -> None:
        loop = asyncio.get_running_loop()
        worker = PaintWorker()
        for stop in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(stop, worker.stop)
        live_on(loop)
        if until_empty:
            await worker.paint_waiting()
            await worker.child.kill()
        else:
            await worker.arun()

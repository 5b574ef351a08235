"""The parent's side of the process that paints: started warm, killed without mercy."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.utils.translation import gettext

from generators.refused import Refused

LONGEST_LINE = 4 * 2**20  # bytes; a preview of pure noise takes 0.1 MB

Message = dict[str, Any]  # as `gallery.runs.painter` documents them


class Accident(Exception):
    """Painting ended in a way that may not repeat itself. The message is a sentence for the log."""


class Child:
    """One warm process that paints one job at a time."""

    def __init__(self) -> None:
        self.process: Process | None = None

    async def warm_up(self) -> Process:
        """Start the process unless it lives. It loads torch while nobody waits for it."""
        if self.process is None or self.process.returncode is not None:
            memory = 0 if settings.PAINT_DEVICE.startswith("cuda") else settings.PAINT_MEMORY_MB
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "gallery.runs.painter", "--parent", str(os.getpid())),
                *("--device", settings.PAINT_DEVICE, "--memory-mb", str(memory)),
                stdin=PIPE,
                stdout=PIPE,
                limit=LONGEST_LINE,
                cwd=settings.BASE_DIR,
                start_new_session=True,  # a Ctrl-C meant for the server is the server's to pass on
            )
        return self.process

    async def paint(
        self, job: Message, hear: Callable[[Message], None], limit: float | None = None
    ) -> dict[str, str]:
        """Carry one job to its end; return its facts. `hear` gets each frame's message.

        `limit` are the seconds that it may take; without, those for one work.

        Raises Refused with the generator's sentence, or Accident. Whenever the job does not end by
        itself, also when this coroutine is cancelled, the process is killed.
        """
        process = await self.warm_up()
        seconds = settings.PAINT_OUTPUT_SECONDS if limit is None else limit
        try:
            async with asyncio.timeout(seconds):
                return await self._converse(process, job, hear)
        except Refused:
            raise
        except TimeoutError:
            await self.kill()
            told = gettext("It took longer than the limit of %(minutes).3g minutes for one work.")
            if limit is not None:
                told = gettext("It took longer than the limit of %(minutes).3g minutes for this.")
            raise Accident(told % {"minutes": seconds / 60}) from None
        except BaseException:
            await self.kill()
            raise

    async def _converse(
        self, process: Process, job: Message, hear: Callable[[Message], None]
    ) -> dict[str, str]:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the child was started without pipes")
        with suppress(ConnectionError):  # a process that died is noticed by the end of its output
            process.stdin.write(json.dumps(job).encode() + b"\n")
            await process.stdin.drain()
        while line := await process.stdout.readline():
            message: Message = json.loads(line)
            if message["kind"] == "frame":
                hear(message)
            elif message["kind"] == "done":
                return {str(name): str(fact) for name, fact in message["facts"].items()}
            elif message["kind"] == "refused":
                raise Refused(message["reason"])
            elif message["kind"] == "failed":
                raise Accident(_complaint(message))
        raise Accident(_epitaph(await process.wait()))

    async def kill(self) -> None:
        """End the process now; the next job starts another."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()
        self.process = None


def _complaint(failed: Message) -> str:
    """What the process said before it ended."""
    if failed["memory"]:
        return gettext("There was not enough memory to paint this. Choose a smaller size.")
    return gettext("Painting broke off: %(reason)s") % {"reason": failed["reason"]}


def _epitaph(code: int) -> str:
    """Why a process ended that said nothing."""
    if code >= 0:
        return gettext(
            "The painting process ended with exit code %(code)d; its last words are in the "
            "worker's log."
        ) % {"code": code}
    name = signal.Signals(-code).name
    return gettext(
        "The painting process was killed (%(signal)s). The machine may lack memory for this size."
    ) % {"signal": name}

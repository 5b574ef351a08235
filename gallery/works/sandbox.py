"""The parent's side of the child process that opens strangers' pictures."""

from __future__ import annotations

import json
import logging
import os
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from types import TracebackType
from typing import IO, Self, cast

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field, ValidationError

from gallery.works.framing import Framing

logger = logging.getLogger(__name__)
AS_IT_CAME = Framing()

WALL_SECONDS = 12.0
# Children at work at the same time, each with up to half a gigabyte; the others wait their turn.
ROOM = threading.BoundedSemaphore(2)

REASONS = {
    "format": _("it is not a JPEG, PNG, WebP or AVIF picture"),
    "damaged": _("the file is damaged or incomplete. Save the picture anew and try that"),
    "pixels": _("it has more than 40 million pixels. Save it smaller and try again"),
    "webp": _(
        "a WebP picture may have at most 25 million pixels. Save it smaller or as a JPEG "
        "and try again"
    ),
    "avif": _(
        "an AVIF picture may have at most 25 million pixels. Save it smaller or as a JPEG "
        "and try again"
    ),
    "long": _("it is longer than 20,000 pixels on one side. Save it smaller and try again"),
    "small": _("it is smaller than 16 pixels on one side. Send a larger picture"),
    "memory": _("opening it takes too much memory. Save it smaller and try again"),
    "time": _("opening it takes too long. Save it smaller or as a plain JPEG and try again"),
}


class NotDeveloped(Exception):
    """`reason` is a key of REASONS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NoRoom(Exception):
    """No child became free in time; the picture may be whole."""


@dataclass(frozen=True, slots=True)
class Print:
    """One rendition, not yet stored; sizes in px."""

    kind: str
    width: int
    height: int
    webp: bytes


@dataclass(frozen=True, slots=True)
class Developed:
    """A picture that was read: the size of its upright original in px, and its renditions."""

    width: int
    height: int
    jpeg_quality: int | None
    prints: tuple[Print, ...]


class _Told(BaseModel):
    kind: str
    width: int = Field(gt=0)
    height: int = Field(gt=0)
    bytes: int = Field(gt=0, lt=32 * 1024 * 1024)


class _Answer(BaseModel):
    """What the child says. It may have been taken over by a picture, so nothing is believed."""

    refused: str = ""
    width: int = 0
    height: int = 0
    quality: int | None = None
    renditions: list[_Told] = Field(default=[], max_length=3)


class Sandbox:
    """One child, started when first needed and again after a picture killed it.

    Keep it open over many pictures from one hand; take a fresh one for each stranger, so that a
    picture that subverts the child finds nobody else's there. One thread at a time. `patience` is
    how many seconds a picture may wait for its turn; None waits as long as it takes.
    """

    def __init__(self, patience: float | None = None) -> None:
        self._patience = patience
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def develop(
        self, data: bytes, qualities: Sequence[int], framing: Framing = AS_IT_CAME
    ) -> Developed:
        """Read a picture and make its renditions.

        Raises NoRoom after `patience`, and NotDeveloped within WALL_SECONDS of its turn.
        """
        if not ROOM.acquire(timeout=self._patience):
            raise NoRoom
        try:
            return self._develop(data, qualities, framing)
        finally:
            ROOM.release()

    def _develop(self, data: bytes, qualities: Sequence[int], framing: Framing) -> Developed:
        started = monotonic()
        child = self._child = self._child or _start()
        alarm = threading.Timer(WALL_SECONDS, child.kill)
        alarm.start()
        try:
            return _exchange(child, data, qualities, framing)
        except (OSError, EOFError, ValidationError, struct.error) as error:
            self.close()
            late = monotonic() - started >= WALL_SECONDS or child.returncode == -signal.SIGXCPU
            logger.warning("decoding child ended with %s", child.returncode)
            raise NotDeveloped("time" if late else "damaged") from error
        finally:
            alarm.cancel()

    def close(self) -> None:
        """End the child, whatever it is doing."""
        if self._child:
            self._child.kill()
            self._child.communicate()
            self._child = None


def _start() -> subprocess.Popen[bytes]:
    """A child that inherits no secret of ours; it sets its own limits before it reads."""
    kept = ("PATH", "LD_LIBRARY_PATH", "LANG")
    return subprocess.Popen(
        [sys.executable, "-B", "-m", "gallery.works.decoding"],
        cwd=settings.BASE_DIR,
        env={name: os.environ[name] for name in kept if name in os.environ},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _exchange(
    child: subprocess.Popen[bytes], data: bytes, qualities: Sequence[int], framing: Framing
) -> Developed:
    requests, answers = cast("IO[bytes]", child.stdin), cast("IO[bytes]", child.stdout)
    told = json.dumps({"qualities": list(qualities), "framing": framing.told()}).encode()
    requests.write(struct.pack(">II", len(told), len(data)) + told)
    requests.write(data)
    requests.flush()
    (length,) = struct.unpack(">I", _read(answers, 4))
    answer = _Answer.model_validate_json(_read(answers, min(length, 65536)))
    if answer.refused or not answer.renditions:
        raise NotDeveloped(answer.refused if answer.refused in REASONS else "damaged")
    prints = tuple(
        Print(one.kind, one.width, one.height, _read(answers, one.bytes))
        for one in answer.renditions
    )
    return Developed(answer.width, answer.height, answer.quality, prints)


def _read(pipe: IO[bytes], length: int) -> bytes:
    data = pipe.read(length)
    if len(data) < length:
        raise EOFError
    return data

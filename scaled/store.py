"""The store of a scaled gallery's works: a bucket on this machine's disk, which rclone serves."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from scaled.place import Place

START_SECONDS = 30.0


@contextmanager
def storing(place: Place) -> Iterator[None]:
    """The store at its port for a while. Raises CalledProcessError if it does not start."""
    if not place.has_store:
        yield
        return
    place.bucket.mkdir(parents=True, exist_ok=True, mode=0o700)
    environment = {**os.environ, **place.supervised()}
    with (
        (place.run / "store.log").open("ab") as log,
        subprocess.Popen(place.store_command, env=environment, stderr=log) as server,
    ):
        try:
            _wait_for(server, place)
            yield
        finally:
            server.terminate()


def _wait_for(server: subprocess.Popen[bytes], place: Place) -> None:
    end = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < end:
        address = ("127.0.0.1", place.port_of("store"))
        with suppress(OSError), socket.create_connection(address, timeout=1):
            return
        time.sleep(0.1)
    raise subprocess.CalledProcessError(server.returncode or 1, place.store_command)

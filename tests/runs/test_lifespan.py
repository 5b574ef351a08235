"""The worker inside the web server's process."""

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator

from gallery.runs.lifespan import Lifespan
from tests.faults.witness import painter_of
from tests.servers import ROOT


async def server(act) -> Any:
    """Start as an ASGI server does, `act`, and stop."""
    lifespan = ApplicationCommunicator(Lifespan(), {"type": "lifespan"})
    await lifespan.send_input({"type": "lifespan.startup"})
    assert (await lifespan.receive_output(5))["type"] == "lifespan.startup.complete"
    done = await act()
    await lifespan.send_input({"type": "lifespan.shutdown"})
    assert (await lifespan.receive_output(8))["type"] == "lifespan.shutdown.complete"
    await lifespan.wait()
    return done


async def painter_within(seconds: float) -> int | None:
    for _ in range(int(seconds / 0.1)):
        if pid := painter_of(own_pid()):
            return pid
        await asyncio.sleep(0.1)
    return None


def own_pid() -> int:
    return int(Path("/proc/self").resolve().name)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_falls_over_is_told_of_and_replaced(settings, tmp_path, caplog):
    settings.PAINT_IN_PROCESS, settings.PAINT_TICK_SECONDS = True, 0.2
    settings.BASE_DIR = tmp_path / "gone"  # where no process can be started

    async def act() -> int | None:
        await asyncio.sleep(0.5)
        assert await painter_within(0.1) is None
        settings.BASE_DIR = ROOT
        return await painter_within(5)

    with caplog.at_level(logging.ERROR):
        assert async_to_sync(server)(act)
    assert "another starts" in caplog.text
    assert painter_of(own_pid()) is None  # it went with the server


def test_a_server_that_is_told_not_to_paint_starts_no_painter(settings):
    settings.PAINT_IN_PROCESS = False

    async def act() -> int | None:
        return await painter_within(0.5)

    assert async_to_sync(server)(act) is None

"""The child that opens pictures has little, and costs nobody but itself."""

import os
import resource
import signal
import threading
from pathlib import Path

import pytest
from PIL import Image

from gallery.works import sandbox as sandbox_module
from gallery.works.decoding import MEMORY_BYTES, MOST_WEBP_PIXELS
from gallery.works.sandbox import ROOM, NoRoom, NotDeveloped, Sandbox
from tests.works.pictures import encoded, noise

pytestmark = pytest.mark.any_database

PICTURE = encoded(noise())


def test_the_child_is_limited_and_holds_no_secret(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "not for pictures")
    with Sandbox() as sandbox:
        sandbox.develop(PICTURE, [])
        assert sandbox._child
        pid = sandbox._child.pid
        assert resource.prlimit(pid, resource.RLIMIT_AS)[1] == MEMORY_BYTES
        assert resource.prlimit(pid, resource.RLIMIT_FSIZE)[1] == 0
        assert resource.prlimit(pid, resource.RLIMIT_CPU)[0] <= 11
        assert b"not for pictures" not in Path(f"/proc/{pid}/environ").read_bytes()


def test_a_webp_is_read_up_to_its_own_limit_and_refused_above_it_by_size_not_for_damage():
    """With alpha, which costs the decoder most; flat, so that making them takes no time."""
    largest = Image.new("RGBA", (5000, 5000), (200, 100, 50, 120))
    above = bytearray(encoded(Image.new("RGBA", (20, 20)), "WEBP"))
    above[24:30] = (16_382).to_bytes(3, "little") * 2  # what its header says of its size, less one
    assert largest.width * largest.height == MOST_WEBP_PIXELS
    with Sandbox() as sandbox:
        assert sandbox.develop(encoded(largest, "WEBP", quality=50, method=0), []).width == 5000
        with pytest.raises(NotDeveloped, match="webp"):
            sandbox.develop(bytes(above), [])


def test_a_picture_that_takes_too_long_is_refused_and_the_next_one_read(monkeypatch):
    monkeypatch.setattr(sandbox_module, "WALL_SECONDS", 0.01)
    with Sandbox() as sandbox:
        with pytest.raises(NotDeveloped, match="time"):
            sandbox.develop(PICTURE, [])
        monkeypatch.undo()
        assert sandbox.develop(PICTURE, []).width == 64


def test_a_picture_that_kills_the_child_costs_only_itself():
    with Sandbox() as sandbox:
        sandbox.develop(PICTURE, [])
        assert sandbox._child
        os.kill(sandbox._child.pid, signal.SIGSEGV)
        with pytest.raises(NotDeveloped, match="damaged"):
            sandbox.develop(PICTURE, [])
        assert sandbox.develop(PICTURE, []).width == 64


def test_one_child_reads_many_pictures_and_goes_when_done():
    with Sandbox() as sandbox:
        sandbox.develop(PICTURE, [])
        assert sandbox._child
        child = sandbox._child
        with pytest.raises(NotDeveloped, match="format"):
            sandbox.develop(b"no picture", [])
        sandbox.develop(PICTURE, [])
        assert sandbox._child is child
    assert child.returncode == -signal.SIGKILL


def test_who_is_patient_waits_for_a_free_child_and_who_is_not_is_told():
    with ROOM:
        ROOM.acquire()
        threading.Timer(0.3, ROOM.release).start()
        with Sandbox(patience=0.05) as hurried, pytest.raises(NoRoom):
            hurried.develop(PICTURE, [])
        with Sandbox() as patient:
            assert patient.develop(PICTURE, []).width == 64

"""What a scaled gallery cannot start without, it says in a sentence."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from scaled import __main__ as scaled
from scaled.place import Place, found
from tests.scaled.deployed import free_ports
from tests.servers import ROOT

pytestmark = pytest.mark.any_database


def refusal(folder: Path, **environment: str) -> str:
    """What `make scaled` ends with."""
    done = subprocess.run(
        [sys.executable, "-m", "scaled"],
        cwd=ROOT,
        env={**os.environ, "VAR_DIR": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.skipif(not found("nginx"), reason="what is missing is told before what is taken")
def test_a_taken_port_is_named(tmp_path):
    first = free_ports()
    with socket.create_server(("127.0.0.1", first + 2)):
        told = refusal(tmp_path, PORT=str(first))
    assert f"Port {first + 2} (http2) cannot be used" in told


def test_missing_programs_are_named_as_apt_knows_them(tmp_path, monkeypatch):
    monkeypatch.setattr(scaled, "NEEDED", {"no-such-nginx": "nginx", "no-such-db": "postgresql"})
    with pytest.raises(SystemExit, match="apt-get install nginx postgresql"):
        scaled.refuse_what_cannot_work(Place(tmp_path))

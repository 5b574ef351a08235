"""What `make scaled` serves, in a folder and on ports of its own."""

from __future__ import annotations

import http.client
import os
import random
import re
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from scaled.place import PARTS, Place
from tests.servers import ROOT, Gallery, listens, wait_until

SUPERVISED = (
    *("postgres", "redis", "store", "http1", "http2"),
    *("sockets", "painter0", "painter1", "nginx"),
)


def free_ports() -> int:
    """The first of as many free ports as there are parts: below those that the kernel hands out,
    which a part that is restarted could find taken."""
    for _ in range(100):
        first = random.randrange(20000, 30000, len(PARTS))
        with suppress(OSError):
            for port in range(first, first + len(PARTS)):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
            return first
    raise AssertionError("no free ports")


class Deployed(Gallery):
    """A gallery whose process is the supervisor."""

    def __init__(self, folder: Path, **environment: str) -> None:
        super().__init__(folder)
        self.place = Place(folder, free_ports())
        self.port = self.place.port
        self.url = f"http://127.0.0.1:{self.port}"
        ours = self.place.environment() | {"PORT": str(self.port), "HOST": "127.0.0.1"}
        self.environment |= ours | environment

    def start(self, log_level: str = "") -> Deployed:
        if self.process:  # it was killed, see below
            self.process.send_signal(signal.SIGCONT)
            wait_until(self.is_ready, seconds=60, what="the return")
            return self
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "scaled", "--bare"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        started = self.process
        wait_until(
            lambda: started.poll() is not None or self.is_ready(), seconds=120, what="the start"
        )
        assert started.poll() is None, self.log.read_text()
        return self

    def stop(self) -> None:
        """Ctrl-C. Raises TimeoutExpired if it does not help."""
        self._standby = None
        if self.process:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(40)
        self.process = None

    def kill(self) -> None:
        """What answers visitors, and who would start it again holds still until `start`."""
        assert self.process
        self.process.send_signal(signal.SIGSTOP)
        for part in ("nginx", "http1", "http2"):
            os.killpg(self.pid_of(part), signal.SIGKILL)

    def control(self, *command: str) -> str:
        """What supervisorctl says."""
        control = [sys.executable, "-m", "supervisor.supervisorctl", "-s"]
        socket_of = f"unix://{self.place.run}/supervisor.sock"
        done = subprocess.run(
            [*control, socket_of, *command], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def is_ready(self) -> bool:
        """As who balances load asks, through the front."""
        return self.status_of("/readyz") == 200

    def status_of(self, path: str, port: int = 0) -> int:
        """0 where nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=20)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def pid_of(self, part: str) -> int:
        """Of the last process that the supervisor started for it."""
        told = (self.place.run / "supervisord.log").read_text()
        return int(re.findall(rf"spawned: '{part}' with pid (\d+)", told)[-1])

    def leavings(self) -> list[str]:
        """What still runs of it, whoever's child it is: command lines, and ports that listen, as
        nginx's workers overwrite what else could tell whose they are."""
        mine = str(self.folder).encode()
        ports = range(self.port, self.port + len(PARTS))
        found = [f"port {port}" for port in ports if listens(port)]
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                command = (process / "cmdline").read_bytes()
                if mine in command or mine in (process / "environ").read_bytes():
                    found.append(command.replace(b"\0", b" ").decode())
        return found

    def kill_part(self, part: str) -> int:
        """SIGKILL; the process id that was."""
        pid = self.pid_of(part)
        os.kill(pid, signal.SIGKILL)
        return pid

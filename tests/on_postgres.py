"""Run a command with DATABASE_URL naming a private PostgreSQL that lives as long as the command:

python -m tests.on_postgres python -m pytest tests/works
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.servers import postgres_binaries, private_postgres

if __name__ == "__main__":
    if not postgres_binaries():
        print("PostgreSQL's server is not installed (Debian: apt-get install postgresql).")
        sys.exit(1 if os.environ.get("CI") else 0)
    with tempfile.TemporaryDirectory() as folder, private_postgres(Path(folder) / "pg") as url:
        done = subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": url}, check=False)
    sys.exit(done.returncode)

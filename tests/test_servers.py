"""The private servers of the suite do start, hold data and stop."""

import subprocess

from tests.servers import postgres_binaries


def test_a_private_postgres_answers(postgres_url):
    binaries = postgres_binaries()
    assert binaries
    command = [binaries / "psql", "-At", postgres_url, "-c", "select 6*7"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "42\n"


def test_a_private_redis_answers(redis_url):
    command = ["redis-cli", "-u", redis_url, "ping"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "PONG\n"

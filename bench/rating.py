"""How long an answer takes, how many are kept a second, and what that costs the server."""

from __future__ import annotations

import os
import statistics
import tempfile
import threading
import time
from pathlib import Path

from bench.visitors import Visitor
from tests.servers import Gallery

STUDY = """
from tests.factories import make_study
make_study(30, slug="bench", trials_per_rater=40)
"""
ROUNDS, ANSWERS = 5, 60
CONNECTIONS, SECONDS = 32, 15


def fsyncs_a_second(folder: Path, seconds: float = 1.0) -> float:
    """How often this disk makes 4 kB durable: no durable rate can be read without it."""
    count, end = 0, time.perf_counter() + seconds
    with (folder / "fsync").open("wb", buffering=0) as file:
        while time.perf_counter() < end:
            file.write(b"x" * 4096)
            os.fdatasync(file.fileno())
            count += 1
    return count / seconds


def cpu_seconds(pid: int) -> float:
    user, system = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def round_trip(ours: Gallery, plain: Gallery) -> None:
    """One visitor, the two servers by turns."""
    times: dict[str, list[float]] = {"ours": [], "plain": []}
    cpu = {"ours": 0.0, "plain": 0.0}
    servers = {"ours": ours, "plain": plain}
    visitors = {name: Visitor(server.port, "bench") for name, server in servers.items()}
    for visitor in visitors.values():
        visitor.rate()  # warm
    for _ in range(ROUNDS):
        for name, visitor in visitors.items():
            process = servers[name].process
            assert process
            before = cpu_seconds(process.pid)
            times[name] += [visitor.rate() for _ in range(ANSWERS)]
            cpu[name] += cpu_seconds(process.pid) - before
    print("Rating round trip (answer, next page), one visitor, milliseconds:")
    for name, taken in times.items():
        median, tail = statistics.median(taken), percentile(taken, 0.95)
        each = cpu[name] / len(taken)
        print(
            f"  {name:6} median {1e3 * median:6.1f}  p95 {1e3 * tail:6.1f}  CPU {1e3 * each:5.1f}"
        )
    ratio = statistics.median(times["plain"]) / statistics.median(times["ours"])
    print(f"  plain ASGI / ours: {ratio:.2f} by the clock, {cpu['plain'] / cpu['ours']:.2f} in CPU")


def sustained(gallery: Gallery, name: str) -> None:
    """Many visitors without a pause between answers."""
    times: list[float] = []
    errors: list[str] = []
    end = time.perf_counter() + SECONDS

    def visit() -> None:
        visitor = Visitor(gallery.port, "bench")
        try:
            while time.perf_counter() < end:
                times.append(visitor.rate())
        except Exception as error:  # noqa: BLE001  counted and reported
            errors.append(repr(error))

    before = fsyncs_a_second(gallery.folder)
    threads = [threading.Thread(target=visit) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    after = fsyncs_a_second(gallery.folder)
    rate, disk = len(times) / SECONDS, (before + after) / 2
    print(
        f"  {name:6} {rate:6.0f} ratings/s acknowledged and durable, "
        f"p95 {1e3 * percentile(times, 0.95):.0f} ms, p99 {1e3 * percentile(times, 0.99):.0f} ms, "
        f"{len(errors)} errors; disk {disk:.0f} fsync/s, {rate / disk:.2f} ratings/fsync"
    )
    for error in errors[:3]:
        print(f"         {error}")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        ours = Gallery(Path(folder) / "ours").furnish()
        plain = Gallery(Path(folder) / "plain", PAINT_IN_PROCESS="0").furnish()
        plain.application = "bench.plain_asgi:application"
        for gallery in (ours, plain):
            gallery.python(STUDY)
            gallery.start()
        try:
            round_trip(ours, plain)
            print(f"Sustained, {CONNECTIONS} connections without a pause, {SECONDS} s:")
            sustained(ours, "ours")
            sustained(plain, "plain")
        finally:
            ours.stop()
            plain.stop()

"""Times that hold on a busy machine, and rows that say whether a bound is met.

What is compared is the CPU time of one thread, the sides by turns: on a shared machine the wall
clock measures the neighbours. The median and the range are reported.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import torch


@contextmanager
def one_thread() -> Iterator[None]:
    """Torch computes with one thread only, so that CPU time is what a lone core would take."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def cpu(work: Callable[[], object]) -> float:
    """Seconds of CPU time that one call takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


def by_turns(sides: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """What each side measures, `rounds` times, one after the other."""
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, measure in sides.items():
            times[name].append(measure())
    return times


def spread(values: list[float], unit: str = "s", scale: float = 1.0) -> str:
    """The median, and the range where there is one."""
    values = [scale * value for value in values]
    middle = f"{statistics.median(values):.3g} {unit}"
    if len(values) == 1:
        return middle
    return f"{middle} ({min(values):.3g} to {max(values):.3g})"


def row(
    title: str, ours: str, beside: str, value: float, bound: float, least: bool = False
) -> None:
    """Print one comparison. `bound` is the most that `value` may be, or the `least`."""
    met = value >= bound if least else value <= bound
    sign = ">=" if least else "<="
    print(f"{title}\n  ours   {ours}\n  beside {beside}")
    print(f"  {value:.3g}, wanted {sign} {bound:g}: {'met' if met else 'NOT MET'}", flush=True)


def load() -> str:
    """How busy the machine is, for the rows that only the wall clock can measure."""
    running, cores = os.getloadavg()[0], os.cpu_count() or 1
    state = "busy with other work" if running > 0.5 * cores else "idle"
    return f"machine {state}: load {running:.1f} on {cores} cores"


def memory_mb(which: str = "VmRSS") -> float:
    """Resident memory of this process; VmHWM is its peak.

    Not getrusage's peak: that one is inherited from the parent process.
    """
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{which}:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"This system does not tell {which}.")


def peak_mb(work: Callable[[], object]) -> tuple[float, float]:
    """Peak resident memory of this process while `work` runs: above what it held, and in all."""
    Path("/proc/self/clear_refs").write_text("5")  # the peak so far is forgotten
    before = memory_mb()
    work()
    peak = memory_mb("VmHWM")
    return peak - before, peak

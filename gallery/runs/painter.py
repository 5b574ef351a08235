"""The process that paints: torch, no Django. `python -m gallery.runs.painter --parent PID ...`

It loads torch once, says so, and then takes one job after another. Jobs come as JSON lines on
stdin, what it has to say leaves as JSON lines on stdout:

    {"kind": "ready", "seconds"}                             after loading
    {"kind": "frame", "step", "steps", "note", "image", "text"}   image: WebP in base64, or ""
    {"kind": "done", "facts"}                                the output file lies where the job said
    {"kind": "refused", "reason"}                            a sentence; trying again is no use
    {"kind": "failed", "memory", "reason"}                   an accident; the process ends

A job with "measure" asks for the measures of a finished work instead; its output is a JSON file.
A job with "train" asks for a generator's training, as `generators.training.trainers` says.

It dies with its parent: the kernel sends it SIGKILL (Linux), and stdin's end stops it elsewhere.
"""

from __future__ import annotations

import argparse
import base64
import ctypes
import json
import math
import os
import queue
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from generators.catalog import GENERATORS, Generator, ImageParams, Params
from generators.refused import Refused
from generators.training.trainers import TRAINERS

if TYPE_CHECKING:
    from torch import Tensor

    from generators.frames import Frame

MOST_REPORTS = 4.0  # a second: nobody reads faster, and a report costs the parent a write
MOST_PREVIEWS = 2.0  # a second
PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


def main() -> None:
    """Load torch, then carry out jobs until stdin ends."""
    asked = arguments()
    begun = time.monotonic()
    out = claim_stdout()
    die_with_parent(asked.parent)
    os.nice(10)  # whoever looks at a page comes first
    if asked.memory_mb:
        limit_memory(asked.memory_mb)
    try:
        import torch

        for generator in GENERATORS.values():  # now, not while someone waits for a first frame
            with suppress(ImportError):  # told by the job that needs it
                generator.load()
        torch.set_num_threads(max(1, (os.cpu_count() or 1) - 1))
        tell(out, kind="ready", seconds=round(time.monotonic() - begun, 2))
        jobs = listen()
        while True:
            carry_out(jobs.get(), asked.device, out)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        tell(out, kind="failed", memory=lacked_memory(error), reason=reason)
        raise


def carry_out(job: dict[str, Any], device: str, out: IO[str]) -> None:
    """Do what a job asks, into the file `job["output"]`. Anything but Refused ends the process."""
    try:
        if "measure" in job:
            write(Path(job["output"]), json.dumps(measure(job)).encode())
            tell(out, kind="done", facts={})
            return
        if "train" in job:
            tell(out, kind="done", facts=train(job, device, out))
            return
        generator = GENERATORS.get(job["generator"])
        if generator is None:
            raise Refused(f"There is no generator {job['generator']!r} any more.")
        params = generator.parse(job["params"])
        more: dict[str, Any] = {"content": read_content(params, job)}
        if generator.most_styles:
            more["styles"] = read_styles(params, job)
        frames = generator.load()(params, seed=job["seed"], device=device, **more)
        reporter = Reporter(out)
        for frame in frames:
            reporter.hear(frame)
        write(Path(job["output"]), as_bytes(generator, frame))
        tell(out, kind="done", facts={**frame.facts, **versions(generator, device)})
    except Refused as refused:
        tell(out, kind="refused", reason=str(refused))


def measure(job: dict[str, Any]) -> dict[str, Any]:
    """The measures of a picture file or a text."""
    from generators.measures import measure_picture, measure_text

    if job["measure"] == "text":
        return measure_text(job["text"]).as_json()
    return measure_picture(Path(job["picture_file"])).as_json()


def train(job: dict[str, Any], device: str, out: IO[str]) -> dict[str, str]:
    """Train a generator; return the facts of what it learnt, which lies in `job["output"]`."""
    trainer = TRAINERS.get(job["train"])
    if trainer is None:
        raise Refused(f"The generator {job['train']!r} cannot be trained any more.")
    files = {name: Path(job[name]) for name in ("collection", "checkpoint", "output")}
    params = trainer.parse(job["params"])
    reporter = Reporter(out)
    for frame in trainer.load()(params, **files, seed=job["seed"], device=device):
        reporter.hear(frame)
    return {**frame.facts, **versions(GENERATORS[trainer.generator], device)}


def lacked_memory(error: Exception) -> bool:
    """Torch's allocator for the CPU raises a plain RuntimeError, and one for CUDA its own."""
    told = str(error)
    # The last is oneDNN's word for a buffer that it did not get.
    words = ("allocate memory", "out of memory", "could not create a primitive")
    return isinstance(error, MemoryError) or any(word in told for word in words)


class Reporter:
    """Tells the parent of frames, and leaves out what comes too fast to be looked at."""

    def __init__(self, out: IO[str]) -> None:
        self.out = out
        self.reported = self.previewed = -math.inf

    def hear(self, frame: Frame) -> None:
        clock = time.monotonic()
        shown = frame.image is not None or frame.text is not None
        preview = shown and (frame.last or clock - self.previewed > 1 / MOST_PREVIEWS)
        if not preview and not frame.last and clock - self.reported < 1 / MOST_REPORTS:
            return
        image = preview_of(frame) if preview else ""
        tell(
            self.out,
            kind="frame",
            step=frame.step,
            steps=frame.steps,
            note=frame.note,
            image=image,
            text=(frame.text or "") if preview else "",
        )
        self.reported = clock
        if preview:
            self.previewed = clock


def preview_of(frame: Frame) -> str:
    if frame.image is None:
        return ""
    from generators.pictures import to_preview

    return base64.b64encode(to_preview(frame.image)).decode("ascii")


def read_content(params: Params, job: dict[str, Any]) -> Tensor | str | None:
    """The work to start from: a picture file, a text, or nothing."""
    if "content_file" in job and isinstance(params, ImageParams):
        from generators.pictures import read_picture

        return read_picture(Path(job["content_file"]), params.size)
    text = job.get("content_text")
    return None if text is None else str(text)


def read_styles(params: Params, job: dict[str, Any]) -> list[Tensor]:
    """The works whose style is taken, or that guide, in their order."""
    if not isinstance(params, ImageParams):
        return []
    from generators.pictures import read_picture

    return [read_picture(Path(path), params.style_side) for path in job.get("style_files", [])]


def as_bytes(generator: Generator, frame: Frame) -> bytes:
    """The finished work. Raises ValueError for a picture with NaN or infinite values."""
    if generator.medium == "text":
        return (frame.text or "").encode()
    from generators.pictures import to_png

    if frame.image is None or not bool(frame.image.isfinite().all()):
        raise ValueError("the picture has values that are not numbers")
    return to_png(frame.image)


def write(path: Path, data: bytes) -> None:
    """A file that is there in full, and on disk, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def versions(generator: Generator, device: str) -> dict[str, str]:
    """What the bytes depend on besides params and seed."""
    import torch

    name = torch.cuda.get_device_name(device) if device.startswith("cuda") else device
    return {"version": str(generator.version), "torch": torch.__version__, "device": name}


def listen() -> queue.Queue[dict[str, Any]]:
    """Jobs as they come. The thread also notices that the parent is gone, even while painting."""
    jobs: queue.Queue[dict[str, Any]] = queue.Queue()

    def read() -> None:
        for line in sys.stdin:
            jobs.put(json.loads(line))
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    return jobs


def tell(out: IO[str], **message: object) -> None:
    out.write(json.dumps(message) + "\n")
    out.flush()


def die_with_parent(parent: int) -> None:
    """Ask the kernel for SIGKILL when the parent dies; die now if it has died already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def limit_memory(megabytes: int) -> None:
    """Let allocation fail here rather than let the kernel choose which process to kill."""
    import resource

    limit = megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def claim_stdout() -> IO[str]:
    """Keep stdout for messages; whatever else prints goes to stderr."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return out


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, required=True, help="process to die with")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--memory-mb", type=int, default=0, help="address space; 0 is no limit")
    return parser.parse_args()


if __name__ == "__main__":
    main()

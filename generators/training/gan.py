"""Train a painter: `python -m generators.training.gan FOLDER --output PAINTER`.

FOLDER holds pictures, or the catalogued paintings that the tiny networks learn from. One picture in
twenty is never learnt: what is painted is judged beside those. With `--largest-wish` above 0 the
painter is a CAN, paid for pictures that fit no style. `--side` says how large it paints: unless it
is given, 128 pixels where `--device` is a GPU and 64 elsewhere. Nothing was ever trained on a GPU
yet. Training ends after `--steps`, after `--seconds` of processor time, or when it begins to copy.
Interrupted, it goes on from its last checkpoint; with `--steps` it ends with the same weights.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import shlex
import sys
import time
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import torch
from torch import Tensor

from generators.frames import Frame
from generators.gan.artist import Artist
from generators.gan.copies import Corpus
from generators.gan.paint import as_levels
from generators.gan.params import PainterTrainingParams
from generators.nets.gan import LATENT, SIDES
from generators.refused import Refused
from generators.training.checkpoint import told_by
from generators.training.examined import copying, examine
from generators.training.painted import Lessons, read_catalogued, read_collection
from generators.training.rivals import BATCH, GPU_BATCH, Lesson, Training

CHECKPOINT_SECONDS = 60.0
SAMPLE_SECONDS = 8.0  # between two samples
ACROSS = 4  # pictures to a side of a sample
LOOKS = 10  # times in a lesson that copying is looked for
ROUNDS = 5  # through all pictures before which nothing can have been learnt by heart
COPYING, COPIES = -3.0, 0.1  # C_T below which, and share of copies from which, learning stops
EXAMINED = 1000  # pictures at the end
SEEDS = 2**40  # a lesson multiplies its seed by a million, and 64 bits have to hold that


def learn(
    p: PainterTrainingParams,
    /,
    *,
    collection: Path,
    checkpoint: Path,
    output: Path,
    seed: int,
    device: str = "cpu",
) -> Iterator[Frame]:
    """Yield frames while a painter learns from the pictures of a folder; leave it in `output`.

    Raises Refused for pictures that are too few, all alike, or no pictures.
    """
    side, batch = measure(p.pixels, device, checkpoint)
    lesson = Lesson(p.steps, p.seconds, seed % SEEDS, p.largest_wish, side, batch)
    lessons = read_collection(collection, side)
    yield from taught(lesson, lessons, checkpoint, output, device=device)


def measure(asked: int, device: str, checkpoint: Path) -> tuple[int, int]:
    """Pixels to a side and pictures to a step. With 0 asked the device decides the side, unless
    there is a checkpoint: what a machine with a GPU began, one without goes on with.

    Raises Refused for a file that is no checkpoint.
    """
    gpu = device.startswith("cuda")
    side, batch = (SIDES[-1], GPU_BATCH) if gpu else (SIDES[0], BATCH)
    if checkpoint.is_file():
        begun = told_by(checkpoint).get("lesson", {})
        side, batch = begun.get("side", side), begun.get("batch", BATCH)
    return asked or side, batch


def taught(
    lesson: Lesson,
    lessons: Lessons,
    checkpoint: Path,
    output: Path,
    *,
    device: str = "cpu",
    every: float = CHECKPOINT_SECONDS,
    examined: int = EXAMINED,
) -> Iterator[Frame]:
    """Carry a lesson to its end. Goes on from the checkpoint if it is there, and leaves one every
    so many seconds. The last frame tells what was found out of `examined` new pictures."""
    training = Training(lesson, lessons.pictures, lessons.names, lessons.held_out, device)
    if checkpoint.is_file():
        training.resume(checkpoint)
    corpus = Corpus.of(lessons.names, lessons.pictures, lessons.held_out)
    steps = lesson.steps or math.ceil(lesson.seconds)
    saved, shown = time.monotonic(), -math.inf
    mean = 0.0
    while not training.over:
        look = math.floor(LOOKS * training.share)
        lead = training.advance()
        if not math.isfinite(lead):
            raise Refused(f"Training diverged at step {training.step}: try another seed.")
        mean = lead if not mean else 0.98 * mean + 0.02 * lead
        if training.rounds > ROUNDS and look < math.floor(LOOKS * training.share) < LOOKS:
            training.stopped = began_to_copy(training, corpus)
        sample = None
        if time.monotonic() - shown >= SAMPLE_SECONDS:
            sample, shown = sketches(training), time.monotonic()
        if time.monotonic() - saved >= every:
            training.save(checkpoint)
            saved = time.monotonic()
        step = training.step if lesson.steps else int(training.seconds)
        note = f"step {training.step:,}, the critic is ahead by {mean:.2f}"
        yield Frame(max(1, min(step, steps)), steps + 1, image=sample, note=note)
    training.save(checkpoint)
    facts = finished(training, corpus, output, examined) | {
        "stopped": training.stopped or "at its end"
    }
    note = f"distance from held-out pictures {facts['kernel_distance']}"
    yield Frame(steps + 1, steps + 1, image=sketches(training), note=note, facts=facts)


def finished(training: Training, corpus: Corpus, output: Path, count: int) -> dict[str, str]:
    """Write the painter with what is found out about it; returns that."""
    told: dict[str, str] = {
        "steps": str(training.step),
        "side_in_pixels": str(training.lesson.side),
        "pictures_sha256": training.digest,
        "stopped": training.stopped or "at its end",
    }
    painter = training.settled()
    artist = Artist("", "", painter, corpus, {"largest_wish": training.lesson.largest_wish})
    found = examine(artist, training.pictures, training.held_out, count, training.lesson.seed)
    told |= found.as_facts()
    training.export(output, painter, corpus, told)
    counts = {"pictures": str(len(training.pictures)), "held_out": str(len(training.held_out))}
    sha256 = hashlib.sha256(output.read_bytes()).hexdigest()
    return told | counts | {"weights_sha256": sha256}


@torch.no_grad()
def began_to_copy(training: Training, corpus: Corpus) -> str:
    """Why training has to stop; "" if it has not to."""
    painter = training.settled()
    rng = torch.Generator().manual_seed(training.lesson.seed)
    count = min(256, max(64, len(training.held_out)))
    new = as_levels(painter(torch.randn((count, LATENT), generator=rng)))
    distances = corpus.distances(new)
    share = sum(nearest.copied for nearest in corpus.told(distances)) / count
    # C_T alone is below it too where all pictures are still vague, and near whatever is vague.
    if share < COPIES or copying(corpus, distances, corpus.distances(training.held_out)) > COPYING:
        return ""
    return f"at step {training.step:,}, where it began to copy"


@torch.no_grad()
def sketches(training: Training) -> Tensor:
    """A square of pictures by the painter as it is now, always from the same chance: float32
    (3, H, W) in 0..1."""
    painter = deepcopy(training.average).train()  # by means over these pictures: others take time
    rng = torch.Generator().manual_seed(training.lesson.seed)
    chance = torch.randn((ACROSS * ACROSS, LATENT), generator=rng)
    painted = as_levels(painter(chance.to(training.device)).cpu()).float() / 255
    side = training.lesson.side
    rows = painted.view(ACROSS, ACROSS, 3, side, side).permute(2, 0, 3, 1, 4)
    return rows.reshape(3, ACROSS * side, ACROSS * side).contiguous()


def main(arguments: list[str] | None = None) -> int:
    from tqdm import tqdm

    from generators.training.card import hardware
    from generators.training.gan_card import Circumstances, write_card

    arguments = sys.argv[1:] if arguments is None else arguments
    asked = _parser().parse_args(arguments)
    checkpoint = asked.output.with_suffix(".checkpoint.safetensors")
    try:
        if asked.output.suffix != ".safetensors" or not asked.output.parent.is_dir():
            raise Refused("--output must name a .safetensors file in a folder that is there.")
        catalogued = (asked.folder / "CATALOGUE.csv").is_file()
        side, batch = measure(asked.side, asked.device, checkpoint)
        lessons = (read_catalogued if catalogued else read_collection)(asked.folder, side)
        seconds = 0.0 if asked.steps else asked.seconds
        lesson = Lesson(asked.steps, seconds, asked.seed, asked.largest_wish, side, batch)
        frames = taught(
            lesson, lessons, checkpoint, asked.output, device=asked.device, every=asked.every
        )
        with tqdm(total=100.0, unit="%", bar_format="{l_bar}{bar}| {elapsed}{postfix}") as bar:
            for frame in frames:
                bar.set_postfix_str(frame.note, refresh=False)
                bar.update(100 * frame.step / frame.steps - bar.n)
        circumstances = Circumstances(
            command=f"python -m generators.training.gan {shlex.join(arguments)}",
            hardware=hardware(asked.device),
            torch=torch.__version__,
            sources=asked.source or lessons.sources,
            catalogued=catalogued,
        )
        write_card(asked.output, lesson, checkpoint, frame.facts, circumstances)
        sys.stderr.write(f"{asked.output}: {frame.note}\n")
    except Refused as refused:
        sys.stderr.write(f"{refused}\n")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m generators.training.gan")
    parser.add_argument("folder", type=Path, help="pictures, or a catalogued collection")
    parser.add_argument("--output", type=Path, required=True, help="the .safetensors file to write")
    parser.add_argument("--seconds", type=float, default=600.0, help="of processor time")
    parser.add_argument("--steps", type=int, default=0, help="instead of --seconds")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--largest-wish", type=float, default=0.0, help="of a CAN, such as 1")
    parser.add_argument(
        "--side", type=int, choices=SIDES, default=0, help="pixels of what it paints"
    )
    parser.add_argument("--device", default="cpu")
    parser.add_argument(
        "--source", action="append", help="for the card: pictures, by whom, on what legal basis"
    )
    parser.add_argument("--every", type=float, default=CHECKPOINT_SECONDS, metavar="SECONDS")
    return parser


if __name__ == "__main__":
    sys.exit(main())

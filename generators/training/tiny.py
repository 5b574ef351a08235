"""Train the project's own network: `python -m generators.training.tiny FOLDER --output WEIGHTS`.

It learns to tell from a crop which painting it was cut from, in which style and by whom; no
photograph and no label of a thing is ever shown to it. With `--robust` every crop is first changed
a little so as to fool the network (`adversary.py`); such a network dreams and paints in forms
rather than grain. Interrupted training goes on from its last checkpoint and ends with the same
weights. At the end the weights are judged, and a card is written beside them.
"""

from __future__ import annotations

import argparse
import json
import math
import shlex
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn

from generators.nets.shipped import read_weights
from generators.refused import Refused
from generators.training.adversary import fooled
from generators.training.card import Circumstances, hardware, write_card
from generators.training.checkpoint import moments_of, part_of, remember, told_by, write_whole
from generators.training.crops import random_crops
from generators.training.paintings import HELD_OUT, Paintings, read_paintings
from generators.training.pupil import BATCH, answer_loss, exported, new_pupil

RATE, DECAY = 2e-3, 0.02  # AdamW
AVERAGE = 0.998  # of the weights over steps; what is kept in the end
WARM = 300  # steps in which the rate rises
CHECKPOINT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Lesson:
    """How to train: what the command line asks for."""

    steps: int
    seed: int
    radius: float  # of the adversary, in L2 of 0..1 over a crop; 0 for plain training
    attacks: int  # gradient steps of the adversary
    device: str
    start: Path | None  # weights of a network to start from


class Training:
    """The state that a checkpoint holds: pupil, running average, optimizer, step, seconds."""

    def __init__(self, lesson: Lesson, paintings: Paintings) -> None:
        self.lesson, self.paintings = lesson, paintings
        counts = paintings.works, len(paintings.styles), len(paintings.artists)
        self.pupil = new_pupil(*counts, seed=lesson.seed)
        if lesson.start:
            self.start_from(lesson.start)
        self.average = new_pupil(*counts, seed=lesson.seed)
        self.average.load_state_dict(self.pupil.state_dict())
        self.average.requires_grad_(False)
        self.pupil.to(lesson.device)
        self.pupil.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # missing in the stubs
        self.average.to(lesson.device)
        self.optimizer = torch.optim.AdamW(self.pupil.parameters(), lr=RATE, weight_decay=DECAY)
        self.step, self.seconds = 0, 0.0
        self.labels = [getattr(paintings, n).to(lesson.device) for n in ("work", "style", "artist")]

    def start_from(self, weights: Path) -> None:
        """Take over network and style head. Raises Refused for weights that do not fit."""
        tensors, _ = read_weights(weights)
        own = self.pupil.state_dict()
        wanted = {name for name in own if name.startswith(("network.", "style."))}
        if set(tensors) != wanted or any(own[n].shape != t.shape for n, t in tensors.items()):
            raise Refused(
                f"{weights.name} cannot be started from: it was not made by this command on "
                "paintings of the same styles."
            )
        self.pupil.load_state_dict({n: t.float() for n, t in tensors.items()}, strict=False)

    def advance(self) -> float:
        """One step; returns its loss. What it draws depends on seed and step alone."""
        lesson = self.lesson
        rng = torch.Generator().manual_seed(lesson.seed * 1_000_003 + self.step)
        chosen = torch.randint(len(self.paintings.pictures), (BATCH,), generator=rng)
        crops = random_crops(self.paintings.pictures[chosen].to(lesson.device), rng)
        work, style, artist = (label[chosen.to(lesson.device)] for label in self.labels)
        labels = (work, style, artist)
        warm = min(1.0, (self.step + 1) / WARM)
        if lesson.radius:
            grown = lesson.radius * min(1.0, 0.25 + 3 * self.step / lesson.steps)
            crops = fooled(
                crops, lambda c: answer_loss(self.pupil, c, labels), grown, lesson.attacks, rng
            )
        rate = RATE * warm * 0.5 * (1 + math.cos(math.pi * self.step / lesson.steps)) + 1e-5
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        loss = answer_loss(self.pupil, crops, labels)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        nn.utils.clip_grad_norm_(self.pupil.parameters(), 1.0)
        self.optimizer.step()
        keep = min(AVERAGE, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for mean, new in zip(self.average.parameters(), self.pupil.parameters(), strict=True):
                mean.lerp_(new, 1 - keep)
        self.step += 1
        return loss.item()

    def save(self, path: Path) -> None:
        """Write everything needed to go on, atomically."""
        tensors = {f"pupil.{n}": t for n, t in self.pupil.state_dict().items()}
        tensors |= {f"average.{n}": t for n, t in self.average.state_dict().items()}
        tensors |= moments_of(self.optimizer)
        told = {"step": self.step, "seconds": self.seconds, "lesson": self.promise()}
        write_whole(tensors, path, {"training": json.dumps(told)})

    @torch.no_grad()
    def resume(self, path: Path) -> None:
        """Go on from a checkpoint. Raises Refused if it was made for another lesson."""
        told = told_by(path)
        if told["lesson"] != self.promise():
            raise Refused(f"{path} belongs to other settings: delete it, or give the same ones.")
        tensors = load_file(path)
        for part in ("pupil", "average"):
            getattr(self, part).load_state_dict(part_of(tensors, part))
        remember(self.optimizer, tensors)
        self.step, self.seconds = told["step"], told["seconds"]

    def promise(self) -> dict[str, object]:
        """What must be the same for a checkpoint to go on from."""
        lesson = self.lesson
        return {
            "steps": lesson.steps,
            "seed": lesson.seed,
            "radius": lesson.radius,
            "attacks": lesson.attacks,
            "works": self.paintings.works,
        }


def train(training: Training, checkpoint: Path, every: float = CHECKPOINT_SECONDS) -> None:
    """Carry the lesson to its end, leaving a checkpoint every so many seconds and at the end."""
    from tqdm import tqdm

    if checkpoint.is_file():
        training.resume(checkpoint)
    steps = training.lesson.steps
    saved = begun = time.monotonic()
    before = training.seconds
    mean = 0.0
    with tqdm(total=steps, initial=training.step, unit="step", mininterval=5) as bar:
        while training.step < steps:
            loss = training.advance()
            mean = loss if not mean else 0.99 * mean + 0.01 * loss
            bar.update()
            bar.set_postfix_str(f"loss {mean:.3f}", refresh=False)
            if not math.isfinite(loss):
                raise Refused(f"Training diverged at step {training.step}: try another seed.")
            now = time.monotonic()
            if now - saved >= every or training.step == steps:
                training.seconds = before + now - begun
                training.save(checkpoint)
                saved = now


def main(arguments: list[str] | None = None) -> int:
    arguments = sys.argv[1:] if arguments is None else arguments
    asked = _parser().parse_args(arguments)
    lesson = Lesson(
        steps=asked.steps,
        seed=asked.seed,
        radius=asked.radius if asked.robust else 0.0,
        attacks=asked.attacks,
        device=asked.device,
        start=asked.start,
    )
    checkpoint = asked.output.with_suffix(".checkpoint.safetensors")
    try:
        if asked.output.suffix != ".safetensors" or not asked.output.parent.is_dir():
            raise Refused(f"{asked.output} must be a .safetensors file in a folder that exists.")
        paintings = read_paintings(asked.folder, asked.held_out)
        sys.stderr.write(
            f"{len(paintings.pictures)} pictures of {paintings.works} works, "
            f"{len(paintings.styles)} styles, {len(paintings.artists)} artists\n"
        )
        training = Training(lesson, paintings)
        train(training, checkpoint, asked.every)
        styles = json.dumps(paintings.styles)
        write_whole(exported(training.average), asked.output, {"styles": styles})
        if not asked.no_card:
            circumstances = Circumstances(
                command=f"python -m generators.training.tiny {shlex.join(arguments)}",
                hardware=hardware(asked.device),
                torch=torch.__version__,
                start=asked.start.stem if asked.start else "",
            )
            write_card(asked.output, checkpoint, asked.folder, paintings, circumstances)
    except Refused as refused:
        sys.stderr.write(f"{refused}\n")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m generators.training.tiny")
    parser.add_argument("folder", type=Path, help="the paintings, with their CATALOGUE.csv")
    parser.add_argument("--output", type=Path, required=True, help="the .safetensors file to write")
    parser.add_argument("--robust", action="store_true", help="train against small changes")
    parser.add_argument("--radius", type=float, default=0.75, help="how large those are, in L2")
    parser.add_argument("--attacks", type=int, default=2, help="gradient steps of the adversary")
    parser.add_argument("--start", type=Path, help="weights to start from")
    parser.add_argument("--steps", type=int, default=12_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--held-out", type=int, default=HELD_OUT, help="paintings never shown")
    parser.add_argument("--every", type=float, default=CHECKPOINT_SECONDS, metavar="SECONDS")
    parser.add_argument("--no-card", action="store_true", help="neither judge nor describe it")
    return parser


if __name__ == "__main__":
    sys.exit(main())

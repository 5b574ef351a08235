"""One training of a writer: its lesson, how far it has read, and how to resume from a checkpoint.

A text is read in several streams at once, each from its beginning to its end, and what the network
remembers of a stream is carried from window to window.
"""

from __future__ import annotations

import hashlib
import json
import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from generators.copied import spans_of
from generators.corpus import Alphabet
from generators.nets.features import faster
from generators.nets.gru import UNITS, CharGRU, initialise
from generators.nets.written import as_tensors
from generators.refused import Refused
from generators.training.checkpoint import moments_of, part_of, remember, told_by, write_whole

BATCH, WINDOW = 32, 64  # streams, and characters of each between two steps
FEWEST_STREAMS = 4  # a short text is read in fewer, longer streams
RATE, DECAY, WARM = 6e-3, 0.1, 50
FORGETTING = 0.25  # of the streams begin a window with no memory, or a piece could not begin well
AVERAGE = 0.99  # of the weights over steps; what is kept in the end
LEARNT = 0.9  # of the text


@dataclass(frozen=True, slots=True)
class Lesson:
    """How to train. Of `steps` and `seconds` one is 0: the other ends it."""

    steps: int
    seconds: float
    seed: int
    units: int = UNITS
    dropout: float = 0.0  # share of the units that the head does not see; for long lessons


class Training:
    """The state that a checkpoint holds: network, running average, optimizer, and where each of the
    streams is being read, with what the network remembers of it."""

    def __init__(self, lesson: Lesson, text: str, device: str = "cpu") -> None:
        self.lesson, self.device = lesson, device
        self.alphabet = Alphabet.of(text)
        self.digest = hashlib.sha256(text.encode()).hexdigest()
        numbers = self.alphabet.numbers(text)
        learnt = int(LEARNT * len(numbers))
        self.learnt_text = text[:learnt]
        self.held_out = numbers[learnt:]
        streams = max(FEWEST_STREAMS, min(BATCH, learnt // (8 * WINDOW)))
        self.length = learnt // streams
        self.streams = numbers[: self.length * streams].view(streams, self.length).to(device)
        rng = torch.Generator().manual_seed(lesson.seed)
        with torch.device("meta"):  # leaves the global generator alone
            network, average = (CharGRU(len(self.alphabet), lesson.units) for _ in range(2))
        self.network, self.average = network.to_empty(device="cpu"), average.to_empty(device="cpu")
        initialise(self.network, rng)
        self.average.load_state_dict(self.network.state_dict())
        self.network.to(device)
        self.average.to(device).requires_grad_(False)
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(), lr=RATE, weight_decay=DECAY, betas=(0.9, 0.99)
        )
        self.memory = torch.zeros((1, streams, lesson.units), device=device)
        self.step, self.place, self.seconds = 0, 0, 0.0

    @property
    def share(self) -> float:
        """Of the lesson that is done, 0..1."""
        if self.lesson.steps:
            return self.step / self.lesson.steps
        return min(1.0, self.seconds / self.lesson.seconds)

    def advance(self) -> float:
        """One step; returns its loss in nats a character. With `steps`, it depends on seed and
        step alone."""
        began = time.process_time()
        rng = torch.Generator().manual_seed(self.lesson.seed * 1_000_003 + self.step)
        if self.place + WINDOW + 1 > self.length:
            # Another beginning, so that windows are cut elsewhere in the next round.
            self.place = int(torch.randint(WINDOW, (1,), generator=rng))
            self.memory = torch.zeros_like(self.memory)
        remembers = torch.rand((1, len(self.streams), 1), generator=rng) >= FORGETTING
        memory = self.memory * remembers.to(self.device)
        seen = self.streams[:, self.place : self.place + WINDOW]
        wanted = self.streams[:, self.place + 1 : self.place + 1 + WINDOW]
        rate = RATE * min(1.0, (self.step + 1) / WARM) * 0.5 * (1 + math.cos(math.pi * self.share))
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        with faster(seen.device):
            logits, memory = self.network(seen, memory, self._mask(rng))
        loss = F.cross_entropy(logits.float().flatten(0, 1), wanted.flatten())
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        keep = min(AVERAGE, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for mean, new in zip(self.average.parameters(), self.network.parameters(), strict=True):
                mean.lerp_(new, 1 - keep)
        self.memory = memory.detach().float()
        self.place += WINDOW
        self.step += 1
        self.seconds += time.process_time() - began
        return loss.item()

    def _mask(self, rng: torch.Generator) -> Tensor | None:
        """Which units the head sees in this window (Gal and Ghahramani 2016, "A theoretically
        grounded application of dropout in recurrent neural networks")."""
        kept = 1 - self.lesson.dropout
        if kept == 1:
            return None
        shape = len(self.streams), 1, self.lesson.units
        return ((torch.rand(shape, generator=rng) < kept) / kept).to(self.device)

    @torch.no_grad()
    def judged(self) -> float:
        """Nats a character on the tenth that was not learnt, read as one text."""
        rows = max(1, min(32, len(self.held_out) // 256))
        length = len(self.held_out) // rows
        text = self.held_out[: rows * length].view(rows, length).to(self.device)
        total, memory = 0.0, None
        for start in range(0, length - 1, 512):
            seen = text[:, start : start + 512]
            wanted = text[:, start + 1 : start + 513]
            logits, memory = self.average(seen[:, : wanted.shape[1]], memory)
            total += F.cross_entropy(logits.flatten(0, 1), wanted.flatten(), reduction="sum").item()
        return total / (rows * (length - 1))

    def save(self, path: Path) -> None:
        """Write everything needed to go on, atomically."""
        tensors: dict[str, Tensor] = {"memory": self.memory}
        for part in ("network", "average"):
            state = getattr(self, part).state_dict()
            tensors |= {f"{part}.{name}": tensor for name, tensor in state.items()}
        tensors |= moments_of(self.optimizer)
        told = {
            "step": self.step,
            "place": self.place,
            "seconds": self.seconds,
            "lesson": self.promise(),
        }
        write_whole(tensors, path, {"training": json.dumps(told)})

    @torch.no_grad()
    def resume(self, path: Path) -> None:
        """Go on from a checkpoint. Raises Refused if it was made for another lesson or text."""
        told = told_by(path)
        if told["lesson"] != self.promise():
            raise Refused(f"{path} belongs to other settings: delete it, or give the same ones.")
        tensors = load_file(path, device=self.device)
        for part in ("network", "average"):
            getattr(self, part).load_state_dict(part_of(tensors, part))
        remember(self.optimizer, tensors)
        self.memory = tensors["memory"]
        self.step, self.place, self.seconds = told["step"], told["place"], told["seconds"]

    def promise(self) -> dict[str, object]:
        """What must be the same for a checkpoint to go on from."""
        return asdict(self.lesson) | {"text": self.digest}

    def export(self, path: Path, facts: dict[str, str]) -> None:
        """Write the writer, atomically."""
        told = {"alphabet": self.alphabet.characters} | facts
        tensors = as_tensors(self.average, spans_of(self.learnt_text))
        # One entry: several are written in any order, and the same lesson would give other bytes.
        write_whole(tensors, path, {"writer": json.dumps(told)})

"""A painter after a few steps, from pictures made up, as a file: small, whole and no good."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from generators.gan.copies import Corpus
from generators.training.rivals import Lesson, Training
from tests.generators.training.collection import picture


def pictures(count: int, first: int = 0, side: int = 64) -> Tensor:
    """uint8 (count, 3, side, side), no two alike."""
    shown = [np.asarray(picture(first + seed, side, side)) for seed in range(count)]
    return torch.from_numpy(np.stack(shown)).permute(0, 3, 1, 2).contiguous()


def training(seed: int = 0, largest_wish: float = 0.0, count: int = 40, side: int = 64) -> Training:
    """A lesson of 20 steps at its beginning."""
    names = [f"work {number}" for number in range(count)]
    lesson = Lesson(20, 0.0, seed, largest_wish, side)
    return Training(lesson, pictures(count, side=side), names, pictures(12, first=1000, side=side))


def written(path: Path, learnt: Training, corpus: Corpus | None = None) -> str:
    """The source of the painter that a training leaves."""
    corpus = corpus or Corpus.of(learnt.names, learnt.pictures, learnt.held_out)
    learnt.export(path, learnt.settled(), corpus, {})
    return f"file:{path}"

"""A small writer for tests, and the text that it has read."""

import random
from pathlib import Path

from generators.copied import spans_of
from generators.training.writer import Lesson, Training

WORDS = ("the", "cat", "sees", "a", "bird", "over", "hill", "and", "waits", "明月", "é")


def _text() -> str:
    rng = random.Random(3)
    lines = [
        " ".join(rng.choices(WORDS, k=rng.randint(4, 9))).capitalize() + "." for _ in range(400)
    ]
    return "\n".join(line + "\n" * (index % 4 == 3) for index, line in enumerate(lines)) + "\n"


TEXT = _text()
SPANS = spans_of(TEXT)


def save_writer(path: Path, steps: int = 60) -> Path:
    """Train for a moment and save."""
    training = Training(Lesson(steps=steps, seconds=0, seed=1, units=64), TEXT)
    while training.share < 1:
        training.advance()
    training.export(path, {})
    return path

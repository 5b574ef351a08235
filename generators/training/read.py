"""A training of a writer, step by step: for whoever watches, and from a folder of texts.

The weights are an average over the last steps, so that samples get better before the loss shows it.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

from generators.char_rnn.params import CharRNNParams, WriterTrainingParams
from generators.char_rnn.write import BEFORE, ending
from generators.copied import spans_of
from generators.corpus import collected, read_texts
from generators.frames import Frame
from generators.nets.written import Writer
from generators.refused import Refused
from generators.sampling import Sampler, draw
from generators.training.writer import Lesson, Training

CHECKPOINT_SECONDS, FIRST_SECONDS = 30.0, 1.0  # between two checkpoints; each wait doubles
SAMPLE_SECONDS = 6.0  # between two samples; one takes a third of a second
SEEDS = 2**40  # a lesson multiplies its seed by a million, and 64 bits have to hold that
SAMPLE = CharRNNParams(shortest=100, longest=300)


def advances(
    training: Training, checkpoint: Path, every: float = CHECKPOINT_SECONDS
) -> Iterator[float]:
    """Carry the lesson to its end; yield the mean loss after each step.

    Goes on from the checkpoint if it is there, and leaves one every so many seconds, at first more
    often, and at the end. Raises Refused if it diverges.
    """
    if checkpoint.is_file():
        training.resume(checkpoint)
    saved = time.monotonic()
    wait = min(FIRST_SECONDS, every)
    mean = 0.0
    while training.share < 1:
        loss = training.advance()
        if not math.isfinite(loss):
            raise Refused(f"Training diverged at step {training.step}: try another seed.")
        mean = loss if not mean else 0.98 * mean + 0.02 * loss
        if time.monotonic() - saved >= wait or training.share >= 1:
            training.save(checkpoint)
            saved, wait = time.monotonic(), min(2 * wait, every)
        yield mean


def learn(
    p: WriterTrainingParams,
    /,
    *,
    collection: Path,
    checkpoint: Path,
    output: Path,
    seed: int,
    device: str = "cpu",
) -> Iterator[Frame]:
    """Yield frames while a writer learns from the .txt files of a folder; leave it in `output`.

    Raises Refused for texts that are too short, too long, or of one repeated character.
    """
    lesson = Lesson(p.steps, p.seconds, seed % SEEDS, p.units, p.dropout)
    training = Training(lesson, collected(read_texts([collection]), "The collection"), device)
    shown = -math.inf
    for mean in advances(training, checkpoint):
        sample = None
        if time.monotonic() - shown >= SAMPLE_SECONDS:
            sample, shown = written(training), time.monotonic()
        note = f"step {training.step:,}, loss {mean:.3f} nats a character"
        steps = p.steps or math.ceil(p.seconds)
        step = training.step if p.steps else int(training.seconds)
        yield Frame(max(1, min(step, steps)), steps + 1, text=sample, note=note)
    held_out = training.judged()
    told = {
        "steps": str(training.step),
        "held_out_nats": f"{held_out:.4f}",
        "text_sha256": training.digest,
    }
    training.export(output, told)
    facts = told | {
        "held_out_bits": f"{held_out / math.log(2):.3f}",
        "characters": str(len(training.learnt_text) + len(training.held_out)),
        "alphabet": str(len(training.alphabet)),
        "weights_sha256": hashlib.sha256(output.read_bytes()).hexdigest(),
    }
    note = f"{held_out:.3f} nats a character on the tenth that was not learnt"
    yield Frame(steps + 1, steps + 1, text=written(training), note=note, facts=facts)


def written(training: Training) -> str:
    """A piece by the writer as it is now, always from the same chance: so that what changes from
    one sample to the next is what was learnt."""
    network = deepcopy(training.average).cpu()
    sampler = Sampler(Writer("", "", network, training.alphabet, spans_of("")))
    state = sampler.blank(1)
    for number in training.alphabet.numbers(BEFORE):
        state = sampler.read(number[None], state)
    drawn = draw(
        sampler, state, [training.lesson.seed], SAMPLE.longest, temperature=SAMPLE.temperature
    )
    text = training.alphabet.text(drawn.numbers[0].tolist())
    return text[: ending(text, SAMPLE.shortest)]

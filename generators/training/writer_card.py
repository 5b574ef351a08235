"""A card beside a writer's file: what it read, how it was trained, what it can do and copies.

After Mitchell et al. 2019, "Model cards for model reporting". Training writes it at its end.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from generators.char_rnn.params import CharRNNParams
from generators.char_rnn.write import write
from generators.copied import SPAN, longest_copy
from generators.nets.written import open_writer
from generators.training.card import wrapped
from generators.training.writer import BATCH, FORGETTING, WINDOW, Training

PIECES = 64  # that are written to see what is copied

CARD = """\
# {name}

A small recurrent network that has learnt to guess the next character of a text. The character RNN
writes with it.

| | |
| --- | --- |
| file | `{file}`, {size:,} bytes |
| sha256 | `{sha256}` |
| architecture | {architecture} |
| alphabet | {alphabet:,} characters |

## What it learnt from

{sources}

The file holds no text. It holds {spans:,} hashes of 32 bits, one for each different span of {span}
characters that was learnt, so that a new piece can be told what it has copied.

## How it was trained

    {command}

Seed {seed}, {steps:,} steps of at most {batch} windows of {window} characters, the state carried
from window to window but for {forgetting:.0%} of them, {dropout:.0%} of the units hidden from the
last layer; the weights are a running average over the last steps. It took {took} (h:mm:ss) of
processor time on {hardware}, with torch {torch}.

## What it can do

On the last tenth of the text, which it never learnt, it needs {nats:.3f} nats or {bits:.2f} bits a
character. Knowing only how often each character occurs takes {plain:.2f} bits.

Of {pieces} pieces at temperature 1, the longest span that stands in what it learnt has a median of
{copied} characters and at most {most_copied}. In passages of the same lengths from the tenth it
never learnt the median is {held_out} and the most {most_held_out}.

## What it is for, and what not

For writing pieces whose manner can be compared with that of the texts it read. It knows no facts
and means nothing; what it writes may hurt or mislead by accident, and may contain words of its
sources.
"""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a training does not know of itself."""

    command: str
    hardware: str
    torch: str
    sources: Sequence[str]


def write_card(path: Path, training: Training, nats: float, circumstances: Circumstances) -> None:
    """Write `<name>.md` beside the writer's file."""
    writer = open_writer(f"file:{path}")
    pieces = [_piece(path, seed) for seed in range(PIECES)]
    held_out = training.alphabet.text(training.held_out.tolist())
    passages, at = [], 0
    for piece in pieces:
        passages.append(held_out[at : at + len(piece)])
        at += len(piece)
        if at > len(held_out) - len(piece):
            at = 0
    own = [longest_copy(piece, writer.spans)[1] for piece in pieces]
    others = [longest_copy(passage, writer.spans)[1] for passage in passages]
    counted = Counter(held_out)
    shares = [times / len(held_out) for times in counted.values()]
    text = CARD.format(
        name=path.stem,
        file=path.name,
        size=path.stat().st_size,
        sha256=writer.sha256,
        architecture=(
            f"one layer of {training.lesson.units} gated recurrent units, "
            f"{sum(weights.numel() for weights in writer.network.parameters()):,} parameters in "
            "half precision"
        ),
        alphabet=len(writer.alphabet) - 1,
        sources="\n".join(f"* {source}" for source in circumstances.sources),
        spans=len(writer.spans),
        span=SPAN,
        command=circumstances.command,
        seed=training.lesson.seed,
        steps=training.step,
        batch=BATCH,
        window=WINDOW,
        forgetting=FORGETTING,
        dropout=training.lesson.dropout,
        took=timedelta(seconds=round(training.seconds)),
        hardware=circumstances.hardware,
        torch=circumstances.torch,
        nats=nats,
        bits=nats / math.log(2),
        plain=-sum(share * math.log2(share) for share in shares),
        pieces=PIECES,
        copied=_told(statistics.median(own)),
        most_copied=_told(max(own)),
        held_out=_told(statistics.median(others)),
        most_held_out=_told(max(others)),
    )
    part = path.with_suffix(".md.part")
    part.write_text(wrapped(text.rstrip()) + "\n", encoding="utf-8")
    part.replace(path.with_suffix(".md"))


def _piece(path: Path, seed: int) -> str:
    params = CharRNNParams(writer=f"file:{path}", temperature=1.0)
    for frame in write(params, seed=seed):
        last = frame.text
    return last or ""


def _told(length: float) -> str:
    return f"{length:g}" if length else f"less than {SPAN}"

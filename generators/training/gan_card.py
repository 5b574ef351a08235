"""A card beside a painter's file: what it saw, how it was trained, what it paints and copies.

After Mitchell et al. 2019, "Model cards for model reporting". Training writes it at its end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from generators.gan.artist import open_artist
from generators.gan.copies import NEAREST, PART, PARTS, WHOLE
from generators.nets.gan import LATENT
from generators.nets.style_judge import style_judge
from generators.training.card import wrapped
from generators.training.checkpoint import told_by
from generators.training.gan import EXAMINED
from generators.training.rivals import EVERY, HALF_LIFE, Lesson

CARD = """\
# {name}

A small network that turns {latent} numbers drawn by chance into a picture of {side} x {side}
pixels. It learnt to by deceiving a critic that was shown real pictures beside its own.

| | |
| --- | --- |
| file | `{file}`, {size:,} bytes |
| sha256 | `{sha256}` |
| architecture | `generators/nets/gan.py`, {parameters:,} parameters in half precision |
| paid to fit no style | {paid} |

## What it learnt from

{sources}

{basis}

The file holds no pictures. It holds {numbers} numbers of a byte for each work, by which a new
picture can be told what it comes near to, and the works' names.

## How it was trained

    {command}

Seed {seed}, {steps:,} steps of {batch} pictures: the relativistic loss of R3GAN, slopes of the
critic held down on real and painted pictures alike (weight {slopes:g}, falling to a tenth, every
{every}th step), differentiable augmentation; the weights are a running average with a half-life of
{half_life:,} pictures. It took {took} (h:mm:ss) of processor time on {hardware}, with torch
{torch}, and ended {stopped}.

## What it can do

Of {examined:,} pictures drawn at truncation 1:

| | |
| --- | ---: |
| kernel distance from {held_out} held-out pictures | {kernel_distance} |
| ... of the pictures it learnt from | {kernel_distance_of_learnt} |
| C_T, below -3 where it copies | {c_t} |
| counted as copies | {copies:.1%} |
{ambiguity}

Kernel distance is the squared maximum mean discrepancy with a cubic kernel, over means of units of
the network `tiny`, in deviations of the held-out pictures, all of them {side} pixels to a side:
painters of two sizes cannot be compared by it. A picture counts as a copy that is
nearer to a work learnt from, whole or in one of {parts} parts, than all but {nearest:.0%} of the
held-out pictures are; so {nearest:.0%} and a little more are expected of a painter that copies
nothing. Such pictures are never kept. Ambiguity is the entropy of the answer of a frozen judge of
{styles} styles, as a share of the largest there can be.

## What it is for, and what not

For drawing pictures whose coherence and surprise can be rated beside those of people. It knows
nothing of things, people or places. Pictures of so few pixels have hardly any detail, and can look
like works that it learnt from.
"""

CATALOGUED = """\
The works are in the public domain where protection ends 70 years after death: every creator died
before 1955, or the work is centuries old and its maker unknown. `CATALOGUE.csv` gives creator, year
of death, basis and source of each file. **The WikiArt collection's terms ask that its copies be
used non-commercially.** No licence is stated here for the weights; weigh those terms before using
them commercially."""
UNKNOWN = (
    "Whoever trained it answers for the right to do so; nothing is known here of these pictures."
)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a training does not know of itself."""

    command: str
    hardware: str
    torch: str
    sources: Sequence[str]
    catalogued: bool


def write_card(
    path: Path,
    lesson: Lesson,
    checkpoint: Path,
    facts: Mapping[str, str],
    circumstances: Circumstances,
) -> None:
    """Write `<name>.md` beside the painter's file."""
    artist = open_artist(f"file:{path}")
    told = told_by(checkpoint)
    ambiguity = [
        f"| ambiguity of style at lambda {name.removeprefix('ambiguity_at_')} | {value} |"
        for name, value in facts.items()
        if name.startswith("ambiguity_at_")
    ]
    text = CARD.format(
        name=path.stem,
        file=path.name,
        size=path.stat().st_size,
        sha256=artist.sha256,
        latent=LATENT,
        side=artist.side,
        parameters=sum(weights.numel() for weights in artist.network.parameters()),
        paid=f"lambda up to {lesson.largest_wish:g}" if lesson.largest_wish else "no",
        sources="\n".join(f"* {source}" for source in circumstances.sources),
        basis=CATALOGUED if circumstances.catalogued else UNKNOWN,
        numbers=WHOLE + len(PARTS) * PART,
        command=circumstances.command,
        seed=lesson.seed,
        steps=int(facts["steps"]),
        batch=lesson.batch,
        slopes=lesson.slopes,
        every=EVERY,
        half_life=HALF_LIFE,
        took=timedelta(seconds=round(told["seconds"])),
        hardware=circumstances.hardware,
        torch=circumstances.torch,
        stopped=facts["stopped"],
        examined=EXAMINED,
        held_out=facts["held_out"],
        kernel_distance=facts["kernel_distance"],
        kernel_distance_of_learnt=facts["kernel_distance_of_learnt"],
        c_t=facts["c_t"],
        copies=float(facts["copies"]),
        ambiguity="\n".join(ambiguity),
        parts=len(PARTS),
        nearest=NEAREST,
        styles=len(style_judge().styles),
    )
    part = path.with_suffix(".md.part")
    part.write_text(wrapped(text.rstrip()) + "\n", encoding="utf-8")
    part.replace(path.with_suffix(".md"))

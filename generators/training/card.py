"""A card beside a network's weights: what they are, what they learnt from, how well they see.

After Mitchell et al. 2019, "Model cards for model reporting". Training writes it at its end;
`python -m generators.training.card WEIGHTS FOLDER` writes it anew from the weights and their
checkpoint.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import torch

from generators.nets.shipped import read_weights
from generators.nets.tiny import BLOCKS
from generators.refused import Refused
from generators.training.checkpoint import told_by
from generators.training.crops import CROP
from generators.training.figures import Figures
from generators.training.judging import judge
from generators.training.paintings import TWIN, Paintings, read_paintings
from generators.training.pupil import ARTIST_SHARE, BATCH, STYLE_SHARE

WIDTH = 98  # characters of the card's lines

CARD = """\
# {name}

A small convolutional network that has looked at paintings and at nothing else. The machine
artists look through it: they dream up what excites its units, or match the statistics of its
layers. It was trained to tell from a crop of {crop} pixels which painting it was cut from, in
which style and by whom{robust}.

| | |
| --- | --- |
| file | `{file}`, {size:,} bytes |
| sha256 | `{sha256}` |
| architecture | {architecture} |
| parameters | {parameters:,} in the network, {head:,} in a style head, in half precision |
| styles of the head | {styles} |

## What it learnt from

{sources}

The works are in the public domain where protection ends 70 years after death: every creator died
before 1955, or the work is centuries old and its maker unknown. `CATALOGUE.csv` gives creator,
year of death, basis and source of each file. **The WikiArt collection's terms ask that its copies
be used non-commercially.** The copies were used to train these weights; the weights contain no
picture.

{held_out} paintings of the catalogue were held out, and so was every training picture whose
thumbnail correlates by more than {twin} with one of them. Other works by the same artists were
not. Nothing looked for a mere detail of a held-out painting among the training pictures.

## How it was trained

    {command}

{how}

## What it can do

{figures}

{verdict}

Left and right (or upper and lower) halves were matched by means and deviations of style layers,
pixels by mean and covariance of colours. Pictures were recovered by gradient descent in pixels
from relu3_3, from relu3 of random:0. That layer has {inverted_units} units to a place in this
network and in the untrained one, but 96 in random:0: more of a picture can pass it. *Untrained*
is this architecture with weights as first drawn from seed 0. `python -m
generators.training.judging` measures all of it again.

## What it is for, and what not

For making pictures and for comparing how pictures are painted. It knows nothing of things, people
or places, and its styles are {style_count} labels of one collection: mostly European paintings
and Japanese prints, of the past. It is no judge of quality, authorship or authenticity, and its
answers must not be used as if it were. Pictures that it helped to make can look like works it was
trained on.

## Licence

None is stated here for these weights: that is left to the project. In particular it is not
claimed that they are free of rights as under CC0; weigh the terms of the WikiArt copies above
before using them commercially.
"""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What weights and checkpoint do not say of a training."""

    command: str
    hardware: str
    torch: str
    start: str = ""  # name of the weights that it started from


def write_card(
    weights: Path,
    checkpoint: Path,
    folder: Path,
    paintings: Paintings,
    circumstances: Circumstances,
) -> Figures:
    """Judge the weights and write `<name>.md` beside them; returns the figures."""
    figures = judge(weights, folder, len(paintings.held_out))
    told = told_by(checkpoint)
    card = weights.with_suffix(".md")
    part = card.with_suffix(".part")
    part.write_text(composed(weights, told, paintings, figures, circumstances), encoding="utf-8")
    part.replace(card)
    return figures


def composed(
    weights: Path,
    told: dict[str, Any],
    paintings: Paintings,
    figures: Figures,
    circumstances: Circumstances,
) -> str:
    """The card's text."""
    tensors, sha256 = read_weights(weights)
    lesson = told["lesson"]
    radius, attacks = lesson["radius"], lesson["attacks"]
    robust = (
        f", after each crop had been changed so as to mislead it most, by at most {radius} in the "
        f"Euclidean norm over its pixels in 0..1 ({attacks} steps of projected gradient ascent)"
    )
    widths = [width for block in BLOCKS.values() for width in block]
    text = CARD.format(
        name=weights.stem,
        crop=CROP,
        robust=robust if radius else "",
        file=weights.name,
        size=weights.stat().st_size,
        sha256=sha256,
        architecture=(
            f"plain VGG (`generators/nets/tiny.py`): {len(widths)} convolutions of 3 x 3, widths "
            f"{'-'.join(map(str, widths))}, ReLU, average pooling, no normalisation, no residuals"
        ),
        twin=TWIN,
        parameters=sum(t.numel() for n, t in tensors.items() if n.startswith("network.")),
        head=sum(t.numel() for n, t in tensors.items() if n.startswith("style.")),
        styles=", ".join(style.replace("_", " ") for style in paintings.styles),
        style_count=len(paintings.styles),
        sources="\n".join(f"* {source};" for source in paintings.sources).removesuffix(";") + ".",
        held_out=len(paintings.held_out),
        command=circumstances.command,
        how=_how(told, paintings, circumstances),
        figures=figures.table(),
        verdict=figures.verdict(),
        inverted_units=BLOCKS[3][-1],
    )
    return wrapped(text.rstrip()) + "\n"


def _how(told: dict[str, Any], paintings: Paintings, circumstances: Circumstances) -> str:
    lesson = told["lesson"]
    start = f"the weights of {circumstances.start}" if circumstances.start else "random weights"
    return (
        f"From {start}, seed {lesson['seed']}, {lesson['steps']:,} steps of {BATCH} crops from "
        f"{len(paintings.pictures):,} pictures of {paintings.works:,} works "
        f"({len(paintings.artists)} artists with a class of their own). The loss is the cross "
        f"entropy of the work, plus {STYLE_SHARE} of the style's, plus {ARTIST_SHARE} of the "
        f"artist's; the weights are a running average over the last steps. It took "
        f"{timedelta(seconds=round(told['seconds']))} (h:mm:ss) on {circumstances.hardware}, with "
        f"torch {circumstances.torch}."
    )


def wrapped(text: str) -> str:
    """Lines of WIDTH at most, but for tables, headings and code."""
    blocks = text.split("\n\n")
    kept = ("|", "#", "    ")
    return "\n\n".join(
        block
        if block.startswith(kept)
        else "\n".join(
            textwrap.fill(
                item,
                WIDTH,
                subsequent_indent="  " if item.startswith("* ") else "",
                break_on_hyphens=False,
                break_long_words=False,
            )
            for item in (
                block.splitlines() if block.startswith("* ") else [" ".join(block.split())]
            )
        )
        for block in blocks
    )


def hardware(device: str) -> str:
    """The processor that training runs on, in words."""
    if device.startswith("cuda"):
        return torch.cuda.get_device_name(device)
    able = torch.cpu.get_capabilities()
    extra = " with AMX" if able.get("amx_bf16") else ""
    cores = torch.get_num_threads()
    return (
        f"{cores} core{'s' if cores > 1 else ''} of {able.get('cpu_name') or 'a processor'}{extra}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m generators.training.card")
    parser.add_argument("weights", type=Path)
    parser.add_argument("folder", type=Path, help="the paintings, with their CATALOGUE.csv")
    parser.add_argument("--checkpoint", type=Path, help="if it is not beside the weights")
    parser.add_argument("--command", required=True, help="that trained them")
    parser.add_argument("--hardware", required=True, help="that they were trained on")
    parser.add_argument("--torch", default=str(torch.__version__), help="its version then")
    parser.add_argument("--start", default="", help="name of the weights they started from")
    asked = parser.parse_args(arguments)
    checkpoint = asked.checkpoint or asked.weights.with_suffix(".checkpoint.safetensors")
    circumstances = Circumstances(asked.command, asked.hardware, asked.torch, asked.start)
    try:
        paintings = read_paintings(asked.folder)
        figures = write_card(asked.weights, checkpoint, asked.folder, paintings, circumstances)
    except Refused as refused:
        sys.stderr.write(f"{refused}\n")
        return 2
    sys.stdout.write(f"{figures.table()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

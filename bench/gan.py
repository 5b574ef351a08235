"""Our painter beside PyTorch's DCGAN example: `python -m bench.gan --data FOLDER`.

FOLDER is a catalogued collection. Both sides get the same works and as many seconds of CPU, with
each of three seeds: an hour in all on one core. `--keep` leaves 64 pictures by each. With
`--side 128` both paint so large, and the painters that ship, which do not, are passed over.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from bench import clock, dcgan
from generators.gan.artist import Artist, open_artist
from generators.gan.copies import NEAREST
from generators.gan.paint import as_levels
from generators.nets.gan import LATENT, SIDE, SIDES
from generators.training.examined import drawn, examine, features, kernel_distance
from generators.training.painted import Lessons, read_catalogued
from generators.training.rivals import BATCH, Lesson, Training

DRAWN = 2000  # pictures that are judged
SOURCES = ("tiny", "random:0")  # networks whose features are compared: the second learnt nothing
COLLAPSED = 0.5  # of the variety of real pictures: less is a collapse


@dataclass(frozen=True)
class Found:
    """Of one training."""

    pictures_a_second: float
    distances: dict[str, float]  # from held-out works, by network
    variety: float  # mean distance between its pictures' features, as a share of real ones'


def judged(drawn: Tensor, lessons: Lessons, rate: float) -> Found:
    held_out = {source: features(lessons.held_out, source) for source in SOURCES}
    new = {source: features(drawn, source) for source in SOURCES}
    distances = {s: kernel_distance(new[s], held_out[s]) for s in SOURCES}
    apart = [torch.pdist(seen["tiny"][:200]).mean().item() for seen in (new, held_out)]
    return Found(rate, distances, apart[0] / apart[1])


def ours(lessons: Lessons, seconds: float, seed: int, keep: Path | None) -> Found:
    lesson = Lesson(0, seconds, seed, side=lessons.pictures.shape[-1])
    training = Training(lesson, lessons.pictures, lessons.names, lessons.held_out)
    while training.share < 1:
        training.advance()
    rng = torch.Generator().manual_seed(1)
    painter = training.settled()
    with torch.no_grad():
        drawn = as_levels(
            torch.cat([painter(torch.randn((250, LATENT), generator=rng)) for _ in range(8)])
        )
    if keep:
        sheet(drawn[:64]).save(keep / f"ours-{seed}.png")
    return judged(drawn, lessons, training.step * BATCH / training.seconds)


def theirs(lessons: Lessons, seconds: float, seed: int, keep: Path | None) -> Found:
    training = dcgan.DCGAN(lessons.pictures, seed)
    began = time.process_time()
    while time.process_time() - began < seconds:
        training.advance()
    rate = training.step * dcgan.BATCH / (time.process_time() - began)
    drawn = training.drawn(DRAWN, 1)
    if keep:
        sheet(drawn[:64]).save(keep / f"dcgan-{seed}.png")
    return judged(drawn, lessons, rate)


def sheet(levels: Tensor) -> Image.Image:
    """64 pictures, eight to a row."""
    side = levels.shape[-1]
    rows = levels.view(8, 8, 3, side, side).permute(0, 3, 1, 4, 2)
    return Image.fromarray(rows.reshape(8 * side, 8 * side, 3).contiguous().numpy())


def compared(sides: dict[str, list[Found]]) -> None:
    for name, found in sides.items():
        for source in SOURCES:
            told = clock.spread([one.distances[source] for one in found], "")
            print(f"  {name}, distance from held-out works by {source}: {told}")
        print(f"  {name}, variety beside held-out works: {[round(f.variety, 2) for f in found]}")
    mean = {
        (name, source): statistics.fmean(one.distances[source] for one in found)
        for name, found in sides.items()
        for source in SOURCES
    }
    for source in SOURCES:
        clock.row(
            f"Kernel distance by {source}, mean over seeds",
            f"{mean['ours', source]:.3f}",
            f"DCGAN example: {mean['dcgan', source]:.3f}",
            mean["ours", source] / mean["dcgan", source],
            0.7,
        )
    clock.row(
        "Seeds that collapsed",
        f"{sum(one.variety < COLLAPSED for one in sides['ours'])}",
        f"DCGAN example: {sum(one.variety < COLLAPSED for one in sides['dcgan'])}",
        sum(one.variety < COLLAPSED for one in sides["ours"]),
        0,
    )
    rates = {n: [one.pictures_a_second for one in found] for n, found in sides.items()}
    clock.row(
        "Pictures learnt from in a second of CPU",
        clock.spread(rates["ours"], "/s"),
        f"DCGAN example: {clock.spread(rates['dcgan'], '/s')}",
        statistics.median(rates["ours"]) / statistics.median(rates["dcgan"]),
        3.0,
        least=True,
    )


def shipped(lessons: Lessons) -> None:
    """What the painters that ship do."""
    artists: dict[str, Artist] = {name: open_artist(name) for name in ("gan", "can")}
    found = {
        n: examine(a, lessons.pictures, lessons.held_out, DRAWN, 1) for n, a in artists.items()
    }
    for name, one in found.items():
        near = artists[name].corpus.nearest(drawn(artists[name], DRAWN, 1))
        whole = sum(nearest.share < NEAREST for nearest in near) / DRAWN
        clock.row(
            f"Copies among {DRAWN} pictures by the {name} that ships, before they are put aside",
            f"whole {whole:.2%}, whole or a part {one.copies:.2%}; C_T {one.copying:.2f}; "
            f"kernel distance {one.kernel_distance:.3f}",
            f"kernel distance of what it learnt from {one.floor:.3f}",
            whole,
            0.01,
        )
    rises = [value for _, value in found["can"].ambiguity]
    steps = [after - before for before, after in pairwise(rises)]
    clock.row(
        "Ambiguity of style over five lambdas",
        ", ".join(f"{wish:g}: {value:.3f}" for wish, value in found["can"].ambiguity),
        "smallest rise from one to the next",
        min(steps),
        0.0,
        least=True,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a catalogued collection")
    parser.add_argument("--seconds", type=float, default=600.0, help="of CPU, to each training")
    parser.add_argument("--side", type=int, choices=SIDES, default=SIDE)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="a folder for pictures")
    asked = parser.parse_args(arguments)
    print(f"Painters; {clock.load()}; torch {torch.__version__}")
    lessons = read_catalogued(asked.data, asked.side)
    with clock.one_thread():
        if asked.side == SIDE:
            shipped(lessons)
        sides: dict[str, list[Found]] = {"ours": [], "dcgan": []}
        for seed in range(asked.seeds):
            sides["ours"].append(ours(lessons, asked.seconds, seed, asked.keep))
            sides["dcgan"].append(theirs(lessons, asked.seconds, seed, asked.keep))
        if asked.seeds:
            compared(sides)


if __name__ == "__main__":
    main()

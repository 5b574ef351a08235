"""Our short drawings beside outlines, triangles and Pillow: `python -m bench.shapes`.

Bits are those at which ours comes as near to a sketch as the peer does, by one distance for all:
that of `generators.low_complexity.sketch`, which ours and the triangles both minimise. Outlines are
traced, not searched for: they follow the sketch as closely as their settings allow.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from bench import clock, outlines, pictures
from generators.low_complexity.chance import random_arc
from generators.low_complexity.code import Program
from generators.low_complexity.search import Found, Pursuit, Search, anneal
from generators.low_complexity.sketch import Sketch, sketch_of
from generators.low_complexity.strokes import Sheet

SIDE = 256
BUDGETS = (96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096)
OUR_BITS = 768  # at which we are compared with outlines: the artist's default
ARCS = 30  # of the drawing whose evaluations are counted


def sketch_for(picture: torch.Tensor) -> Sketch:
    height, width = picture.shape[1:]
    sheet = Sheet(width, height, whole=False)
    return Sketch(sheet, sketch_of(picture, sheet))


def essence(sketch: Sketch, bits: int, steps: int) -> Found:
    """What our artist finds, with nearly all of its bits for forms if it likes."""
    search = Search(sketch, bits, steps, 0.9, np.random.default_rng(0))
    *_, last = anneal(search, walks=False)
    return last


def reach(sketch: Sketch, distance: float, steps: int) -> Found | None:
    """The drawing of the first budget that comes as near as this."""
    for bits in BUDGETS:
        found = essence(sketch, bits, steps)
        if found.distance <= distance:
            return found
    return None


def beside_outlines(name: str, sketch: Sketch, steps: int) -> float:
    """The share of bits that ours needs; the peer is its smallest file that is as near."""
    ours = essence(sketch, OUR_BITS, steps)
    traced = sorted(outlines.outlines(sketch))
    near = [one for one in traced if one[2] <= ours.distance]
    bits = len(ours.program.bits)
    if near:
        whole, paths, distance = near[0]
        print(
            f"  {name}: ours {bits} bits at {ours.distance:.3f}; gzipped SVG {whole} bits at "
            f"{distance:.3f}: {bits / whole:.2f} ({bits / paths:.2f} of its paths alone)",
            flush=True,
        )
        return bits / whole
    nearest = min(traced, key=lambda one: one[2])
    print(
        f"  {name}: ours {bits} bits at {ours.distance:.3f}; no outline comes as near, the nearest "
        f"is {nearest[2]:.3f} with {nearest[0]} bits",
        flush=True,
    )
    return bits / nearest[0]


def beside_triangles(name: str, sketch: Sketch, steps: int, seconds: float) -> float:
    """The share of bits that ours needs to be as near as fifty triangles."""
    peer = outlines.Triangles(sketch, seed=0)
    began = time.process_time()
    generations = 0
    while time.process_time() - began < seconds:
        peer.generation()
        generations += 1
    ours = reach(sketch, peer.distance, steps)
    told = f"{peer.bits} bits at {peer.distance:.3f} after {generations} generations"
    if ours is None:
        print(f"  {name}: triangles {told}; ours never comes as near", flush=True)
        return float("inf")
    bits = len(ours.program.bits)
    print(
        f"  {name}: ours {bits} bits at {ours.distance:.3f}; triangles {told}: "
        f"{bits / peer.bits:.2f}",
        flush=True,
    )
    return bits / peer.bits


def evaluations(sketch: Sketch) -> None:
    """Drawings judged a second, ours against a Pillow drawing of the same arcs."""
    rng = np.random.default_rng(1)
    arcs = [random_arc(rng, sketch.sheet, 0.5) for _ in range(ARCS)]
    search = Search(sketch, 4096, 100, 0.9, rng)
    pursuit = Pursuit(search)
    strokes = [arc.stroke for arc in arcs]
    target, share = sketch.target.numpy(), sketch.share
    judged = 0

    def ours() -> float:
        nonlocal judged
        place = int(rng.integers(ARCS))
        rest = [*arcs[:place], *arcs[place + 1 :]]
        pursuit._offers(pursuit._gap(rest, place), arcs[place], 0.001)
        judged = 4 * len(pursuit.pool)  # what the place is like with each, in each tone
        return judged

    def whole() -> None:
        changed = random_arc(rng, sketch.sheet, 0.5)
        program = Program(sketch.sheet, arcs=(*arcs[:-1], changed))
        sketch.tone(program.drawing.strokes)

    def pillow() -> None:
        outlines.pillow_distance(sketch.sheet.all_marks(strokes), target, share)

    ours()
    each = clock.by_turns(
        {
            "ours": lambda: sum(clock.cpu(ours) for _ in range(20)) / (20 * judged),
            "whole": lambda: clock.cpu(lambda: [whole() for _ in range(50)]) / 50,
            "pillow": lambda: clock.cpu(lambda: [pillow() for _ in range(50)]) / 50,
        },
        5,
    )
    rates = {name: [1 / seconds for seconds in times] for name, times in each.items()}
    clock.row(
        f"Drawings of {ARCS} arcs judged in a second of CPU, at {sketch.width} x {sketch.height}",
        f"one arc exchanged, its other arcs kept: {clock.spread(rates['ours'], '/s')}",
        f"drawn by Pillow, {outlines.FINER}x finer: {clock.spread(rates['pillow'], '/s')}",
        statistics.median(rates["ours"]) / statistics.median(rates["pillow"]),
        100,
        least=True,
    )
    print(f"  laid down in full, one arc of it drawn anew: {clock.spread(rates['whole'], '/s')}")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a folder with photos/ and paintings/")
    parser.add_argument("--pairs", type=int, default=2, help="pairs of pictures, 1 to 4")
    parser.add_argument("--steps", type=int, default=400, help="of our search, each time")
    parser.add_argument("--seconds", type=float, default=60.0, help="of CPU for the triangles")
    asked = parser.parse_args(arguments)
    print(f"Short drawings; {clock.load()}; torch {torch.__version__}")
    files = [file for pair in pictures.pairs(asked.data, asked.pairs) for file in pair]
    sketches = {file.stem: sketch_for(pictures.square(file, SIDE)) for file in files}
    with clock.one_thread():
        evaluations(next(iter(sketches.values())))
        for title, peer in (("gzipped SVG outlines", "outlines"), ("50 triangles", "triangles")):
            print(f"Bits beside {title}, {asked.steps} steps:")
            shares = [
                beside_outlines(name, sketch, asked.steps)
                if peer == "outlines"
                else beside_triangles(name, sketch, asked.steps, asked.seconds)
                for name, sketch in sketches.items()
            ]
            clock.row(
                f"Bits at the same distance from {len(shares)} sketches, beside {title}",
                f"median share {statistics.median(shares):.2f}",
                f"from {min(shares):.2f} to {max(shares):.2f}",
                statistics.median(shares),
                0.25,
            )


if __name__ == "__main__":
    main()

"""Our dreams beside Google's of 2015: `python -m bench.dreams [--data FOLDER]`, two minutes."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from bench import clock, google_dream, networks, pictures
from bench.judges import description, opened, random_judges, variety
from generators.catalog import GENERATORS

ROUNDS = 5
FEW, MANY = 30, 90  # steps: with both, 30 frames carry a picture, so that steps alone differ
SEEDS, VARIETY_SIDE = 32, 144


def dreamt(content: Tensor | None, seed: int = 0, **params: Any) -> Tensor:
    """The picture of one whole run of our artist."""
    generator = GENERATORS["inceptionism"]
    parsed = generator.parse(params)
    for frame in generator.load()(parsed, seed=seed, content=content):
        last = frame.image
    assert last is not None
    return last


def one_step(content: Tensor, network: str, **params: Any) -> float:
    """CPU seconds of one more step at full size, through the artist's own code."""
    shape = {"size": max(content.shape[1:]), "octaves": 1, "network": network}
    few, many = (
        clock.cpu(lambda steps=steps: dreamt(content, **shape, **params, steps=steps))
        for steps in (FEW, MANY)
    )
    return (many - few) / (MANY - FEW)


def steps(content: Tensor, network: str) -> None:
    googlenet = google_dream.googlenet()
    rng = torch.Generator().manual_seed(0)

    def google() -> float:
        return clock.cpu(lambda: google_dream.make_step(googlenet, content[None], rng))

    google()  # warm
    dreamt(content, size=64, network=network)
    sides = {
        "ours": lambda: one_step(content, network),
        "pixels": lambda: one_step(content, network, canvas="pixels", objective="whole layer"),
        "google": google,
    }
    times = clock.by_turns(sides, ROUNDS)
    middle = {name: sorted(values)[len(values) // 2] for name, values in times.items()}
    clock.row(
        f"One step at 256 px, CPU of one thread ({networks.provenance('googlenet')})",
        f"{network}: {clock.spread(times['ours'], 'ms', 1e3)}; "
        f"its pixels and whole layer, as in 2015: {clock.spread(times['pixels'], 'ms', 1e3)}",
        f"Google's recipe, GoogLeNet 4c: {clock.spread(times['google'], 'ms', 1e3)}",
        middle["ours"] / middle["google"],
        0.33,
    )


def whole(content: Tensor, network: str) -> None:
    generator = GENERATORS["inceptionism"]
    params = generator.parse({"network": network, "size": 512})
    totals, firsts, walls = [], [], []
    for round_ in range(ROUNDS):
        began, cpu, first = time.perf_counter(), time.process_time(), 0.0
        for frame in generator.load()(params, seed=round_, content=content):
            if frame.image is not None and not first:
                first = time.process_time() - cpu
                walls.append(time.perf_counter() - began)
        firsts.append(first)
        totals.append(time.process_time() - cpu)
    middle = sorted(totals)[len(totals) // 2]
    clock.row(
        f"A whole dream at 512 px, default parameters, {network}, CPU of one thread",
        clock.spread(totals),
        "the bound, 4 s",
        middle,
        4.0,
    )
    clock.row(
        "Its first preview, from the start, the network's opening included",
        f"{clock.spread(firsts, 's of CPU')}; by the clock {clock.spread(walls)}, {clock.load()}",
        "the bound, 0.5 s of CPU, which is what the clock says on an idle core",
        sorted(firsts)[len(firsts) // 2],
        0.5,
    )


def varied(content: Tensor, network: str) -> None:
    """How far apart the seeds' pictures are, seen by networks that did not make them."""
    judges = random_judges(4)
    if network == "tiny-robust":
        judges.append(opened("tiny"))
    kinds = {
        "units": {"objective": "unit set"},
        "layer": {"objective": "whole layer"},
        "2015": {"objective": "whole layer", "canvas": "pixels"},
    }
    found = {}
    for kind, params in kinds.items():
        dreams = [
            dreamt(content, seed, size=VARIETY_SIDE, network=network, **params)
            for seed in range(1, SEEDS + 1)
        ]
        found[kind] = variety([description(judges, picture) for picture in dreams])
    names = ", ".join(judge.facts["network"] for judge in judges)
    clock.row(
        f"Variety over {SEEDS} seeds from one content at {VARIETY_SIDE} px, {network}",
        f"unit sets drawn by the seed: mean distance of two {found['units']:.3g}",
        f"the whole layer on the same canvas, which only shaking varies: {found['layer']:.3g} "
        f"(on pixels with jitter alone, as in 2015: {found['2015']:.3g}); seen by {names}",
        found["units"] / found["layer"],
        2.0,
        least=True,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a folder with photos/ and paintings/")
    parser.add_argument("--network", default=networks.tiny(), help="of our artist")
    asked = parser.parse_args(arguments)
    print(f"Dreams; {clock.load()}; torch {torch.__version__}")
    with clock.one_thread():
        steps(pictures.pair(asked.data, 256)[0], asked.network)
        whole(pictures.pair(asked.data, 512)[0], asked.network)
        varied(pictures.pair(asked.data, VARIETY_SIDE)[0], asked.network)


if __name__ == "__main__":
    main()

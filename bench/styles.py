"""Our style transfer beside Gatys's: `python -m bench.styles [--data FOLDER] [--whole]`.

Without --whole the peer's time is that of twenty evaluations times 25, up to a seventh above the
whole's, and nobody judges what it would have painted. With it, all 500 are made: ten minutes of one
core more, and the judging.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from bench import clock, gatys, networks, pictures
from bench.judges import StyleJudges, random_judges
from generators.catalog import GENERATORS
from generators.nets import features

FEW = 20  # evaluations from which the whole is estimated
CONTENT_WEIGHTS = (0.03, 0.1, 0.3, 1.0, 3.0)  # our dial, to find the peer's content distance on
JUDGES = 8
Judged = tuple[float, float, float]


def painted(content: Tensor, style: Tensor, **params: Any) -> Tensor:
    """The picture of one whole run of our artist, who remembers no style from the run before."""
    generator = GENERATORS["deep_style"]
    paint = generator.load()
    import_module("generators.styling").REMEMBERED.styles.clear()
    parsed = generator.parse({"size": max(content.shape[1:]), **params})
    for frame in paint(parsed, seed=0, content=content, styles=[style]):
        last = frame.image
    assert last is not None
    return last


def peer(content: Tensor, style: Tensor, kept: Path | None, whole: bool) -> tuple[float, Tensor]:
    """CPU seconds of one thread for plain Gatys, and its picture, good for nothing if not whole.
    Both are read from the file `kept`, or written to it."""
    if whole and kept and kept.is_file():
        print("The peer's time and picture are those of an earlier run.")
        return torch.load(kept)
    stages = gatys.vgg19()
    gatys.paint(stages, content, style, evaluations=1)  # warm
    began = time.process_time()
    picture = gatys.paint(stages, content, style, gatys.EVALUATIONS if whole else FEW)
    seconds = time.process_time() - began
    if not whole:
        seconds *= gatys.EVALUATIONS / FEW
    elif kept:
        torch.save((seconds, picture), kept)
    return seconds, picture


def told(seconds: float, whole: bool) -> str:
    return f"{seconds:.0f} s of CPU" + ("" if whole else f" (from {FEW} of {gatys.EVALUATIONS})")


def at_content(ours: Sequence[Judged], content: float) -> Judged | None:
    """Our style distances where our content distance is `content`, between two settings of the
    dial; those of the most painted one if all keep more than that, None if none keeps as much."""
    rising = sorted(ours, key=lambda judged: judged[2])
    if rising[0][2] > content:
        return None
    for below, above in pairwise(rising):
        if above[2] > content:
            share = (content - below[2]) / (above[2] - below[2])
            between = [a + share * (b - a) for a, b in zip(below, above, strict=True)]
            return between[0], between[1], content
    return rising[-1]


def same_network(content: Tensor, style: Tensor, beside: tuple[float, Tensor], whole: bool) -> None:
    """Both through one VGG-19, so that only the method differs."""
    with networks.shared_weights():
        painted(content, style, network="vgg19", steps=10)  # warm
        runs = {}
        for weight in CONTENT_WEIGHTS if whole else (1.0,):
            began = time.process_time()
            picture = painted(
                content, style, network="vgg19", content_weight=weight, steps=gatys.EVALUATIONS
            )
            runs[weight] = time.process_time() - began, picture
    seconds = runs[1.0][0]
    slowest = max(run[0] for run in runs.values())
    clock.row(
        f"A whole picture at {content.shape[1]} px through the same VGG-19, at most "
        f"{gatys.EVALUATIONS} steps each, CPU of one thread",
        f"transport: {seconds:.1f} s" + (f", at most {slowest:.1f} on the dial" if whole else ""),
        f"plain Gatys: {told(beside[0], whole)}",
        seconds / beside[0],
        0.25,
    )
    if whole:
        quality(content, style, beside[1], {weight: run[1] for weight, run in runs.items()})
    else:
        print("  how good the two are is judged with --whole")


def quality(
    content: Tensor, style: Tensor, beside: Tensor, ours: dict[float, Tensor], bound: bool = True
) -> None:
    """Judge the peer's picture and ours, one for each content weight."""
    judge = StyleJudges(random_judges(JUDGES), content, style)
    theirs = judge(beside)
    judged = {weight: judge(picture) for weight, picture in ours.items()}
    for weight, (gram, transport, kept) in judged.items():
        print(
            f"    content weight {weight:<4g}: style {gram:.3f} (Gram), {transport:.3f} "
            f"(Wasserstein), content {kept:.3f}"
        )
    found = at_content(list(judged.values()), theirs[2])
    title = f"Its distance from the style at equal content, seen by {JUDGES} random networks"
    other = f"plain Gatys: {theirs[0]:.3f} (Gram), {theirs[1]:.3f}, at content {theirs[2]:.3f}"
    if not bound:
        print(f"    {other}")
        return
    if found is None:
        print(f"{title}\n  ours   never keeps as much of the content\n  beside {other}")
        print("  NOT MET", flush=True)
        return
    clock.row(
        title,
        f"{found[0]:.3f} (Gram), {found[1]:.3f} (Wasserstein), at content {found[2]:.3f}",
        other,
        max(found[0] / theirs[0], found[1] / theirs[1]),
        1.0,
    )


def tiny(
    content: Tensor, style: Tensor, beside: tuple[float, Tensor], network: str, whole: bool
) -> None:
    painted(content, style, network=network, steps=10)  # warm
    with clock.one_thread():
        times = [clock.cpu(lambda: painted(content, style, network=network)) for _ in range(3)]
    clock.row(
        f"A whole picture at {content.shape[1]} px, {network}, CPU of one thread",
        clock.spread(times),
        f"plain Gatys on VGG-19: {told(beside[0], whole)}",
        beside[0] / sorted(times)[1],
        50.0,
        least=True,
    )
    walls = []
    for _ in range(3):
        began = time.perf_counter()
        painted(content, style, network=network)
        walls.append(time.perf_counter() - began)
    clock.row(
        f"The same by the clock, {torch.get_num_threads()} threads",
        f"{clock.spread(walls)}; {clock.load()}",
        "the bound, 6 s on two idle cores",
        sorted(walls)[1],
        6.0,
    )
    if whole:
        print(f"What {network} paints, judged as above:")
        with clock.one_thread():
            ours = {
                weight: painted(content, style, network=network, content_weight=weight)
                for weight in CONTENT_WEIGHTS
            }
            quality(content, style, beside[1], ours, bound=False)


def memory(data: Path | None, network: str) -> None:
    """Each side in a process of its own. The peer's L-BFGS keeps 100 pairs of pictures, of which
    only FEW are there by the end: what it would still take is left out."""
    found = {}
    for side in ("ours", "gatys"):
        command = [sys.executable, "-m", "bench.styles", "--child", side, "--network", network]
        command += ["--data", str(data)] if data else []
        answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        above, peak = (float(word) for word in answer.split()[-2:])
        found[side] = above, f"{above:.0f} MB above the bare libraries, {peak:.0f} in all"
    clock.row(
        "Peak memory at 512 px",
        f"{network}: {found['ours'][1]}",
        f"plain Gatys on VGG-19, {FEW} evaluations: {found['gatys'][1]}",
        found["ours"][0] / found["gatys"][0],
        0.3,
    )


def child(side: str, data: Path | None, network: str) -> None:
    """Print what one side takes."""
    content, style = pictures.pair(data, 512)
    networks.torchvision_models()
    if side == "ours":
        GENERATORS["deep_style"].load()

    def work() -> None:
        if side == "ours":
            painted(content, style, network=network)
        else:  # what the weights are does not change what they take
            gatys.paint(gatys.vgg19(trained=False), content, style, evaluations=FEW)

    print(*clock.peak_mb(work))


def formats(content: Tensor, network: str) -> None:
    """What the order of memory and the half-length numbers bring, gradients to pixels included."""
    print("One look and its gradient at 256 px, CPU of one thread:")
    for source in (network, "vgg19"):
        with networks.shared_weights():
            stages, _ = features._stages(source)
        layers = nn.Sequential(*(stages[name] for name in _down_to_last(source, stages)))
        layers.eval().requires_grad_(False)
        parts = []
        for order in (torch.contiguous_format, torch.channels_last):
            layers.to(memory_format=order)
            picture = content[None].contiguous(memory_format=order).requires_grad_()
            for fast in (False, True):
                times = [clock.cpu(partial(_look, layers, picture, fast)) for _ in range(5)]
                name = "NHWC" if order == torch.channels_last else "NCHW"
                kind = "bfloat16" if fast else "float32"
                parts.append(f"{name} {kind} {1e3 * sorted(times)[2]:.0f} ms")
        print(f"  {source}: {', '.join(parts)}", flush=True)


def _down_to_last(source: str, stages: dict[str, nn.Module]) -> list[str]:
    last = features.style_layers_of(source)[-1]
    return list(stages)[: list(stages).index(last) + 1]


def _look(layers: nn.Module, picture: Tensor, fast: bool) -> None:
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=fast):
        units = layers(picture)
    torch.autograd.grad(units.float().square().mean(), picture)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a folder with photos/ and paintings/")
    parser.add_argument("--network", default=networks.tiny(), help="of our artist")
    parser.add_argument("--whole", action="store_true", help="all of the peer's evaluations")
    parser.add_argument("--pair", type=int, default=0, help="which pictures, from 0 to 3")
    parser.add_argument("--keep", type=Path, help="keep the peer's picture in this folder")
    parser.add_argument("--child", choices=("ours", "gatys"), help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.child:
        child(asked.child, asked.data, asked.network)
        return
    print(f"Styles; {clock.load()}; torch {torch.__version__}; {networks.provenance('vgg19')}")
    content, style = pictures.pair(asked.data, 256, asked.pair)
    with clock.one_thread():
        kept = asked.keep / f"gatys-{asked.pair}-{content.shape[1]}.pt" if asked.keep else None
        beside = peer(content, style, kept, asked.whole)
        same_network(content, style, beside, asked.whole)
    tiny(content, style, beside, asked.network, asked.whole)
    memory(asked.data, asked.network)
    with clock.one_thread():
        formats(content, asked.network)


if __name__ == "__main__":
    main()

"""Our enlarging of GAN pictures beside Pillow's Lanczos: `python -m bench.enlarging --data FOLDER`.

FOLDER is a catalogued collection; only paintings that no training saw are looked at. `--keep`
leaves 64 pictures by the painters that ship, enlarged both ways and chosen by nobody.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from bench import clock
from generators.gan.artist import open_artist
from generators.gan.enlarge import resized, worked_out
from generators.nets.enlarger import TIMES
from generators.nets.features import open_network
from generators.nets.gan import SIDE
from generators.training.enlarging import SHORTEST, coarsened, woven
from generators.training.examined import drawn, features, kernel_distance
from generators.training.paintings import read_catalogue

PAINTED = 100  # pictures by each painter
LAYERS = ("relu1_2", "relu2_2", "relu3_3")
SEED = 3
LOST = 0.99  # of Lanczos' PSNR at least: brushwork that is made up costs squared errors


def held_out(folder: Path, side: int, shortest: int) -> Tensor:
    """uint8 (n, 3, side, side): paintings held out whose short side has so many pixels."""
    images = (painting.open() for painting in read_catalogue(folder)[0])
    pressed = [
        np.array(image.resize((side, side), Image.Resampling.LANCZOS))
        for image in images
        if min(image.size) >= shortest
    ]
    return torch.from_numpy(np.stack(pressed)).permute(0, 3, 1, 2).contiguous()


def both(levels: Tensor, side: int) -> dict[str, Tensor]:
    """Pictures uint8 (n, 3, SIDE, SIDE) enlarged by ours and by Lanczos, uint8."""
    rng = torch.Generator().manual_seed(SEED)
    shape = (side, side)
    ours = torch.stack([resized(worked_out(one, rng), shape) for one in levels])
    theirs = torch.stack([resized(one.float() / 255, shape) for one in levels])
    return {
        name: (255 * shown).round().to(torch.uint8)
        for name, shown in (("ours", ours), ("Lanczos", theirs))
    }


def given_back(folder: Path) -> None:
    """Paintings shrunk as GANs would have painted them, and how near enlarging comes to them."""
    large = held_out(folder, TIMES * SIDE, SHORTEST)
    rng = torch.Generator().manual_seed(SEED)
    weave = woven(SEED + 1)[torch.randperm(200, generator=rng)]
    small = coarsened(large.float() / 255, weave[: len(large)], rng)
    found = both((255 * small).round().to(torch.uint8), TIMES * SIDE)
    network = open_network("tiny", LAYERS)
    network.precise = True
    told: dict[str, tuple[float, float]] = {}
    for name, shown in found.items():
        missed = (shown.float() - large.float()).div(255).square().mean((1, 2, 3))
        apart = [_apart(network, one, other) for one, other in zip(shown, large, strict=True)]
        told[name] = float((-10 * missed.log10()).mean()), float(np.mean(apart))
    print(f"{len(large)} held-out paintings, {SIDE} to {TIMES * SIDE} pixels")
    psnr, apart_ = zip(told["ours"], told["Lanczos"], strict=True)
    clock.row("PSNR", f"{psnr[0]:.2f} dB", f"{psnr[1]:.2f} dB", psnr[0] / psnr[1], LOST, least=True)
    clock.row(
        "Distance of units of tiny",
        f"{apart_[0]:.3f}",
        f"{apart_[1]:.3f}",
        apart_[0] / apart_[1],
        1.0,
    )


@torch.no_grad()
def _apart(network: torch.nn.Module, one: Tensor, other: Tensor) -> float:
    """As Zhang et al. 2018, "The unreasonable effectiveness of deep features as a perceptual
    metric", without their weights: squared, of units of length 1 in each place."""
    seen, wanted = (network(shown[None].float() / 255) for shown in (one, other))
    layers = (F.normalize(seen[name]) - F.normalize(wanted[name]) for name in LAYERS)
    return float(sum(layer.square().sum(1).mean() for layer in layers))


def enlarged(folder: Path, side: int, shortest: int) -> None:
    """Pictures by the painters that ship beside held-out paintings of that size."""
    real = features(held_out(folder, side, shortest))
    for name in ("gan", "can"):
        shown = both(drawn(open_artist(name), PAINTED, SEED), side)
        ours, theirs = (kernel_distance(features(shown[how]), real) for how in ("ours", "Lanczos"))
        clock.row(
            f"Kernel distance of {PAINTED} pictures by {name} from {len(real)} held-out paintings "
            f"at {side} pixels",
            f"{ours:.2f}",
            f"{theirs:.2f}",
            ours / theirs,
            1.0,
        )


def sheet(path: Path) -> None:
    """64 pictures, Lanczos to the left of ours."""
    levels = torch.cat([drawn(open_artist(name), 32, SEED) for name in ("gan", "can")])
    found = both(levels, TIMES * SIDE)
    pairs = torch.cat([found["Lanczos"], found["ours"]], 3)
    rows = pairs.view(16, 4, *pairs.shape[1:]).permute(0, 3, 1, 4, 2)
    Image.fromarray(rows.reshape(16 * pairs.shape[2], -1, 3).contiguous().numpy()).save(path)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a catalogued collection")
    parser.add_argument("--keep", type=Path, help="a .png file for pictures")
    asked = parser.parse_args(arguments)
    print(f"Enlarging; {clock.load()}; torch {torch.__version__}")
    with clock.one_thread():
        if asked.keep:
            sheet(asked.keep)
        level = drawn(open_artist("gan"), 1, SEED)[0]
        worked_out(level, torch.Generator())
        began = time.process_time()
        for _ in range(10):
            resized(worked_out(level, torch.Generator()), (512, 512))
        print(f"{(time.process_time() - began) / 10:.3f} s of one core to 512 pixels")
        given_back(asked.data)
        enlarged(asked.data, 256, SHORTEST)
        enlarged(asked.data, 448, 440)


if __name__ == "__main__":
    main()

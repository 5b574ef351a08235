"""Train the network that enlarges: `python -m generators.training.enlarging FOLDER --output FILE`.

FOLDER is the catalogued collection. Paintings are shrunk to the size that GANs paint, softened and
woven over as GAN pictures are, and the network learns to give the paintings back. Weave is taken
from pictures by the painters that ship: what they have finer than a few pixels (Ji et al. 2020,
"Real-world super-resolution via kernel estimation and noise injection").

What few pixels do not tell cannot be given back, and by squared errors alone a network learns to
blur. So strokes are compared by what the tiny network sees and how that goes together (Gatys et
al. 2016), in squares small enough that paint lies where it belongs; and a small critic, with the
loss of `generators.training.rivals`, is to be deceived place by place (Ledig et al. 2017,
"Photo-realistic single image super-resolution using a generative adversarial network").

One thread, however many there are: the same seed gives the same bytes.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from generators.gan.artist import open_artist
from generators.nets.enlarger import TIMES, Critic, Enlarger, initialise
from generators.nets.features import FeatureNetwork, faster, open_network
from generators.nets.gan import SIDE, softened
from generators.refused import Refused
from generators.training.checkpoint import write_whole
from generators.training.examined import drawn
from generators.training.paintings import read_catalogue

STEPS, BATCH = 3000, 4
CROP = 24  # pixels of a small picture that are learnt from at once
SHORTEST = 220  # pixels of a painting's short side, or it is too coarse to learn from
WOVEN = 300  # pictures by each painter that weave is taken from
SOFTENED = 8  # times, until only forms are left of a painted picture
WEAVE = 0.6, 1.4  # of theirs, at least and at most
SHAKEN = 8  # pixels by which what is looked at is moved about, less one
LAYERS = ("relu1_2", "relu2_2")
SQUARE = 32  # pixels of the large picture in which strokes are compared
RATE, WARM, LAST = 7e-4, 50, 0.1  # as in `rivals`
CRITIC_RATE = 4e-4
PLAIN = 1000  # steps before the critic is listened to
# Weights of the small picture, the large one, units, how they go together, and the critic.
SMALL, LARGE, SEEN, TOGETHER, DECEIVED = 5.0, 1.0, 0.1, 0.05, 0.02
SLOPES, EVERY = 1.0, 8  # R1's weight, and steps between two that look at it
CLIPPED = 1.0  # length of the slopes, at most
FOLLOWS = 0.995  # of the average weights stays, each step
DEVICE = torch.device("cpu")


def read_squares(folder: Path) -> Tensor:
    """uint8 (n, 3, TIMES * SIDE, TIMES * SIDE): the paintings that are not held out, pressed."""
    side = TIMES * SIDE
    squares = []
    for painting in read_catalogue(folder)[1]:
        image = painting.open()
        if min(image.size) >= SHORTEST:
            squares.append(np.array(image.resize((side, side), Image.Resampling.LANCZOS)))
    if not squares:
        raise Refused(f"No painting in {folder} is {SHORTEST} pixels wide and high.")
    return torch.from_numpy(np.stack(squares)).permute(0, 3, 1, 2).contiguous()


def woven(seed: int) -> Tensor:
    """(n, 3, SIDE, SIDE): what pictures by the painters that ship lose when they are softened. With
    the speckle that is coarser than weave go most edges too, which were hardly any."""
    shown = torch.cat([drawn(open_artist(name), WOVEN, seed) for name in ("gan", "can")])
    pictures = soft = shown.float() / 255
    for _ in range(SOFTENED):
        soft = softened(soft)
    return pictures - soft


def coarsened(large: Tensor, weave: Tensor, rng: torch.Generator) -> Tensor:
    """Paintings (N, 3, H, W) as a GAN might have painted them, a TIMES-th in size, each worse or
    better by chance; `weave` is as large as they come out."""
    soft, much = torch.rand((2, len(large), 1, 1, 1), generator=rng)
    small = F.avg_pool2d(large, TIMES)
    small = torch.lerp(small, softened(softened(small)), soft.sqrt())
    small = small + (WEAVE[0] + (WEAVE[1] - WEAVE[0]) * much) * weave
    levels: Tensor = (small.clamp(0, 1) * 255).round()
    return levels / 255


def cut(pictures: Tensor, side: int, grid: int, rng: torch.Generator) -> Tensor:
    """BATCH squares of `side` pixels, from places that are multiples of `grid`, in 0..1."""
    which = torch.randint(len(pictures), (BATCH,), generator=rng).tolist()
    places = torch.randint((pictures.shape[-1] - side) // grid + 1, (BATCH, 2), generator=rng)
    mirrored = bool(torch.rand(1, generator=rng) < 0.5)
    some = torch.stack(
        [
            pictures[one, :, down : down + side, right : right + side]
            for one, (down, right) in zip(which, (grid * places).tolist(), strict=True)
        ]
    )
    some = some.float() / 255 if some.dtype == torch.uint8 else some
    return some.flip(3) if mirrored else some


def shaken(pictures: Tensor, by: list[int]) -> Tensor:
    """Pictures (N, C, H, W) moved down and right, what leaves them coming in again. Who looks at
    every fourth pixel, and always at the same ones, asks for a screen that lies on them."""
    return pictures.roll(by, (2, 3))


def together(units: Tensor, times: int) -> Tensor:
    """How units (N, C, h, w) go together in each square of SQUARE pixels; `times` is how much
    smaller they are than the picture."""
    side = SQUARE // times
    squares = units.unfold(2, side, side).unfold(3, side, side)
    flat = squares.permute(0, 2, 3, 1, 4, 5).flatten(4).flatten(0, 2)
    found: Tensor = flat @ flat.transpose(1, 2) / side**2
    return found


class Training:
    """The network, its running average, and what it learns from."""

    def __init__(self, squares: Tensor, weave: Tensor, steps: int, seed: int) -> None:
        self.squares, self.weave, self.steps, self.seed = squares, weave, steps, seed
        self.network, self.average, self.critic = Enlarger(), Enlarger(), Critic()
        for net in (self.network, self.critic):
            initialise(net, torch.Generator().manual_seed(seed))
        self.average.load_state_dict(self.network.state_dict())
        for net in (self.network, self.critic):
            net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # missing in the stubs
        self.seen: FeatureNetwork = open_network("tiny", LAYERS)
        self.optimizers = [
            torch.optim.Adam(net.parameters(), lr=rate, betas=(first, 0.99), fused=True)
            for net, rate, first in ((self.network, RATE, 0.9), (self.critic, CRITIC_RATE, 0.0))
        ]
        self.step = 0

    def advance(self) -> dict[str, float]:
        """One step; returns what each part of the loss was."""
        rng = torch.Generator().manual_seed(self.seed * 1_000_003 + self.step)
        share = self.step / self.steps
        for optimizer, rate in zip(self.optimizers, (RATE, CRITIC_RATE), strict=True):
            optimizer.zero_grad(set_to_none=True)
            for group in optimizer.param_groups:
                group["lr"] = rate * min(1.0, (self.step + 1) / WARM) * (1 - (1 - LAST) * share)
        large = cut(self.squares, TIMES * CROP, TIMES, rng)
        given = coarsened(large, cut(self.weave, CROP, 1, rng), rng)
        grain = torch.randn((BATCH, 1, 2 * CROP, 2 * CROP), generator=rng)
        with faster(DEVICE):
            painted = self.network(given, grain)
        by = torch.randint(SHAKEN, (2,), generator=rng).tolist()
        found = self._missed(painted, large, by)
        slope = None
        if self.step >= PLAIN:
            slope = self._criticised(painted.detach(), large, by, found)
        loss = SMALL * found["small"] + LARGE * found["large"]
        loss = loss + SEEN * found["seen"] + TOGETHER * found["together"]
        (own,) = torch.autograd.grad(loss, painted, retain_graph=True)
        painted.backward(own if slope is None else own + DECEIVED * slope)
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), CLIPPED)
        for optimizer in self.optimizers[: 1 if slope is None else 2]:
            optimizer.step()
        self._remember()
        self.step += 1
        return {name: float(value.detach()) for name, value in found.items()}

    def _missed(self, painted: Tensor, large: Tensor, by: list[int]) -> dict[str, Tensor]:
        with torch.no_grad():
            wanted = self.seen(shaken(large, by))
        answers = self.seen(shaken(painted, by))
        pairs = [(answers[name], wanted[name], 1 << place) for place, name in enumerate(LAYERS)]
        apart = (together(one, times) - together(other, times) for one, other, times in pairs)
        return {
            "small": (F.avg_pool2d(painted - large, TIMES)).abs().mean(),
            "large": (painted - large).abs().mean(),
            "seen": (pairs[-1][0] - pairs[-1][1]).abs().mean(),
            "together": torch.stack([one.abs().mean() for one in apart]).sum(),
        }

    def _criticised(
        self, painted: Tensor, large: Tensor, by: list[int], found: dict[str, Tensor]
    ) -> Tensor:
        """Let the critic learn; returns the slope of what the painting network is to make small."""
        painted.requires_grad_()
        looked = self.step % EVERY == 0
        real = large.clone().requires_grad_(looked)
        with faster(DEVICE):
            right, wrong = self.critic(shaken(real, by)), self.critic(shaken(painted, by))
        found["lead"] = (right - wrong).mean().detach()
        loss = F.softplus(wrong - right).mean()
        own = F.softplus(right.detach() - wrong).mean()
        (slope,) = torch.autograd.grad(own, painted, retain_graph=True)
        if looked:
            (steep,) = torch.autograd.grad(right.mean(1).sum(), real, create_graph=True)
            loss = loss + EVERY * SLOPES * steep.square().sum((1, 2, 3)).mean()
        for parameter, grad in zip(
            self.critic.parameters(),
            torch.autograd.grad(loss, list(self.critic.parameters())),
            strict=True,
        ):
            parameter.grad = grad
        return slope

    @torch.no_grad()
    def _remember(self) -> None:
        follows = min(FOLLOWS, self.step / (self.step + 20))
        means, news = self.average.parameters(), self.network.parameters()
        torch._foreach_lerp_(list(means), list(news), 1 - follows)

    def export(self, path: Path) -> None:
        """Write the average network in half precision, atomically."""
        state = self.average.state_dict()
        told = {"steps": self.step, "seed": self.seed}
        tensors = {f"enlarger.{name}": tensor.half() for name, tensor in state.items()}
        write_whole(tensors, path, {"enlarger": json.dumps(told)})


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m generators.training.enlarging")
    parser.add_argument("folder", type=Path, help="the catalogued collection")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args(arguments)
    torch.set_num_threads(1)
    try:
        squares = read_squares(asked.folder)
    except Refused as refused:
        sys.stderr.write(f"{refused}\n")
        return 2
    began = time.process_time()
    training = Training(squares, woven(asked.seed), asked.steps, asked.seed)
    while training.step < asked.steps:
        found = training.advance()
        if training.step % 50 == 0:
            told = ", ".join(f"{name} {value:.3f}" for name, value in found.items())
            took = time.process_time() - began
            sys.stderr.write(f"step {training.step:,} after {took:.0f} s: {told}\n")
    training.export(asked.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())

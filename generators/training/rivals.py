"""One training of a painter and its critic: how far it has come, and how to resume it.

The loss is that of R3GAN (Huang et al. 2024): the critic has to tell a real picture from a painted
one beside it, the painter to make it err, and the slope of the critic's answer is held down on both
(R1 and R2). With a largest wish above zero the painter is a CAN (Elgammal et al. 2017), also paid
for pictures that a frozen judge of styles cannot place. How well it is paid, lambda, is drawn anew
for each group that the critic sees together, and told to the painter (Dosovitskiy and Djolonga
2020, "You only train once: loss-conditional training of deep networks"): one training serves every
lambda.

Both learn from one pass. The critic's slope at a painted picture, which its own learning yields, is
what the painter needs but for a factor, as the losses of the two are log(1 + e^-d) and
log(1 + e^d) of the same difference d.

Rates and weights were found at 64 pixels on processors. GPU_BATCH was never run on a GPU: it is
what published trainings of this size use, at the rate of the smaller batch, which errs on the slow
side. At 128 pixels the weight of R1 and R2 grows with the pixels, as in Karras et al. 2020,
"Training generative adversarial networks with limited data"; short trainings on a processor are all
that it was tried in.
"""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from generators.gan.artist import as_tensors
from generators.gan.copies import Corpus
from generators.nets.features import faster
from generators.nets.gan import GROUP, LATENT, SIDE, Critic, Painter, initialise
from generators.nets.style_judge import StyleJudge, deviation
from generators.refused import Refused
from generators.training.augment import changed
from generators.training.checkpoint import moments_of, part_of, remember, told_by, write_whole

BATCH, GPU_BATCH = 16, 64
RATE, WARM, LAST = 4e-4, 50, 0.1  # steps until it is reached; share of it left at the end
BETAS = (0.0, 0.99)
SLOPES = 30.0  # weight of R1 and R2 at the beginning, at 64 pixels; a tenth of it at the end
EVERY = 4  # steps between two that look at the slopes
HALF_LIFE = 3_000  # pictures after which half of the average weights are new
SETTLING = 12  # batches of 64 that means and deviations are taken over at the end
PAID = 2  # one picture in so many is looked at by the judge of styles
STEEPEST = 8.0  # lead of the critic beyond which the painter's loss counts as it would here


@dataclass(frozen=True, slots=True)
class Lesson:
    """How to train. Of `steps` and `seconds` one is 0: the other ends it."""

    steps: int
    seconds: float
    seed: int
    largest_wish: float = 0.0
    side: int = SIDE  # pixels of a picture
    batch: int = BATCH  # pictures to a step

    @property
    def slopes(self) -> float:
        """The weight of R1 and R2 at the beginning."""
        return SLOPES * (self.side / SIDE) ** 2


class Training:
    """The state that a checkpoint holds: painter, its running average, critic, their optimizers.

    `pictures` are uint8 (n, 3, side, side), `held_out` others that are never learnt.
    """

    def __init__(
        self,
        lesson: Lesson,
        pictures: Tensor,
        names: Sequence[str],
        held_out: Tensor,
        device: str = "cpu",
    ) -> None:
        self.lesson, self.device = lesson, torch.device(device)
        self.pictures, self.names, self.held_out = pictures, names, held_out
        self.digest = hashlib.sha256(pictures.numpy().tobytes()).hexdigest()
        wishes, side = lesson.largest_wish > 0, lesson.side
        with torch.device("meta"):  # leaves the global generator alone
            nets = Painter(wishes, side), Painter(wishes, side), Critic(side)
        self.painter, self.average, self.critic = (net.to_empty(device="cpu") for net in nets)
        for net in (self.painter, self.critic):
            initialise(net, torch.Generator().manual_seed(lesson.seed))
        self.average.load_state_dict(self.painter.state_dict())
        for net in (self.painter, self.average, self.critic):
            net.to(self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]  # missing in the stubs
        self.average.requires_grad_(False)
        self.optimizers = {
            part: torch.optim.Adam(
                getattr(self, part).parameters(), lr=RATE, betas=BETAS, fused=True
            )
            for part in ("painter", "critic")
        }
        self.judge = StyleJudge().to(self.device)
        self.step, self.seconds = 0, 0.0
        self.stopped = ""  # where and why it ended before its time

    @property
    def rounds(self) -> float:
        """How often it has seen each picture."""
        return self.step * self.lesson.batch / len(self.pictures)

    @property
    def over(self) -> bool:
        return self.share >= 1 or bool(self.stopped)

    @property
    def share(self) -> float:
        """Of the lesson that is done, 0..1."""
        if self.lesson.steps:
            return self.step / self.lesson.steps
        return min(1.0, self.seconds / self.lesson.seconds)

    def advance(self) -> float:
        """One step of both; returns by how much the critic told real from painted, less than zero
        where it was deceived. With `steps`, it depends on seed and step alone."""
        began = time.process_time()
        rng = torch.Generator().manual_seed(self.lesson.seed * 1_000_003 + self.step)
        rate = RATE * min(1.0, (self.step + 1) / WARM) * (1 - (1 - LAST) * self.share)
        for optimizer in self.optimizers.values():
            optimizer.zero_grad(set_to_none=True)
            for group in optimizer.param_groups:
                group["lr"] = rate
        # One wish for each group that the critic sees together: its variety must come from chance.
        batch = self.lesson.batch
        wish = torch.rand(batch // GROUP, generator=rng).repeat_interleave(GROUP)
        with faster(self.device):
            painted = self.painter(
                torch.randn((batch, LATENT), generator=rng).to(self.device), wish.to(self.device)
            )
        lead, slope = self._judge(painted.detach(), rng)
        if self.lesson.largest_wish:
            slope += self._paid(painted.detach(), wish)
        painted.backward(slope)
        for optimizer in self.optimizers.values():
            optimizer.step()
        self._remember()
        self.step += 1
        self.seconds += time.process_time() - began
        return lead

    def _judge(self, painted: Tensor, rng: torch.Generator) -> tuple[float, Tensor]:
        """Let the critic learn; returns its mean lead, and the slope of the painter's loss at each
        painted picture."""
        painted.requires_grad_()
        shown = torch.cat([changed(self._real(rng), rng), changed(painted, rng)])
        with faster(self.device):
            answers = self.critic(shown).float()
        real, fake = answers.chunk(2)
        loss = F.softplus(fake - real).mean()
        if self.step % EVERY == 0:
            (own,) = torch.autograd.grad(loss, painted, retain_graph=True)
            (slopes,) = torch.autograd.grad(answers.sum(), shown, create_graph=True)
            steep = slopes.float().square().sum((1, 2, 3)).mean()
            loss = loss + EVERY * self.lesson.slopes * 0.1**self.share * steep
            loss.backward()
        else:
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            own = cast(Tensor, painted.grad)
        lead = (real - fake).detach()
        factor = -torch.exp(lead.clamp(-STEEPEST, STEEPEST)).view(-1, 1, 1, 1)
        return float(lead.mean()), own * factor

    def _paid(self, painted: Tensor, wish: Tensor) -> Tensor:
        """The slope of what the painter is paid for, at one picture in PAID."""
        seen = painted[::PAID].detach().requires_grad_()
        weight = torch.expm1(wish[::PAID] * math.log1p(self.lesson.largest_wish)).to(self.device)
        missed = (weight * deviation(self.judge((seen + 1) / 2))).mean()
        (slope,) = torch.autograd.grad(missed, seen)
        everywhere = torch.zeros_like(painted)
        everywhere[::PAID] = slope
        return everywhere

    def _real(self, rng: torch.Generator) -> Tensor:
        batch = self.lesson.batch
        which = torch.randint(len(self.pictures), (batch,), generator=rng)
        mirrored = torch.rand((batch, 1, 1, 1), generator=rng) < 0.5
        chosen = self.pictures[which]
        chosen = torch.where(mirrored, chosen.flip(3), chosen).to(self.device)
        return chosen.float() / 127.5 - 1

    @torch.no_grad()
    def _remember(self) -> None:
        """Let the average follow; the sooner the younger it is."""
        batch = self.lesson.batch
        half_life = min(HALF_LIFE, 0.05 * self.step * batch + 1)
        part = 1 - 0.5 ** (batch / half_life)
        means, news = self.average.parameters(), self.painter.parameters()
        torch._foreach_lerp_(list(means), list(news), part)

    @torch.no_grad()
    def settled(self) -> Painter:
        """The average painter, ready to paint: with the means and deviations that its own channels
        have, of which an average of weights knows nothing. In the half precision of its file."""
        with torch.device("meta"):
            painter = Painter(self.lesson.largest_wish > 0, self.lesson.side)
        painter.to_empty(device=self.device).load_state_dict(self.average.state_dict())
        painter.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # missing in the stubs
        for layer in painter.modules():
            if isinstance(layer, nn.BatchNorm2d):
                layer.reset_running_stats()
                layer.momentum = None  # the plain mean of all batches
        rng = torch.Generator().manual_seed(self.lesson.seed)
        for _ in range(SETTLING):
            chance, wish = torch.randn((64, LATENT), generator=rng), torch.rand(64, generator=rng)
            painter(chance.to(self.device), wish.to(self.device))
        for tensor in painter.state_dict().values():
            if tensor.is_floating_point():
                tensor.copy_(tensor.half())
        return painter.eval().requires_grad_(False).cpu()

    def save(self, path: Path) -> None:
        """Write everything needed to go on, atomically."""
        tensors: dict[str, Tensor] = {}
        for part in ("painter", "average", "critic"):
            state = getattr(self, part).state_dict()
            tensors |= {f"{part}.{name}": tensor for name, tensor in state.items()}
        for part, optimizer in self.optimizers.items():
            tensors |= moments_of(optimizer, f"moments_of_{part}")
        told = {"step": self.step, "seconds": self.seconds, "stopped": self.stopped}
        told |= {"lesson": self.promise()}
        write_whole(tensors, path, {"training": json.dumps(told)})

    @torch.no_grad()
    def resume(self, path: Path) -> None:
        """Go on from a checkpoint. Raises Refused if it was made for another lesson or pictures."""
        told = told_by(path)
        before_there_were_batches = {"batch": BATCH}
        if before_there_were_batches | told["lesson"] != self.promise():
            raise Refused(f"{path} belongs to other settings: delete it, or give the same ones.")
        tensors = load_file(path, device=str(self.device))
        for part in ("painter", "average", "critic"):
            getattr(self, part).load_state_dict(part_of(tensors, part))
        for part, optimizer in self.optimizers.items():
            remember(optimizer, tensors, f"moments_of_{part}")
        self.step, self.seconds = told["step"], told["seconds"]
        self.stopped = told.get("stopped", "")

    def promise(self) -> dict[str, object]:
        """What must be the same for a checkpoint to go on from."""
        return asdict(self.lesson) | {"pictures": self.digest}

    def export(self, path: Path, painter: Painter, corpus: Corpus, facts: dict[str, str]) -> None:
        """Write a settled painter, atomically."""
        lesson = self.lesson
        told = {"names": list(corpus.names), "largest_wish": lesson.largest_wish} | facts
        told |= {"side": lesson.side}
        # One entry: several are written in any order, and the same lesson would give other bytes.
        tensors = as_tensors(painter, corpus)
        write_whole(tensors, path, {"painter": json.dumps(told)})

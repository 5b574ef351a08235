"""PyTorch's DCGAN example as it stands in pytorch/examples, dcgan/main.py: networks, first weights,
losses, optimizers and batch; only its reading of files is left out. The example paints 64 pixels
alone: at 128 both networks have one more layer, twice as wide as the widest, as those who enlarge
it give it."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

LATENT, WIDTH, BATCH = 100, 64, 64
RATE, BETAS = 2e-4, (0.5, 0.999)


def _generator(side: int) -> nn.Sequential:
    layers: list[nn.Module] = []
    wider = [WIDTH << place for place in range(side.bit_length() - 3)]  # of 64: four
    sizes = (LATENT, *reversed(wider))
    for place in range(len(wider)):
        step = (4, 1, 0) if not place else (4, 2, 1)
        layers += [
            nn.ConvTranspose2d(sizes[place], sizes[place + 1], *step, bias=False),
            nn.BatchNorm2d(sizes[place + 1]),
            nn.ReLU(True),
        ]
    return nn.Sequential(*layers, nn.ConvTranspose2d(WIDTH, 3, 4, 2, 1, bias=False), nn.Tanh())


def _discriminator(side: int) -> nn.Sequential:
    layers: list[nn.Module] = [nn.Conv2d(3, WIDTH, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, True)]
    wider = [WIDTH << place for place in range(side.bit_length() - 4)]  # of 64: three
    for width in wider:
        layers += [
            nn.Conv2d(width, width * 2, 4, 2, 1, bias=False),
            nn.BatchNorm2d(width * 2),
            nn.LeakyReLU(0.2, True),
        ]
    return nn.Sequential(*layers, nn.Conv2d(2 * wider[-1], 1, 4, 1, 0, bias=False), nn.Flatten(0))


class DCGAN:
    """The example's training; `advance` is one turn of its inner loop."""

    def __init__(self, pictures: Tensor, seed: int) -> None:
        self.pictures = pictures
        torch.manual_seed(seed)
        side = pictures.shape[-1]
        self.generator, self.discriminator = _generator(side), _discriminator(side)
        for net in (self.generator, self.discriminator):
            for layer in net.modules():
                if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
                    nn.init.normal_(layer.weight, 0.0, 0.02)
                elif isinstance(layer, nn.BatchNorm2d):
                    nn.init.normal_(layer.weight, 1.0, 0.02)
        self.optimizers = [
            torch.optim.Adam(net.parameters(), lr=RATE, betas=BETAS)
            for net in (self.discriminator, self.generator)
        ]
        self.step = 0

    def advance(self) -> None:
        real = self.pictures[torch.randint(len(self.pictures), (BATCH,))].float() / 127.5 - 1
        judge, paint = self.optimizers
        self.discriminator.zero_grad()
        loss = F.binary_cross_entropy_with_logits(self.discriminator(real), torch.ones(BATCH))
        loss.backward()
        painted = self.generator(torch.randn(BATCH, LATENT, 1, 1))
        answers = self.discriminator(painted.detach())
        F.binary_cross_entropy_with_logits(answers, torch.zeros(BATCH)).backward()
        judge.step()
        self.generator.zero_grad()
        answers = self.discriminator(painted)
        F.binary_cross_entropy_with_logits(answers, torch.ones(BATCH)).backward()
        paint.step()
        self.step += 1

    @torch.no_grad()
    def drawn(self, count: int, seed: int) -> Tensor:
        """uint8 (count, 3, side, side), by the means and deviations that it learnt with, as when it
        is used."""
        self.generator.eval()
        chance = torch.randn((count, LATENT, 1, 1), generator=torch.Generator().manual_seed(seed))
        painted = torch.cat([self.generator(some) for some in torch.split(chance, 100)])
        self.generator.train()
        return ((painted + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)

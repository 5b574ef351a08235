"""A picture as a sum of enlargements: what descent moves when it paints in a style.

Each level is a set of decorrelated colour planes at half the resolution of the one before. A change
of a coarse level moves a whole region at once, so that colours and forms settle before brushwork
(Burt and Adelson 1983, "The Laplacian pyramid as a compact image code").
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from generators.canvas import resize
from generators.spectrum import in_colour

LEVELS = 4
RATE = 0.05  # of Adam, in deviations of a plane
BETAS = (0.9, 0.99)
KEEP = 0.9  # of the running average of iterates
BOUND, BEYOND = 0.7, 20.0  # distance from mid grey that is free, and the weight of what is beyond
ROUGHNESS = 2.0  # weight of the squared difference of neighbours


class Pyramid:
    """Planes (3, H, W) as levels for Adam to move; its moments outlive a change of size."""

    def __init__(self, planes: Tensor) -> None:
        self.levels: list[Tensor] = []
        rest = planes.detach()
        shapes = [planes.shape[1:]]
        for _ in range(LEVELS - 1):
            height, width = shapes[-1]
            if min(height, width) >= 16:
                shapes.append(torch.Size((height // 2, width // 2)))
        for place in range(len(shapes)):
            coarse = resize(rest, *shapes[place + 1]) if place + 1 < len(shapes) else None
            level = rest if coarse is None else rest - resize(coarse, *shapes[place])
            self.levels.append(level.clone().requires_grad_())
            rest = rest if coarse is None else coarse
        self.optimizer = torch.optim.Adam(self.levels, lr=RATE, betas=BETAS)
        self.mean = planes.detach().clone()
        self.steps = 0

    def planes(self) -> Tensor:
        """(3, H, W), differentiable."""
        planes = self.levels[-1]
        for level in reversed(self.levels[:-1]):
            planes = level + enlarged(planes, level.shape[1], level.shape[2])
        return planes

    @staticmethod
    def roughness(planes: Tensor) -> Tensor:
        """What grain costs: squared differences of neighbours, and colours beyond black and white.

        Measured before squashing: a pixel that is black already would feel nothing after it.
        """
        colours = in_colour(planes)
        across = (colours[:, :, 1:] - colours[:, :, :-1]).square().mean()
        down = (colours[:, 1:] - colours[:, :-1]).square().mean()
        beyond = F.relu((colours - 0.5).abs() - BOUND).square().mean()
        return ROUGHNESS * (across + down) + BEYOND * beyond

    def descend(self, loss: Tensor, left: float) -> None:
        """One step against `loss`; the average follows. `left` is the share of steps to come: the
        last are shorter, so that no single pixel is left beside its place."""
        for group in self.optimizer.param_groups:
            group["lr"] = RATE * min(1.0, 0.1 + 2 * left)
        self.optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        self.optimizer.step()
        self.steps += 1
        keep = min(KEEP, self.steps / (self.steps + 1))
        with torch.no_grad():
            self.mean.lerp_(self.planes(), 1 - keep)

    def average(self) -> Tensor:
        """(3, H, W): the running average of the iterates."""
        return self.mean.clone()

    @torch.no_grad()
    def resized(self, height: int, width: int) -> Pyramid:
        """The averaged picture at another size, with Adam's moments enlarged alike."""
        grown = Pyramid(resize(self.mean, height, width))
        old, new = self.optimizer.state_dict(), grown.optimizer.state_dict()
        moments = {}
        for index, level in enumerate(grown.levels):
            if index not in old["state"]:
                continue
            state = old["state"][index]
            shape = level.shape[1], level.shape[2]
            # Linearly: a bicubic curve dips to 0 beside peaks, and Adam divides by its root.
            moments[index] = {
                "step": state["step"].clone(),
                "exp_avg": enlarged(state["exp_avg"], *shape),
                "exp_avg_sq": enlarged(state["exp_avg_sq"], *shape),
            }
        grown.optimizer.load_state_dict({**new, "state": moments})
        return grown


def enlarged(planes: Tensor, height: int, width: int) -> Tensor:
    """(3, h, w) to (3, H, W), linearly."""
    return F.interpolate(planes[None], (height, width), mode="bilinear", align_corners=False)[0]

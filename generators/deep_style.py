"""Deep Style: paint one work in the manner of others.

After Gatys, Ecker and Bethge 2015, "A neural algorithm of artistic style": find the picture whose
units in a network are placed like the content's and distributed like the style's.

* transport (default): distributions are compared whole (`transport.py`), from small to full size,
  the picture held as a pyramid of decorrelated colour planes, Adam's moments carried from size to
  size, iterates averaged, and stopped when it no longer improves.
* gram: Gram matrices and L-BFGS at full size, as in 2015.

A filter: the seed only draws samples. It becomes a sampler with random weights (`network=random`,
redrawn on the way with `redraw`), with `weight_noise`, or with styles mixed by the seed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from generators.canvas import squashed, unsquashed
from generators.frames import Frame
from generators.params import DeepStyleParams
from generators.pictures import usable
from generators.pyramid import Pyramid
from generators.refused import Refused
from generators.styling import Targets, mixture
from generators.transport import recoloured

PREVIEWS = 40  # pictures shown on the way
SCALES = (0.35, 0.6, 1.0)  # of the long side
SHARES = (0.5, 0.3, 0.2)  # of the steps, at each of SCALES
SMALLEST = 64  # pixels: no scale's long side is smaller
SCALE_2015 = 1e3  # of the loss for L-BFGS, whose first step is a gradient
PATIENCE = 20  # steps over which the mean loss must fall
SLOPE = 0.004  # by at least this share


def paint(
    p: DeepStyleParams,
    /,
    *,
    seed: int,
    device: str = "cpu",
    content: Tensor | str | None = None,
    styles: Sequence[Tensor] = (),
) -> Iterator[Frame]:
    """Yield one frame a step; about PREVIEWS carry a picture.

    `content` is fitted to the long side `p.size` and keeps its shape. Raises Refused without
    content or style, for pictures that are flat, broken or too narrow, and for weights that cannot
    be had.
    """
    rng = torch.Generator().manual_seed(seed)
    whole = usable(content, p.size).to(device)
    if not 1 <= len(styles) <= 4:
        raise Refused("Choose one to four works whose style to take.")
    manner = [usable(style, p.style_side).to(device) for style in styles]
    weights = mixture(p, len(styles), rng)
    if p.keep_colours:
        manner = [recoloured(style, whole) for style in manner]
    targets = Targets(p, whole, manner=manner, weights=weights, rng=rng, device=device)
    work = _by_gram(p, targets) if p.method == "gram" else _by_transport(p, targets)
    told = {"style_weights": " ".join(f"{weight:.3f}" for weight in weights)}
    yield from _framed(work, p, targets, told)


def _framed(
    work: Iterator[tuple[Tensor, float, bool]],
    p: DeepStyleParams,
    targets: Targets,
    told: dict[str, str],
) -> Iterator[Frame]:
    """Number what comes; the last frame is numbered to the end however early it is."""
    every = math.ceil(p.steps / PREVIEWS)
    for step, (picture, loss, last) in enumerate(work, start=1):
        shown = last or step == 1 or step % every == 0
        if not math.isfinite(loss):
            raise Refused("The painting came to values that are not numbers: try another seed.")
        yield Frame(
            p.steps if last else min(step, p.steps - 1),
            p.steps,
            targets.finished(picture) if shown else None,
            note=f"{picture.shape[2]} x {picture.shape[1]} pixels, distance {loss:.3f}",
            facts=targets.facts | told | {"steps_taken": str(step)} if last else {},
        )


def _by_transport(p: DeepStyleParams, targets: Targets) -> Iterator[tuple[Tensor, float, bool]]:
    """(picture so far, loss, whether it is the last) for each step."""
    height, width = targets.whole.shape[1:]
    scales = [scale for scale in SCALES if scale == 1 or scale * max(height, width) >= SMALLEST]
    shares = SHARES[-len(scales) :]
    counts = [max(1, round(p.steps * share / sum(shares))) for share in shares]
    counts[-1] = max(1, p.steps - sum(counts[:-1]))
    pyramid: Pyramid | None = None
    for scale, count in zip(scales, counts, strict=True):
        shape = round(height * scale), round(width * scale)
        targets.look_at(*shape)
        if pyramid is None:
            pyramid = Pyramid(unsquashed(targets.first(*shape)))
        else:
            pyramid = pyramid.resized(*shape)
        history: list[float] = []
        for step in range(count):
            targets.redraw_if_due()
            history.append(_step(pyramid, targets, 1 - step / count))
            final = scale == 1 and (step == count - 1 or _settled(history))
            yield squashed(pyramid.average()), history[-1], final
            if final:
                return
            if _settled(history):
                break


@torch.enable_grad()
def _step(pyramid: Pyramid, targets: Targets, left: float) -> float:
    planes = pyramid.planes()
    loss = targets.distance(squashed(planes)) + pyramid.roughness(planes)
    pyramid.descend(loss, left)
    return float(loss.detach())


def _settled(history: list[float]) -> bool:
    """Whether the mean loss of the last PATIENCE steps is hardly below that of those before."""
    if len(history) < 2 * PATIENCE:
        return False
    before = sum(history[-2 * PATIENCE : -PATIENCE])
    return sum(history[-PATIENCE:]) > before * (1 - SLOPE)


def _by_gram(p: DeepStyleParams, targets: Targets) -> Iterator[tuple[Tensor, float, bool]]:
    """As in 2015: pixels, full size, L-BFGS; a step is one of its iterations."""
    height, width = targets.whole.shape[1:]
    targets.look_at(height, width)
    pixels = targets.whole.clone().requires_grad_()
    optimizer = torch.optim.LBFGS(
        [pixels],
        max_iter=1,
        history_size=20,
        tolerance_grad=0,
        tolerance_change=0,
    )

    def evaluate() -> Tensor:
        optimizer.zero_grad()
        loss = SCALE_2015 * targets.distance(pixels)
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        return loss

    for step in range(p.steps):
        with torch.enable_grad():
            loss = optimizer.step(evaluate)  # type: ignore[no-untyped-call]  # torch leaves it untyped
        yield pixels.detach().clamp(0, 1), float(loss.detach()) / SCALE_2015, step == p.steps - 1

"""Inceptionism: change a picture so that a layer of a network answers more strongly to it.

After Mordvintsev, Olah and Tyka 2015, "Inceptionism: going deeper into neural networks".

1. Start from a work, or from noise with the spectrum and the colours of paintings.
2. From small to large sizes (octaves): show the network the picture a little shifted, turned and
   zoomed, and follow the gradient of the objective (`objective.py`) on the canvas (`canvas.py`).
3. Pictures above a megapixel are shown in tiles whose edges fall elsewhere at each step.

With the whole layer it is a deterministic filter but for the shaking; with units drawn by the seed,
a random direction, or random weights, every seed gives another picture.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from generators.canvas import Canvas, Look, open_canvas, resize, squashed, unsquashed
from generators.frames import Frame
from generators.nets.features import DEPTHS, FeatureNetwork, layers_of, open_network
from generators.objective import Direction, Guide, Objective, UnitSet, WholeLayer
from generators.params import InceptionismParams
from generators.pictures import usable
from generators.refused import Refused
from generators.spectrum import painted_fields
from generators.tiles import Window, tiled

PREVIEWS = 30  # pictures shown on the way
SMALLEST = 48  # pixels: the short side of no octave is smaller
TURN = 0.12  # radians at most, either way
ZOOM = 0.12  # at most, either way
LAST = 0.35  # of the steps are made at the full size, when there are smaller ones
CALM = 0.4  # deviation of the noise to start from: what nobody asks for stays plain
GUIDE_SIDE = 256  # pixels at which a guide is looked at


def paint(
    p: InceptionismParams,
    /,
    *,
    seed: int,
    device: str = "cpu",
    content: Tensor | str | None = None,
    styles: Sequence[Tensor] = (),
) -> Iterator[Frame]:
    """Yield one frame a step; about PREVIEWS carry a picture.

    `content` is fitted to the long side `p.size` and keeps its shape; the only one of `styles` is
    the guide. Raises Refused for pictures that are flat, broken or too narrow, and for weights that
    cannot be had.
    """
    rng = torch.Generator().manual_seed(seed)
    if content is None:
        width, height = p.shape
        start = CALM * painted_fields(height, width, rng)
    else:
        start = unsquashed(usable(content, p.size))
    start = start.to(device)
    layer = layers_of(p.source)[DEPTHS[p.layer]]
    network = open_network(p.source, [layer]).to_device(device)
    objective = _objective(p, network, layer, rng, [style.to(device) for style in styles])
    look = _looking(p, network, layer, objective, rng)

    shapes = octave_shapes(start.shape[1], start.shape[2], p.octaves, p.octave_scale)
    counts = steps_of(p.steps, len(shapes))
    step, steps = 0, sum(counts)
    every = math.ceil(steps / PREVIEWS)
    canvas: Canvas | None = None
    for shape, count in zip(shapes, counts, strict=True):
        if canvas is None:
            canvas = open_canvas(
                p.canvas, start, shape, holds=content is not None, strength=p.strength
            )
        else:
            canvas = canvas.resized(*shape)
        for _ in range(count):
            step += 1
            value = canvas.climb(look)
            shown = step in (1, steps) or step % every == 0
            yield Frame(
                step,
                steps,
                _shown(canvas, start.shape[1:]) if shown else None,
                note=f"{shape[1]} x {shape[0]} pixels, objective {value:.3f}",
                facts=network.facts | objective.facts | {"layer": layer} if step == steps else {},
            )


def octave_shapes(height: int, width: int, octaves: int, scale: float) -> list[tuple[int, int]]:
    """(height, width) in pixels of each octave, from the smallest to the whole."""
    floor = min(1.0, SMALLEST / min(height, width))
    shares = (max(floor, scale**-octave) for octave in reversed(range(octaves)))
    return [(round(height * share), round(width * share)) for share in shares]


def steps_of(steps: int, octaves: int) -> list[int]:
    """Steps at each octave: `steps` at all but the last, where forms stand and detail is added."""
    return [*[steps] * (octaves - 1), max(1, round(steps * (LAST if octaves > 1 else 1)))]


def shaken(picture: Tensor, p: InceptionismParams, rng: torch.Generator) -> Tensor:
    """(3, H, W) to (1, 3, H, W), shifted by up to `p.jitter` pixels, turned and zoomed at random,
    all in one sampling.

    What survives the shaking is form; without it ascent finds patterns that fit one position only.
    Pixels are only shifted, as in 2015.
    """
    height, width = picture.shape[1:]
    turn, zoom, right, down = (torch.rand(4, generator=rng) * 2 - 1).tolist()
    if p.canvas == "pixels":
        shift = round(p.jitter * down), round(p.jitter * right)
        return torch.roll(picture, shift, dims=(1, 2))[None]
    cosine, sine = ((1 + ZOOM * zoom) * f(TURN * turn) for f in (math.cos, math.sin))
    shape = width / height
    matrix = picture.new_tensor(
        [
            [cosine, -sine / shape, 2 * p.jitter * right / width],
            [sine * shape, cosine, 2 * p.jitter * down / height],
        ]
    )
    grid = F.affine_grid(matrix[None], [1, 3, height, width], align_corners=False)
    return F.grid_sample(picture[None], grid, padding_mode="reflection", align_corners=False)


def _objective(
    p: InceptionismParams,
    network: FeatureNetwork,
    layer: str,
    rng: torch.Generator,
    guides: Sequence[Tensor],
) -> Objective:
    available = network.width(layer)
    if p.objective == "unit set":
        return UnitSet(p.units, available, rng)
    if p.objective == "single unit":
        return UnitSet(1, available, rng)
    if p.objective == "guide":
        if not guides:
            raise Refused("A guided dream needs a guide: choose a picture to be guided by.")
        with torch.no_grad():
            return Guide(network(usable(guides[0], GUIDE_SIDE)[None])[layer], rng)
    if p.objective == "direction":
        side = 192
        seen = torch.stack([painted_fields(side, side, rng) for _ in range(4)]).to(network.device)
        with torch.no_grad():
            return Direction(network(squashed(seen))[layer], rng)
    return WholeLayer()


def _looking(
    p: InceptionismParams,
    network: FeatureNetwork,
    layer: str,
    objective: Objective,
    rng: torch.Generator,
) -> Look:
    """How the picture is looked at in each step: shaken, and in tiles if it is large."""

    def wanted(tile: Tensor, window: Window) -> Tensor:
        return objective(network(tile)[layer], window)

    @torch.enable_grad()
    def look(picture: Tensor) -> tuple[float, Tensor]:
        picture.requires_grad_()
        seen = shaken(picture, p, rng)
        value, gradient = tiled(seen, wanted, rng)
        (gradient,) = torch.autograd.grad(seen, picture, gradient)
        if not bool(gradient.isfinite().all()):
            raise Refused("The dream came to values that are not numbers: use less strength.")
        return value, gradient

    return look


@torch.no_grad()
def _shown(canvas: Canvas, shape: torch.Size) -> Tensor:
    """The picture at its final size (3, H, W) on the CPU."""
    height, width = shape
    return resize(canvas.picture(), height, width).clamp(0, 1).contiguous().cpu()

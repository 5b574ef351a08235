"""Inceptionism: change a picture so that a layer of a network answers more strongly to it.

After Mordvintsev, Olah and Tyka 2015, "Inceptionism: going deeper into neural networks".

1. Start from a picture, or from noise with a natural spectrum and the colours of paintings.
2. From small to large sizes (octaves): show the network the picture a little shifted, turned and
   zoomed, and follow the gradient of the objective (`objective.py`) to the picture's spectrum
   (`canvas.py`).
3. With all units it is a deterministic filter but for the shaking; with a few units drawn by the
   seed, each in its own region, or with random weights, every seed gives another picture.
"""

import math
from collections.abc import Callable, Iterator
from functools import partial

import torch
from torch import Tensor
from torch.nn import functional as F

from generators.canvas import Canvas, resize, unsquashed
from generators.frames import Frame
from generators.nets.imagenet import imagenet_trunk
from generators.nets.random_weights import random_trunk
from generators.nets.trunk import Trunk
from generators.objective import ChosenUnits, WholeLayer
from generators.params import InceptionismParams
from generators.refused import Refused
from generators.spectrum import unit_fields

PREVIEWS = 30  # pictures shown on the way
MARGIN = 16  # 1/16 of each side is painted beyond the edge and cut off: spectra wrap around
SMALLEST = 48  # pixels: the short side of no octave is smaller
SLOPE = (
    1.2  # amplitude of the noise falls as 1/f^SLOPE: as paintings, which are smoother than photos
)
TURN = 0.1  # radians at most, either way
ZOOM = 0.1  # at most, either way
FLAT = 0.005  # content counts as one colour if each channel deviates by less than this, in 0..1


def paint(
    p: InceptionismParams,
    /,
    *,
    seed: int,
    device: str = "cpu",
    content: Tensor | str | None = None,
) -> Iterator[Frame]:
    """Yield one frame a step, `p.octaves * p.steps` in all; about PREVIEWS carry a picture.

    `content` (3, H, W) in 0..1 is fitted to the long side `p.size` and keeps its shape. Raises
    Refused for content that is flat, broken or too narrow, and for weights that cannot be had.
    """
    rng = torch.Generator().manual_seed(seed)
    start = noise(p, rng) if content is None else planes_of(content, p.size)
    height, width = start.shape[1:]
    margin = max(height, width) // MARGIN
    start = F.pad(start[None], (margin,) * 4, mode="reflect")[0].to(device)
    trunk = _trunk(p).to(device)
    available = trunk.mean.shape[1]
    objective = ChosenUnits(p.units, available, rng) if p.units else WholeLayer()

    shake = partial(shaken, jitter=p.jitter, rng=rng)
    step, steps = 0, p.octaves * p.steps
    every = math.ceil(steps / PREVIEWS)
    canvas = None
    for shape in octave_shapes(start.shape[1], start.shape[2], p.octaves, p.octave_scale):
        canvas = canvas.resized(*shape) if canvas else Canvas(resize(start, *shape), start)
        optimizer = torch.optim.Adam([canvas.coefficients], lr=p.strength)
        for _ in range(p.steps):
            step += 1
            value = _ascend(canvas, trunk, objective, optimizer, shake)
            shown = step in (1, steps) or step % every == 0
            yield Frame(
                step,
                steps,
                _cut(canvas, start.shape[1:], margin) if shown else None,
                note=f"{shape[1]} x {shape[0]} pixels, objective {value:.3f}",
                facts=trunk.facts | {"units": str(objective)} if step == steps else {},
            )


def noise(p: InceptionismParams, rng: torch.Generator) -> Tensor:
    """Colour planes (3, H, W) of the asked-for shape to start from."""
    width, height = p.shape
    return unit_fields(3, height, width, SLOPE, rng)


def planes_of(content: Tensor | str, long_side: int) -> Tensor:
    """The colour planes (3, H, W) of a content picture, fitted to `long_side` pixels."""
    if isinstance(content, str) or content.ndim != 3 or content.shape[0] != 3:
        raise Refused("Inceptionism works on a colour picture: give it one, or nothing.")
    if not bool(content.isfinite().all()):
        raise Refused("This picture holds values that are not numbers: save it again.")
    if float(content.std(dim=(1, 2), correction=0).max()) < FLAT:
        raise Refused("This picture is one flat colour: choose one in which there is something.")
    scale = long_side / max(content.shape[1:])
    height, width = (round(side * scale) for side in content.shape[1:])
    if min(height, width) < long_side // 8:
        raise Refused("This picture is too narrow: choose one of an ordinary shape.")
    return unsquashed(resize(content.to(torch.float32).cpu(), height, width).clamp(0, 1))


def octave_shapes(height: int, width: int, octaves: int, scale: float) -> list[tuple[int, int]]:
    """(height, width) in pixels of each octave, from the smallest to the whole."""
    floor = min(1.0, SMALLEST / min(height, width))
    shares = (max(floor, scale**-octave) for octave in reversed(range(octaves)))
    return [(round(height * share), round(width * share)) for share in shares]


def shaken(picture: Tensor, jitter: int, rng: torch.Generator) -> Tensor:
    """(3, H, W) to (1, 3, H, W), shifted by up to `jitter` pixels, turned and zoomed at random.

    What survives the shaking is form; without it ascent finds patterns that fit one position only.
    """
    height, width = picture.shape[1:]
    turn, zoom, right, down = (torch.rand(4, generator=rng) * 2 - 1).tolist()
    cosine, sine = ((1 + ZOOM * zoom) * f(TURN * turn) for f in (math.cos, math.sin))
    shape = width / height
    matrix = picture.new_tensor(
        [
            [cosine, -sine / shape, 2 * jitter * right / width],
            [sine * shape, cosine, 2 * jitter * down / height],
        ]
    )
    grid = F.affine_grid(matrix[None], [1, 3, height, width], align_corners=False)
    return F.grid_sample(picture[None], grid, padding_mode="reflection", align_corners=False)


def _trunk(p: InceptionismParams) -> Trunk:
    if p.network == "random":
        return random_trunk(p.network_seed, p.layer)
    return imagenet_trunk(p.network, p.layer)


@torch.enable_grad()
def _ascend(
    canvas: Canvas,
    trunk: Trunk,
    objective: WholeLayer | ChosenUnits,
    optimizer: torch.optim.Optimizer,
    shake: Callable[[Tensor], Tensor],
) -> float:
    """Move the canvas one step up the objective; return the objective before the step."""
    value = objective(trunk(shake(canvas.picture())))
    optimizer.zero_grad()
    (-value).backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
    optimizer.step()
    return value.item()


@torch.no_grad()
def _cut(canvas: Canvas, shape: torch.Size, margin: int) -> Tensor:
    """The picture at its final size (3, H, W), without the margin, on the CPU."""
    whole = resize(canvas.picture(), *shape).clamp(0, 1)
    return whole[:, margin : shape[0] - margin, margin : shape[1] - margin].contiguous().cpu()

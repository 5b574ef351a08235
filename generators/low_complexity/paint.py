"""Low-complexity art: a drawing of arcs on the circles of a lattice, by a program of few bits.

After Schmidhuber 1997, "Low-complexity art" (Leonardo 30:2), where a person found arcs by trying; a
search finds them here.

1. What is wanted is a coarse sketch: of a work, whose essence in so many bits this becomes, or of a
   few soft forms that the seed draws (`sketch.py`).
2. A program (`code.py`) of at most the bits asked for is looked for, whose drawing comes near the
   sketch in tone and in what a small network sees (`search.py`).
3. The best program is drawn at full size (`raster.py`). The work's record keeps it; it alone draws
   the same picture again, to the last bit.
"""

from __future__ import annotations

import math
from base64 import urlsafe_b64encode
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from generators.frames import Frame
from generators.low_complexity.params import LowComplexityParams
from generators.low_complexity.raster import pictures
from generators.low_complexity.search import Search, anneal, evolve
from generators.low_complexity.sketch import Sketch, imagined, sketch_of
from generators.low_complexity.strokes import Sheet
from generators.pictures import usable

PREVIEWS = 40  # pictures shown on the way, more of them early, when much happens


def paint(
    p: LowComplexityParams,
    /,
    *,
    seed: int,
    device: str = "cpu",
    content: Tensor | str | None = None,
) -> Iterator[Frame]:
    """Yield one frame a step; about PREVIEWS carry a picture, always the best drawing so far.

    `content` is fitted to the long side `p.size` and keeps its shape. All is computed on the CPU,
    where the small renditions are quickest, whatever `device` says. Raises Refused for a content
    that is flat, broken or too narrow.
    """
    if content is None:
        width, height = p.shape
        sheet = Sheet(width, height, p.symmetry, p.paper, p.ink)
        target = imagined(sheet, torch.Generator().manual_seed(seed), p.fill_share)
    else:
        picture = usable(content, p.size).cpu()
        height, width = picture.shape[1:]
        sheet = Sheet(width, height, p.symmetry, p.paper, p.ink, whole=False)
        target = sketch_of(picture, sheet)
    sketch = Sketch(sheet, target)
    search = Search(sketch, p.bits, p.steps, p.fill_share, np.random.default_rng(seed))
    found = (anneal if p.method == "annealing" else evolve)(search, walks=p.code == "walk")
    for step, best in enumerate(found, start=1):
        last = step == p.steps
        length, strokes = len(best.program.bits), len(best.program.drawing.strokes)
        facts = {}
        if last:
            program = urlsafe_b64encode(best.program.data).decode("ascii")
            facts = {"bits": str(length), "arcs": str(strokes), "program": program}
        yield Frame(
            step,
            p.steps,
            pictures([best.program.drawing])[0] if last or shown(step, p.steps) else None,
            note=f"{length} bits, {strokes} arcs, distance {best.distance:.3f}",
            facts=facts | sketch.network.facts if last else {},
        )


def shown(step: int, steps: int) -> bool:
    """Whether a step shows its picture: the first, and where the square root of the way passes one
    of PREVIEWS equal marks."""

    def marks(at: int) -> int:
        return math.floor(PREVIEWS * math.sqrt(at / steps))

    return step == 1 or marks(step) > marks(step - 1)

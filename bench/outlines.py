"""What short drawings are measured beside: outlines as gzipped SVG, and evolved triangles.

Both are given the same sketch and are judged by the same distance as our drawings.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import Tensor

from generators.low_complexity.sketch import Sketch
from generators.low_complexity.strokes import TONES

FINER = 4  # each pixel is drawn as so many by so many, as a user of Pillow smooths edges
TOLERANCES = (0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0, 5.6)  # pixels a polyline may be off
SMALLEST = (0.0, 4.0, 12.0)  # square pixels: forms below that are left out
TRIANGLES = 50
PLACES, GREYS = 128, 16  # to each coordinate, of tones: 7 bits and 4 bits
OPACITIES = (0.25, 0.5, 0.75, 1.0)
TRIANGLE_BITS = 6 * 7 + 4 + 2
OFFSPRING = 16

Polyline = list[tuple[int, int]]


def outlines(sketch: Sketch) -> Iterator[tuple[int, int, float]]:
    """(bits of the gzipped SVG, bits of its paths alone, distance) for each setting: level sets of
    the sketch between our four tones, as closed polylines on the sketch's own grid."""
    for tolerance in TOLERANCES:
        for least in SMALLEST:
            layers = [
                (tone, _level_set(sketch.target, (below + tone) / 2, tolerance, least))
                for below, tone in pairwise(TONES)
            ]
            text = _svg(layers, sketch.width, sketch.height)
            paths = "".join(_path(lines) for _, lines in layers)
            distance = float(sketch.distance(_drawn(layers, sketch).flatten()[None]))
            yield _gzipped(text), _gzipped(paths) - 8 * 18, distance  # less gzip's own bytes


def _level_set(target: Tensor, height: float, tolerance: float, least: float) -> list[Polyline]:
    from skimage.measure import approximate_polygon, find_contours

    found = []
    for line in find_contours(np.pad(target.numpy(), 1), height):
        simple = np.rint(approximate_polygon(line, tolerance) - 0.5).astype(int)
        x, y = simple[:, 1], simple[:, 0]
        area = abs(float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1]))) / 2
        if len(simple) >= 4 and area > least:
            found.append(list(zip(x.tolist(), y.tolist(), strict=True))[:-1])
    return found


def _svg(layers: list[tuple[float, list[Polyline]]], width: int, height: int) -> str:
    """As small as a careful hand writes it: relative steps, holes by the even-odd rule."""
    paths = "".join(
        f'<path fill="#{3 * f"{round(15 * (1 - tone)):x}"}" d="{_path(lines)}"/>'
        for tone, lines in layers
    )
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
    return f'{head} fill-rule="evenodd">{paths}</svg>'


def _path(lines: list[Polyline]) -> str:
    parts = []
    for line in lines:
        steps = [
            f"{x - before_x} {y - before_y}" for (before_x, before_y), (x, y) in pairwise(line)
        ]
        parts.append(f"M{line[0][0]} {line[0][1]}l{' '.join(steps)}z".replace(" -", "-"))
    return "".join(parts)


def _gzipped(text: str) -> int:
    return 8 * len(gzip.compress(text.encode(), 9, mtime=0))


def _drawn(layers: list[tuple[float, list[Polyline]]], sketch: Sketch) -> Tensor:
    """(h, w) shares of ink."""
    size = sketch.width * FINER, sketch.height * FINER
    canvas = np.zeros(size[::-1], dtype=np.float32)
    for tone, lines in layers:
        inside = np.zeros(size[::-1], dtype=bool)
        for line in lines:
            mask = Image.new("1", size)
            ImageDraw.Draw(mask).polygon([(FINER * x, FINER * y) for x, y in line], fill=1)
            inside ^= np.asarray(mask)
        canvas[inside] = tone
    shape = sketch.height, FINER, sketch.width, FINER
    return torch.from_numpy(canvas.reshape(shape).mean((1, 3)))


class Triangles:
    """Fifty translucent triangles by evolution: one parent, OFFSPRING children a generation, each
    with one triangle changed (after Johansson 2008, "Genetic programming: evolution of Mona Lisa",
    with the batches of Tian and Ha 2022, "Modern evolution strategies for creativity")."""

    def __init__(self, sketch: Sketch, seed: int) -> None:
        self.sketch, self.rng = sketch, np.random.default_rng(seed)
        self.genes = self.rng.integers(PLACES, size=(TRIANGLES, 8))
        self.covers = torch.stack([self._cover(gene) for gene in self.genes])
        self.distance = float(sketch.distance(self._tone(self.genes, self.covers)[None]))

    bits = TRIANGLES * TRIANGLE_BITS

    def generation(self) -> None:
        """Keep the best of the children if it is no worse."""
        born = []
        for _ in range(OFFSPRING):
            genes, covers = self.genes.copy(), self.covers.clone()
            which = int(self.rng.integers(TRIANGLES))
            self._change(genes, which)
            covers[which] = self._cover(genes[which])
            born.append((genes, covers, self._tone(genes, covers)))
        distances = self.sketch.distance(torch.stack([tone for *_, tone in born]))
        best = int(distances.argmin())
        if float(distances[best]) <= self.distance:
            self.genes, self.covers, _ = born[best]
            self.distance = float(distances[best])

    def _change(self, genes: np.ndarray, which: int) -> None:
        kind = self.rng.random()
        if kind < 0.15:
            genes[which] = self.rng.integers(PLACES, size=8)
        elif kind < 0.65:
            corner = 2 * int(self.rng.integers(3))
            moved = genes[which, corner : corner + 2] + np.rint(self.rng.normal(0, 10, 2))
            genes[which, corner : corner + 2] = moved.clip(0, PLACES - 1)
        else:
            genes[which, 6 + int(self.rng.integers(2))] = self.rng.integers(PLACES)

    def _cover(self, gene: np.ndarray) -> Tensor:
        """(h * w)"""
        width, height = self.sketch.width * FINER, self.sketch.height * FINER
        scale = np.array([width, height]) / (PLACES - 1)
        corners = (gene[:6].reshape(3, 2) * scale).tolist()
        mask = Image.new("L", (width, height))
        ImageDraw.Draw(mask).polygon([tuple(corner) for corner in corners], fill=255)
        small = mask.resize((self.sketch.width, self.sketch.height), Image.Resampling.BOX)
        return torch.from_numpy(np.asarray(small, dtype=np.float32) / 255).flatten()

    def _tone(self, genes: np.ndarray, covers: Tensor) -> Tensor:
        tone = torch.zeros(covers.shape[1])
        for gene, cover in zip(genes, covers, strict=True):
            grey = int(gene[6]) * GREYS // PLACES / (GREYS - 1)
            opacity = OPACITIES[int(gene[7]) * len(OPACITIES) // PLACES]
            tone = tone + opacity * cover * (grey - tone)
        return tone


def pillow_distance(marks: list[Any], target: np.ndarray, share: float) -> float:
    """The squared error of a drawing as a user of Pillow would draw and measure it."""
    height, width = target.shape
    scale = FINER * share
    canvas = Image.new("L", (width * FINER, height * FINER))
    draw = ImageDraw.Draw(canvas)
    for mark in marks:
        x, y, r = scale * mark.x, scale * mark.y, scale * mark.radius
        begin = np.degrees(-(mark.middle + mark.half))
        end = np.degrees(-(mark.middle - mark.half))
        ink = round(255 * mark.tone)
        if mark.filled:
            draw.chord((x - r, y - r, x + r, y + r), begin, end, fill=ink)
        else:
            out = r + scale * mark.width / 2
            line = max(1, round(scale * mark.width))
            draw.arc((x - out, y - out, x + out, y + out), begin, end, fill=ink, width=line)
    small = canvas.resize((width, height), Image.Resampling.BOX)
    return float(((np.asarray(small, dtype=np.float32) / 255 - target) ** 2).mean())

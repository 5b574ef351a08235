"""What a drawing is held against: a coarse sketch, of a work or of nothing.

A drawing is seen in a small rendition, twice: as tones, and through the first layers of the tiny
network, which tell edges and forms apart where tones do not. Both are distances in shares: blank
paper has 1. Coverage of strokes is kept, so that only what changed is drawn again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from generators.low_complexity.code import Program
from generators.low_complexity.raster import coverage, in_colour
from generators.low_complexity.strokes import TONES, Sheet, Stroke
from generators.nets.features import open_network

SIDE = 64  # pixels: the long side of the rendition
NETWORK = "tiny-robust"
LAYERS = ("relu1_2", "relu2_2", "relu3_2")
SEEN = 1.0  # weight of what the network sees beside the tones
MOST_KEPT = 20_000  # strokes' coverages: 330 MB
LIGHTER = 1.3  # the power of shares of ink: paper is to be seen
CONTOURS = 5  # lines of equal height where there are only lines
LUMINANCE = (0.299, 0.587, 0.114)
IMAGES = {"none": 1, "mirror": 2, "three": 3, "six": 6}


class Sketch:
    """A target and how far drawings on a sheet of this shape are from it."""

    def __init__(self, sheet: Sheet, target: Tensor) -> None:
        """`target` (h, w): the share of ink wanted, in 0..1, of the size of `small_shape`."""
        self.sheet, self.target = sheet, target
        self.height, self.width = target.shape
        self.share = max(target.shape) / max(sheet.width, sheet.height)
        self.kept: dict[tuple[object, ...], Tensor] = {}
        self.network = open_network(NETWORK, LAYERS)
        self.weight = edge_weights(target)
        blank = torch.zeros_like(target)[None]
        self.tone_unit = float((self.weight * target.square()).mean().clamp_min(1e-3))
        self.wanted = self._look(target[None])
        self.feature_units = self._distances(self._look(blank), torch.ones(len(LAYERS)))[0]

    def covers(self, strokes: Sequence[Stroke]) -> Tensor:
        """(strokes, h * w): what each covers, all its images together."""
        keys = [stroke[:4] for stroke in strokes]
        asked = dict(zip(keys, strokes, strict=True))
        missing = {key: stroke for key, stroke in asked.items() if key not in self.kept}
        if len(self.kept) + len(missing) > MOST_KEPT:
            self.kept.clear()
            missing = asked
        if missing:
            found = self.drawn(list(missing.values()))
            self.kept |= dict(zip(missing, found, strict=True))
        return torch.stack([self.kept[key] for key in keys])

    def drawn(self, strokes: Sequence[Stroke]) -> Tensor:
        """As `covers`, drawn anew."""
        images = IMAGES[self.sheet.symmetry]
        marks = []
        for stroke in strokes:
            own = self.sheet.marks(stroke)
            marks += (own * images)[:images]
        covered = coverage(marks, self.height, self.width, self.share)
        return covered.view(len(strokes), images, -1).amax(1)

    def tone(self, strokes: Sequence[Stroke]) -> Tensor:
        """(h * w): the shares of ink of a drawing."""
        tone = torch.zeros(self.height * self.width)
        if strokes:
            for cover, stroke in zip(self.covers(strokes), strokes, strict=True):
                tone = tone + cover * (TONES[stroke.tone] - tone)
        return tone

    def distance(self, tones: Tensor) -> Tensor:
        """(B): how far each of (B, h * w) is from the target; 0 is the target, 1 blank paper."""
        shown = tones.view(-1, self.height, self.width)
        seen = self._distances(self._look(shown), self.feature_units).mean(1)
        return (self.tone_distance(tones) + SEEN * seen) / (1 + SEEN)

    def tone_distance(self, tones: Tensor) -> Tensor:
        """As `distance`, in tones alone."""
        shown = tones.view(-1, self.height, self.width)
        return (self.weight * (shown - self.target).square()).mean((1, 2)) / self.tone_unit

    def distance_of(self, programs: Sequence[Program]) -> Tensor:
        """(B) distances of programs' drawings."""
        return self.distance(torch.stack([self.tone(one.drawing.strokes) for one in programs]))

    @torch.no_grad()
    def _look(self, tones: Tensor) -> list[Tensor]:
        units = self.network(in_colour(self.sheet, tones))
        return [units[layer] for layer in LAYERS]

    def _distances(self, seen: list[Tensor], unit: Tensor) -> Tensor:
        """(B, layers)."""
        each = [
            (one - wanted).square().mean((1, 2, 3))
            for one, wanted in zip(seen, self.wanted, strict=True)
        ]
        return torch.stack(each, dim=1) / unit


def small_shape(sheet: Sheet) -> tuple[int, int]:
    """(height, width) of the rendition."""
    share = SIDE / max(sheet.width, sheet.height)
    return max(16, round(sheet.height * share)), max(16, round(sheet.width * share))


def edge_weights(target: Tensor) -> Tensor:
    """(h, w) with mean 1: the middle counts more than the rim, where a drawing may end freely."""
    height, width = target.shape
    down = torch.linspace(-1, 1, height)[:, None]
    across = torch.linspace(-1, 1, width)[None, :]
    weight = 1 - 0.35 * (down.square() + across.square()) / 2
    return weight / weight.mean()


def sketch_of(picture: Tensor, sheet: Sheet) -> Tensor:
    """The shares of ink (h, w) that stand for a picture (3, H, W): its lightness, spread over what
    paper and ink can show, halfway between as it is and each tone as often as any other."""
    small = F.interpolate(picture[None], small_shape(sheet), mode="bicubic", antialias=True)[0]
    light = (small.clamp(0, 1) * picture.new_tensor(LUMINANCE)[:, None, None]).sum(0)
    low, high = light.flatten().quantile(torch.tensor([0.02, 0.98], device=light.device))
    stretched = ((light - low) / (high - low).clamp_min(1e-3)).clamp(0, 1)
    rank = light.flatten().argsort(stable=True).argsort(stable=True).view(light.shape)
    even = rank / max(1, rank.numel() - 1)
    ink: Tensor = (1 - (stretched + even) / 2).pow(LIGHTER)
    return ink.contiguous().cpu()


def imagined(sheet: Sheet, rng: torch.Generator, fills: float) -> Tensor:
    """A sketch (h, w) of nothing: a few soft forms, drawn by chance and repeated as the symmetry
    wants, in a frame that the paper shines through; where there are no `fills`, their contours.
    """
    height, width = small_shape(sheet)
    share = max(height, width) / max(sheet.height, sheet.width)
    scale = share * sheet.scale
    y = (height / 2 - 0.5 - torch.arange(height)[:, None]) / scale
    x = (torch.arange(width)[None, :] + 0.5 - width / 2) / scale
    x, y = x.expand(height, width), y.expand(height, width)
    count = 5 + int(torch.randint(5, (), generator=rng))
    drawn = torch.rand(count, 6, generator=rng)
    form = torch.zeros(height, width)
    for across, up in _images(sheet, x, y):
        for at, turn, size, slim, dark, bend in drawn.tolist():
            radius, angle = 0.85 * at**0.6, math.tau * turn
            right = across - radius * math.cos(angle)
            above = up - radius * math.sin(angle)
            lean = math.tau * bend
            long = right * math.cos(lean) + above * math.sin(lean)
            wide = above * math.cos(lean) - right * math.sin(lean)
            spread = 0.10 + 0.28 * size
            wide = wide / (0.35 + 0.65 * slim)
            hill = (-(long.square() + wide.square()) / spread**2).exp()
            form = form + (1.3 if dark < 0.62 else -1.1) * hill
    form = form / form.std().clamp_min(1e-3)
    within = ((1.02 - torch.hypot(x, y)) / 0.25).clamp(0, 1)
    if not fills:
        return (contours(form, rng) * within).contiguous()
    tone = torch.sigmoid(3.4 * (form - form.flatten().quantile(0.62)))
    return (tone * within).contiguous()


def contours(form: Tensor, rng: torch.Generator) -> Tensor:
    """(h, w): lines of equal height of a form, a pixel wide, some of them paler."""
    down, across = torch.gradient(form)
    slope = torch.hypot(down, across).clamp_min(0.08)
    lines = torch.zeros_like(form)
    shares = torch.linspace(0.3, 0.95, CONTOURS) + 0.08 * torch.rand(CONTOURS, generator=rng)
    for number, share in enumerate(shares.clamp(max=0.99).tolist()):
        away = (form - form.flatten().quantile(share)).abs() / slope
        lines = torch.maximum(lines, (1 - 0.25 * (number % 3)) * (-away.square()).exp())
    return lines


def _images(sheet: Sheet, x: Tensor, y: Tensor) -> list[tuple[Tensor, Tensor]]:
    if sheet.symmetry == "mirror":
        return [(x, y), (-x, y)]
    turns = [math.tau * turn / IMAGES[sheet.symmetry] for turn in range(IMAGES[sheet.symmetry])]
    return [(x * math.cos(a) + y * math.sin(a), y * math.cos(a) - x * math.sin(a)) for a in turns]

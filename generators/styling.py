"""What a picture in the making is held against: where the content's units are, and how the styles'
are distributed."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from generators.canvas import resize
from generators.nets.features import FeatureNetwork, open_network, style_layers_of
from generators.nets.random_weights import random_stages
from generators.params import DeepStyleParams
from generators.refused import Refused
from generators.transport import (
    GRAM_SHARE,
    LayerStyle,
    Remembered,
    Style,
    gram_distance,
    key_of,
    places,
    recoloured,
    thinned,
    transport_distance,
)

CONTENT_LAYERS = {"vgg19": "relu4_2", "googlenet": "inception3b", "random": "relu3"}
TINY_CONTENT = "relu3_1"
CONTENT_SHARE = 1.0  # of the loss, at content weight 1
SOFTNESS = 16  # a border is one SOFTNESSth of the long side wide

REMEMBERED = Remembered()


class Targets:
    """Content, styles and network at the size in hand; `distance` is what painting lowers."""

    def __init__(
        self,
        p: DeepStyleParams,
        whole: Tensor,
        *,
        manner: Sequence[Tensor],
        weights: Sequence[float],
        rng: torch.Generator,
        device: str,
    ) -> None:
        self.p, self.whole, self.manner, self.weights = p, whole, manner, weights
        self.rng, self.device = rng, device
        self.area = soft_area(p.area, whole)
        self.style_layers = style_layers_of(p.source)
        kind = p.network if p.network in CONTENT_LAYERS else "tiny"
        self.content_layer = CONTENT_LAYERS.get(kind, TINY_CONTENT)
        self.drawn = 0
        self.steps = 0
        self.network = self._open()
        self.facts = dict(self.network.facts)

    def look_at(self, height: int, width: int) -> None:
        """Look at content and styles at a size (height, width) of the content."""
        self.shape = height, width
        share = max(height, width) / max(self.whole.shape[1:])
        self.content = resize(self.whole, height, width).clamp(0, 1)
        self.styles = [self._style(style, share) for style in self.manner]
        self.here = resize(self.area[None], height, width)[0]
        with torch.no_grad():
            self.wanted = settled(self.network(self.content[None])[self.content_layer])

    def first(self, height: int, width: int) -> Tensor:
        """Where painting begins: the content in the colours of the heaviest style."""
        heaviest = max(range(len(self.manner)), key=lambda index: self.weights[index])
        return recoloured(resize(self.whole, height, width).clamp(0, 1), self.manner[heaviest])

    def distance(self, picture: Tensor) -> Tensor:
        """The loss of a picture (3, h, w) in 0..1."""
        self.steps += 1
        shown = picture
        if self.p.area != "everywhere":
            shown = torch.lerp(self.content, picture, self.here)
        units = self.network(shown[None], self._thinned)
        total = picture.new_zeros(())
        for layer in self.style_layers:
            allowed = None
            if self.p.area != "everywhere":
                allowed = resize(self.here[None], *units[layer].shape[2:])[0] > 0.5
            total = total + self._style_distance(layer, places(units[layer], allowed))
        total = total / len(self.style_layers)
        moved = (settled(units[self.content_layer]) - self.wanted).square().mean()
        return total + CONTENT_SHARE * self.p.content_weight * moved

    def redraw_if_due(self) -> None:
        """Another random network every `redraw` steps."""
        if self.p.network != "random" or not self.p.redraw:
            return
        if self.steps // self.p.redraw > self.drawn:
            self.drawn = self.steps // self.p.redraw
            self.network = self._open()
            self.look_at(*self.shape)

    @torch.no_grad()
    def finished(self, picture: Tensor) -> Tensor:
        """The picture (3, H, W) at its final size on the CPU, within its area."""
        full = resize(picture, *self.whole.shape[1:]).clamp(0, 1)
        if self.p.area != "everywhere":
            full = torch.lerp(self.whole, full, self.area)
        return full.clone().contiguous().cpu()

    def _open(self) -> FeatureNetwork:
        wanted = [*self.style_layers, self.content_layer]
        if self.p.network == "random":
            # Standardised on the style: what varies there is what the network should see.
            seed = (self.p.network_seed + self.drawn) % 2**31
            stages, facts = random_stages(seed, self.manner[0][None])
            network = FeatureNetwork(stages, facts, list(dict.fromkeys(wanted)))
        else:
            network = open_network(self.p.source, list(dict.fromkeys(wanted)))
        network.precise = self.p.method == "gram"
        if self.p.weight_noise:
            disturb(network, self.p.weight_noise, self.rng)
        return network.to_device(self.device)

    def _style_distance(self, layer: str, found: Tensor) -> Tensor:
        """Of units (C, n) of a layer."""
        styles = [style[layer] for style in self.styles]
        if self.p.method == "gram":
            return GRAM_SHARE * gram_distance(found, styles, self.weights)
        return transport_distance(found, styles, self.weights, self.rng)

    def _thinned(self, layer: str, units: Tensor) -> Tensor:
        """Fewer places of a style's layer. Not for Gram matrices alone: a line search compares
        losses, which must not change by what was drawn."""
        if layer == self.content_layer or self.p.method == "gram":
            return units
        return thinned(units, self.rng)

    def _style(self, picture: Tensor, share: float) -> Style:
        height, width = (max(16, round(side * share)) for side in picture.shape[1:])
        small = resize(picture, height, width).clamp(0, 1)

        @torch.no_grad()
        def look() -> Style:
            units = self.network(small[None])
            return {name: LayerStyle.of(places(found)) for name, found in units.items()}

        if self.p.weight_noise or self.p.network == "random":
            return look()  # its facts do not tell all: a random network depends on the first style
        looked_at = f"{self.style_layers} {self.network.precise} {self.device}"
        return REMEMBERED.get(key_of(small, self.network.facts, looked_at), look)


def settled(units: Tensor) -> Tensor:
    """Units (1, C, h, w), each with mean 0 and deviation 1 over the picture: where things are, but
    not in which colours (Huang and Belongie 2017, on instance statistics as style)."""
    deviation, mean = torch.std_mean(units, dim=(2, 3), keepdim=True, correction=0)
    return (units - mean) / (deviation + 0.1)


def mixture(p: DeepStyleParams, count: int, rng: torch.Generator) -> list[float]:
    """The styles' weights, summing to 1. Raises Refused if all are 0."""
    weights = list(p.weights[:count])
    if p.interpolate:
        draw = -torch.rand(count, generator=rng).clamp_min(1e-6).log()  # even over all mixtures
        weights = draw.tolist()
    if sum(weights) <= 0:
        raise Refused("All styles have weight 0: give one of them more.")
    return [weight / sum(weights) for weight in weights]


@torch.no_grad()
def disturb(network: FeatureNetwork, sigma: float, rng: torch.Generator) -> None:
    """Add noise to every weight, `sigma` of its layer's deviation."""
    for weights in network.parameters():
        if weights.ndim > 1:
            noise = torch.randn(weights.shape, generator=rng).to(weights)
            weights.add_(noise, alpha=sigma * float(weights.std()))


def soft_area(area: str, picture: Tensor) -> Tensor:
    """(H, W) in 0..1: how far each place of the content is to be painted."""
    height, width = picture.shape[1:]
    if area == "everywhere":
        return picture.new_ones((height, width))
    if area in ("light parts", "dark parts"):
        light = picture.mean(0)
        mask = (light > light.median()).to(picture.dtype)
        mask = mask if area == "light parts" else 1 - mask
    else:
        rows = torch.linspace(-1, 1, height, device=picture.device)[:, None]
        columns = torch.linspace(-1, 1, width, device=picture.device)[None, :]
        inside = (rows.square() + columns.square() < 0.5).to(picture.dtype)
        mask = inside if area == "centre" else 1 - inside
    blur = max(3, max(height, width) // SOFTNESS) | 1
    return F.avg_pool2d(mask[None], blur, stride=1, padding=blur // 2, count_include_pad=False)[0]

"""What can be asked of each generator, declared once for forms, checks and the command line.

Torch-free. Every field has a title, a one-line description with its unit, and bounds; a field with
a closed set of answers is a Literal.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Network = Literal["tiny-robust", "tiny", "random", "googlenet", "vgg19"]
NetworkFile = Annotated[str, Field(pattern=r"^file:.+\.safetensors$")]
Depth = Literal["shallow", "middle", "deep", "deepest"]
Use = Literal["none", "optional", "required"]  # of a work to start from
# How chance and a given work share in what comes out. "noise" and "plain" are the two ends of the
# scale of surprise; a "control" is matched to a work and is neither.
SourceClass = Literal["sampler", "filter", "noise", "plain", "control"]

# Seconds of one core for a step on a megapixel, down to the deepest layer on offer, without bf16.
STEP_COST: dict[str, float] = {
    "tiny-robust": 1.5,
    "tiny": 1.5,
    "random": 2.5,
    "googlenet": 3.5,
    "vgg19": 21.0,
}


class Params(BaseModel):
    """What one work is made from, besides its seed and content.

    Refuses unknown names, values out of bounds, NaN and infinities. Text that spells a number is
    read as that number, so that values may come from a form or a command line.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @property
    def content(self) -> Use:
        """What these params do with a content, where their generator takes one at all."""
        return "optional"

    def source_class(self, *, from_work: bool) -> SourceClass:
        """What comes out: drawn by chance, or, of a given work, worked over without it."""
        return "sampler"

    def cost(self) -> float:
        """Estimated seconds on one ordinary CPU core; an upper estimate, not a promise."""
        raise NotImplementedError


class ImageParams(Params):
    """The frame of a picture. A work made from content keeps the content's own shape instead."""

    size: int = Field(
        512, ge=64, le=1024, title="Long side in pixels", description="From 64 to 1024 pixels."
    )
    aspect: float = Field(
        1.0,
        ge=0.5,
        le=2.0,
        title="Width divided by height",
        description="1 is square, 2 twice as wide as high. A content picture keeps its own shape.",
    )

    @property
    def shape(self) -> tuple[int, int]:
        """(width, height) in pixels; the longer of the two is `size`."""
        if self.aspect >= 1:
            return self.size, round(self.size / self.aspect)
        return round(self.size * self.aspect), self.size

    @property
    def style_side(self) -> int:
        """Long side in pixels at which works that are styles or guides are read."""
        return self.size

    @property
    def megapixels(self) -> float:
        """Millions of pixels at most: of the square, because content may bring another shape."""
        return self.size**2 / 1e6


class NetworkParams(ImageParams):
    """The network that a picture is looked at through."""

    network: Network | NetworkFile = Field(
        "tiny-robust",
        title="Network",
        description="Tiny ones ship with the gallery; random ones have learnt nothing; GoogLeNet "
        "and VGG-19 are downloaded once.",
    )
    network_seed: int = Field(
        0,
        ge=0,
        le=2**31 - 1,
        title="Seed of the network",
        description="Random network only: each number is another network.",
    )

    @property
    def source(self) -> str:
        """What `generators.nets.features.open_network` takes."""
        return f"random:{self.network_seed}" if self.network == "random" else self.network

    @property
    def step_cost(self) -> float:
        """Seconds of one core for a step at full size."""
        return STEP_COST.get(self.network, STEP_COST["tiny"]) * self.megapixels


class InceptionismParams(NetworkParams):
    """How a network dreams: which network, what in it, and how far."""

    size: int = Field(
        512, ge=64, le=2048, title="Long side in pixels", description="From 64 to 2048 pixels."
    )
    layer: Depth = Field(
        "deep",
        title="Layer",
        description="Deeper layers make larger and less regular forms.",
    )
    objective: Literal["unit set", "whole layer", "single unit", "direction", "guide"] = Field(
        "unit set",
        title="What to strengthen",
        description="Units drawn by the seed, the whole layer as in 2015, one unit, one random "
        "direction, or what a guide picture shows.",
    )
    units: int = Field(
        2,
        ge=1,
        le=64,
        title="Units drawn by chance",
        description="Unit set only: how many. The work's record tells how many bits of chance.",
    )
    canvas: Literal["phase", "spectrum", "pixels"] = Field(
        "spectrum",
        title="What is changed",
        description="Phases under a painting's spectrum, the whole spectrum, or pixels as in 2015.",
    )
    octaves: int = Field(
        3,
        ge=1,
        le=6,
        title="Octaves",
        description="How many sizes to work at, from small to full.",
    )
    octave_scale: float = Field(
        1.7,
        ge=1.2,
        le=2.0,
        title="Octave scale",
        description="How many times larger each size is than the one before.",
    )
    steps: int = Field(
        22,
        ge=1,
        le=100,
        title="Steps per octave",
        description="How often the picture is changed at each size.",
    )
    strength: float = Field(
        1.0,
        ge=0.1,
        le=4.0,
        title="Strength",
        description="How far each step goes: 1 transforms, 0.3 keeps a content.",
    )
    jitter: int = Field(
        16,
        ge=0,
        le=64,
        title="Jitter in pixels",
        description="How far the picture is shifted between steps, so that no pattern sticks.",
    )

    def source_class(self, *, from_work: bool) -> SourceClass:
        chance = self.network == "random" or self.objective in {"unit set", "direction"}
        return "sampler" if chance or not from_work else "filter"

    def cost(self) -> float:
        areas = sum(self.octave_scale ** (-2 * octave) for octave in range(self.octaves))
        return 2 + self.step_cost * areas * self.steps


def _style_weight(which: str) -> float:
    weight: float = Field(
        1.0,
        ge=0.0,
        le=10.0,
        title=f"Weight of the {which} style",
        description="Beside the other styles; 0 leaves it out.",
    )
    return weight


class DeepStyleParams(NetworkParams):
    """How one work is painted in the manner of others."""

    method: Literal["transport", "gram"] = Field(
        "transport",
        title="Method",
        description="Transport of all features, coarse to fine, or Gram matrices as in 2015.",
    )
    content_weight: float = Field(
        1.0,
        ge=0.0,
        le=20.0,
        title="Weight of the content",
        description="0 forgets the content, 1 is balanced, 5 keeps most of it.",
    )
    style_scale: float = Field(
        1.0,
        ge=0.25,
        le=2.0,
        title="Style scale",
        description="Size of the brushwork: the style's long side divided by the work's.",
    )
    weight_1: float = _style_weight("first")
    weight_2: float = _style_weight("second")
    weight_3: float = _style_weight("third")
    weight_4: float = _style_weight("fourth")
    interpolate: bool = Field(
        False,
        title="Let the seed mix the styles",
        description="The weights of the styles are drawn by chance instead.",
    )
    keep_colours: bool = Field(
        False,
        title="Keep the content's colours",
        description="Take over brushwork and light but not the style's colours.",
    )
    area: Literal["everywhere", "light parts", "dark parts", "centre", "edges"] = Field(
        "everywhere",
        title="Where to paint",
        description="The rest stays as the content is, with a soft border.",
    )
    steps: int = Field(
        150,
        ge=10,
        le=1000,
        title="Most steps",
        description="Over all sizes; it stops earlier when it no longer improves.",
    )
    weight_noise: float = Field(
        0.0,
        ge=0.0,
        le=1.0,
        title="Noise in the network",
        description="Deviation of the noise on every weight, as a share of its layer's deviation.",
    )
    redraw: int = Field(
        0,
        ge=0,
        le=200,
        title="Redraw the network every so many steps",
        description="Random network only: 0 keeps one network throughout.",
    )

    @property
    def style_side(self) -> int:
        return round(self.size * self.style_scale)

    @property
    def weights(self) -> tuple[float, float, float, float]:
        return self.weight_1, self.weight_2, self.weight_3, self.weight_4

    def source_class(self, *, from_work: bool) -> SourceClass:
        chance = self.network == "random" or self.weight_noise > 0 or self.interpolate
        return "sampler" if chance or not from_work else "filter"

    def cost(self) -> float:
        share = 1.0 if self.method == "gram" else 0.45  # of the steps' area: coarse to fine
        return 3 + 1.3 * self.step_cost * share * self.steps

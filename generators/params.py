"""What can be asked of each generator, declared once for forms, checks and the command line.

Torch-free. Every field has a title, a one-line description with its unit, and bounds; a field with
a closed set of answers is a Literal.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Network = Literal["random", "googlenet", "vgg16"]
Depth = Literal["shallow", "middle", "deep"]

# Seconds of one core for a step on a megapixel, down to the deepest layer on offer.
STEP_COST: dict[Network, float] = {"random": 1.6, "googlenet": 3.5, "vgg16": 21.0}


class Params(BaseModel):
    """What one work is made from, besides its seed and content.

    Refuses unknown names, values out of bounds, NaN and infinities. Text that spells a number is
    read as that number, so that values may come from a form or a command line.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

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
    def megapixels(self) -> float:
        """Millions of pixels at most: of the square, because content may bring another shape."""
        return self.size**2 / 1e6


class EntropyParams(ImageParams):
    """Pictures that say nothing: the ends of the scale that all other works are seen against."""

    variant: Literal["uniform noise", "natural spectrum", "plain field"] = Field(
        "uniform noise",
        title="Kind of field",
        description="Every pixel at random, noise as smooth as nature, or one colour.",
    )
    alpha: float = Field(
        1.0,
        ge=0.0,
        le=2.0,
        title="Slope of the spectrum",
        description="Natural spectrum only: amplitude falls as 1/frequency to this power.",
    )

    def cost(self) -> float:
        return 0.1 + 0.8 * self.megapixels


class LettersParams(Params):
    """Texts that say nothing: noise made of letters, or one phrase over and over."""

    variant: Literal["uniform letters", "english frequencies", "one phrase"] = Field(
        "uniform letters",
        title="Kind of text",
        description="All letters alike, letters as often as in English, or one phrase repeated.",
    )
    length: int = Field(
        400,
        ge=100,
        le=1200,
        title="Length in characters",
        description="At most this many characters, spaces and line ends included.",
    )

    def cost(self) -> float:
        return 0.05


class InceptionismParams(ImageParams):
    """How a network dreams: which network, what in it, and how far."""

    network: Network = Field(
        "random",
        title="Network",
        description="Random weights need nothing. GoogLeNet and VGG-16 download theirs once.",
    )
    network_seed: int = Field(
        0,
        ge=0,
        le=2**31 - 1,
        title="Seed of the network",
        description="Random network only: each number is another network.",
    )
    layer: Depth = Field(
        "deep",
        title="Layer",
        description="Deeper layers make larger and less regular forms.",
    )
    units: int = Field(
        3,
        ge=0,
        le=12,
        title="Units chosen by chance",
        description="How many of the layer's units to please; 0 pleases all of them alike.",
    )
    octaves: int = Field(
        4,
        ge=1,
        le=6,
        title="Octaves",
        description="How many sizes to work at, from small to full.",
    )
    octave_scale: float = Field(
        1.4,
        ge=1.2,
        le=2.0,
        title="Octave scale",
        description="How many times larger each size is than the one before.",
    )
    steps: int = Field(
        20,
        ge=1,
        le=60,
        title="Steps per octave",
        description="How often the picture is changed at each size.",
    )
    strength: float = Field(
        0.03,
        ge=0.005,
        le=0.2,
        title="Strength",
        description="How far each step goes; 0.05 transforms, 0.02 keeps a content.",
    )
    jitter: int = Field(
        8,
        ge=0,
        le=32,
        title="Jitter in pixels",
        description="How far the picture is shifted between steps, so that no pattern sticks.",
    )

    def cost(self) -> float:
        areas = sum(self.octave_scale ** (-2 * octave) for octave in range(self.octaves))
        return 2 + STEP_COST[self.network] * self.megapixels * areas * self.steps

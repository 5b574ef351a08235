"""What can be asked of the GAN and the CAN, and of their training. Torch-free."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from generators.params import ImageParams
from generators.training.params import TrainingParams

Side = Literal["as the device allows", "64 pixels", "128 pixels"]
PIXELS: dict[Side, int] = {"as the device allows": 0, "64 pixels": 64, "128 pixels": 128}

ArtistFile = Annotated[str, Field(pattern=r"^file:.+\.safetensors$")]
FEWEST_PICTURES = 200  # to learn from: of less, nothing but copies is learnt
MOST_PICTURES = 20_000
LARGEST_WISH = 1.0  # the largest lambda that a CAN is trained with


class PaintedParams(ImageParams):
    """One picture by one painter."""

    truncation: float = Field(
        1.0,
        ge=0.1,
        le=2.0,
        title="Truncation",
        description="1 paints as it learnt to; less stays near the middle of that, more goes "
        "beyond it.",
    )

    def cost(self) -> float:
        return 3.0 + 2 * self.megapixels


def _artist(shipped: str) -> str:
    artist: str = Field(
        shipped,
        title="Painter",
        description="What the network has learnt from: seven thousand paintings of the past.",
    )
    return artist


class GANParams(PaintedParams):
    """By a painter who only imitates. Truncation is the knob."""

    artist: Literal["gan"] | ArtistFile = _artist("gan")


class CANParams(PaintedParams):
    """By a painter who was paid to belong to no style. Lambda is the knob."""

    artist: Literal["can"] | ArtistFile = _artist("can")
    wish: float = Field(
        0.5,
        ge=0.0,
        le=LARGEST_WISH,
        title="Lambda",
        description="How much it was paid for pictures that fit no style: 0 imitates.",
    )


class PainterTrainingParams(TrainingParams):
    """How a painter and its critic learn from each other."""

    side: Side = Field(
        "as the device allows",
        title="Side of its pictures",
        description="128 pixels show more, and take longer to be any good: they are for a GPU, and "
        "are what a worker that has one paints unless told otherwise.",
    )

    @property
    def pixels(self) -> int:
        """To a side; 0 where the device decides."""
        return PIXELS[self.side]

    @property
    def largest_wish(self) -> float:
        """The largest lambda that it learns to fulfil."""
        return 0.0

    @property
    def step_cost(self) -> float:
        return 0.2


class DeviatingTrainingParams(PainterTrainingParams):
    """The same, and paid for pictures that fit no style."""

    @property
    def largest_wish(self) -> float:
        return LARGEST_WISH

    @property
    def step_cost(self) -> float:
        return 0.25

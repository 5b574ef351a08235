"""What can be asked of the anchors. Torch-free, as `generators/params.py`."""

from typing import Literal

from pydantic import Field

from generators.params import ImageParams, Params, SourceClass, Use

SPECTRUM = "spectrum of the content"
COLOURS = "colours of the content"
BOTH = "colours and spectrum of the content"
SHUFFLED, DRAWN = "shuffled ", "drawn "  # what the names of texts made from a text begin with
ROUNDS = 32  # of adjusting colours and spectrum to each other; what more would gain is not seen


class EntropyParams(ImageParams):
    """Pictures that say nothing: the ends of the scale that all other works are seen against, and
    controls that are matched to one work."""

    variant: Literal[
        "uniform noise",
        "natural spectrum",
        "plain field",
        "spectrum of the content",
        "colours of the content",
        "colours and spectrum of the content",
    ] = Field(
        "uniform noise",
        title="Kind of field",
        description="Noise, one colour, or noise that keeps of the work it starts from only what "
        "is named.",
    )
    alpha: float = Field(
        1.0,
        ge=0.0,
        le=2.0,
        title="Slope of the spectrum",
        description="Natural spectrum only: amplitude falls as 1/frequency to this power.",
    )

    @property
    def content(self) -> Use:
        return "required" if self.variant in {SPECTRUM, COLOURS, BOTH} else "none"

    def source_class(self, *, from_work: bool) -> SourceClass:
        ends: dict[str, SourceClass] = {"uniform noise": "noise", "plain field": "plain"}
        return ends.get(self.variant, "control")

    def cost(self) -> float:
        return 0.1 + self.megapixels * (0.4 * ROUNDS if self.variant == BOTH else 0.8)


class LettersParams(Params):
    """Texts that say nothing: noise made of letters, one phrase over and over, and controls that
    are matched to one text."""

    variant: Literal[
        "uniform letters",
        "english frequencies",
        "one phrase",
        "shuffled words",
        "shuffled characters",
        "drawn words",
        "drawn characters",
    ] = Field(
        "uniform letters",
        title="Kind of text",
        description="Letters at random, one phrase repeated, or what the text it starts from is "
        "made of, shuffled or drawn.",
    )
    order: int = Field(
        1,
        ge=0,
        le=3,
        title="Order",
        description="Drawn words and characters only: how many before each decide what may follow.",
    )
    length: int = Field(
        400,
        ge=100,
        le=1200,
        title="Length in characters",
        description="At most this many characters, spaces and line ends included.",
    )

    def source_class(self, *, from_work: bool) -> SourceClass:
        ends: dict[str, SourceClass] = {
            "uniform letters": "noise",
            "english frequencies": "noise",
            "one phrase": "plain",
        }
        return ends.get(self.variant, "control")

    @property
    def content(self) -> Use:
        return "required" if self.variant.startswith((SHUFFLED, DRAWN)) else "none"

    def cost(self) -> float:
        return 0.05 if self.content == "none" else 0.2

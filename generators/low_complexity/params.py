"""What can be asked of a drawing. Torch-free."""

from typing import Literal

from pydantic import Field

from generators.low_complexity.strokes import Ink, Paper, Symmetry
from generators.params import ImageParams

# Seconds of one core for a step: what is judged in one, drawn small.
ARC_STEP, ROW_STEP, IMAGE_STEP = 0.018, 0.030, 0.003


class LowComplexityParams(ImageParams):
    """How short a drawing's program is to be, and how it is looked for."""

    bits: int = Field(
        768,
        ge=64,
        le=4096,
        title="Bits",
        description="The drawing's whole program is at most this long: 64 is one arc or two, 4096 "
        "more than a hundred.",
    )
    code: Literal["arcs", "walk"] = Field(
        "arcs",
        title="Code",
        description="Arcs one by one, or a walk of sixteen commands in which every row is a "
        "drawing.",
    )
    method: Literal["annealing", "evolution"] = Field(
        "annealing",
        title="Method",
        description="Improve one drawing while it cools, or breed many.",
    )
    fills: Literal["none", "half", "most"] = Field(
        "half",
        title="Filled forms",
        description="Arcs only: lines alone, half of the bits for filled forms, or nearly all.",
    )
    symmetry: Symmetry = Field(
        "none",
        title="Symmetry",
        description="What is drawn once is seen once, mirrored, or turned three or six times.",
    )
    paper: Paper = Field("ivory", title="Paper", description="Its colour.")
    ink: Ink = Field("black", title="Ink", description="Its colour; it is thinned to two greys.")
    steps: int = Field(
        600,
        ge=5,
        le=3000,
        title="Steps",
        description="How often the drawing is changed; more steps find better ones.",
    )

    @property
    def fill_share(self) -> float:
        """Of the bits, for filled forms at most."""
        return {"none": 0.0, "half": 0.5, "most": 0.9}[self.fills]

    def cost(self) -> float:
        images = {"none": 1, "mirror": 2, "three": 3, "six": 6}[self.symmetry]
        rows = self.code == "walk" or self.method == "evolution"
        step = (ROW_STEP + 1e-5 * self.bits if rows else ARC_STEP) + IMAGE_STEP * images
        return 3 + step * self.steps + 6 * self.megapixels

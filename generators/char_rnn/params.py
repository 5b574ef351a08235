"""What can be asked of the character RNN, and of its training. Torch-free."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from generators.params import Params
from generators.training.params import TrainingParams

FEWEST_CHARACTERS = 2_000  # to learn from: from less, nothing but the text itself is learnt
MOST_CHARACTERS = 64 * 2**20  # in one collection

WriterFile = Annotated[str, Field(pattern=r"^file:.+\.safetensors$")]


class CharRNNParams(Params):
    """One piece by one writer. Temperature is the knob."""

    writer: Literal["shakespeare", "tang"] | WriterFile = Field(
        "shakespeare",
        title="Writer",
        description="What the network has read: plays of Shakespeare, or poems of the Tang.",
    )
    temperature: float = Field(
        0.8,
        ge=0.1,
        le=2.0,
        title="Temperature",
        description="1 draws characters as often as they occur; less is safer, more is wilder.",
    )
    nucleus: float = Field(
        1.0,
        ge=0.05,
        le=1.0,
        title="Nucleus",
        description="Only the likeliest characters that together have this share; 1 keeps all.",
    )
    shortest: int = Field(
        60,
        ge=20,
        le=100,
        title="Shortest length in characters",
        description="From here on the piece may end where a paragraph does.",
    )
    longest: int = Field(
        600,
        ge=200,
        le=1200,
        title="Longest length in characters",
        description="Here it ends in any case, at the last whole sentence, line or word.",
    )
    prompt: str = Field(
        "",
        max_length=80,
        title="First words",
        description="The piece begins with these and goes on from there. Empty: it begins itself.",
    )

    @field_validator("prompt")
    @classmethod
    def _one_kind_of_line_ends(cls, prompt: str) -> str:
        return prompt.replace("\r\n", "\n").replace("\r", "\n").strip()

    def cost(self) -> float:
        return 0.5 + 0.001 * self.longest


class WriterTrainingParams(TrainingParams):
    """How a writer learns to read."""

    units: int = Field(
        320,
        ge=16,
        le=1024,
        title="Units of the network",
        description="How much it can hold in mind. More learn more, and more slowly.",
    )
    dropout: float = Field(
        0.0,
        ge=0.0,
        le=0.6,
        title="Units hidden while it learns",
        description="Their share. For a long training on little text, such as 0.3: it then learns "
        "less by heart.",
    )

    @property
    def step_cost(self) -> float:
        return 0.02 + 0.05 * (self.units / 320) ** 2

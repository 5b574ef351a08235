"""What can be asked of any training: when it ends. Torch-free."""

from __future__ import annotations

from pydantic import Field

from generators.params import Params


class TrainingParams(Params):
    """Two budgets, of which one counts: steps where any are asked for, time otherwise.

    A subclass adds what its network needs, and says in `step_cost` what a step of it costs.
    """

    minutes: float = Field(
        10.0,
        ge=0.05,
        le=240.0,
        title="Time in minutes",
        description="Of one processor core. Several cores spend it faster.",
    )
    steps: int = Field(
        0,
        ge=0,
        le=1_000_000,
        title="Steps instead of time",
        description="With 0 the time decides. With a number of steps, the same seed on the same "
        "machine learns the same again.",
    )

    @property
    def seconds(self) -> float:
        """The budget of processor time; 0 where steps decide."""
        return 0.0 if self.steps else 60 * self.minutes

    @property
    def step_cost(self) -> float:
        """Estimated seconds of one ordinary CPU core for a step."""
        raise NotImplementedError

    def cost(self) -> float:
        return self.steps * self.step_cost if self.steps else self.seconds

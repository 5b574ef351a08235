"""Every generator that can be trained, by its name in the catalog. Torch-free, as the catalog is.

A trainer is to `Learn` what a generator is to `Paint`: the gallery and a command line know it by
its entry here alone. What it leaves is one .safetensors file, which the generator takes as
`file:PATH` in the param that its entry in the catalog names in `weights`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, cast

from generators.catalog import validated
from generators.char_rnn.params import FEWEST_CHARACTERS, WriterTrainingParams
from generators.gan.params import (
    FEWEST_PICTURES,
    MOST_PICTURES,
    DeviatingTrainingParams,
    PainterTrainingParams,
)
from generators.refused import Refused
from generators.training.params import TrainingParams

if TYPE_CHECKING:
    from generators.frames import Frame

MAX_COST = 4 * 3600.0  # seconds of one ordinary CPU core for one training
# A machine may be slower than the ordinary one, and busy; a training that takes longer than this
# many times its cost and the seconds for setting out and judging hangs.
PATIENCE, SETTING_OUT = 4.0, 600.0


class Learn(Protocol):
    """The shape of every trainer's function.

    `collection` is a folder with one file for each work, named so that their order is that of the
    names: .txt for texts (UTF-8), .webp for pictures (upright, sRGB). `checkpoint` is the file that
    it saves its state to, atomically and every so often, and that it goes on from if it is there;
    `output` is the finished .safetensors file, written atomically and before the last frame.

    Frames tell how far it has come, with a `note` such as "loss 1.53" and from time to time a
    sample: a text or an image. The last one has a sample, and `facts` about what was learnt.

    With a budget of steps: same params, seed, collection and machine, the same bytes, killed in
    between or not. It touches no global random state and may be closed after any frame. Raises
    `Refused`, with a sentence, for a collection that it cannot learn from.
    """

    def __call__(
        self,
        params: Any,
        /,
        *,
        collection: Path,
        checkpoint: Path,
        output: Path,
        seed: int,
        device: str = "cpu",
    ) -> Iterator[Frame]: ...


@dataclass(frozen=True, slots=True)
class Preset:
    """Params that go well together, under a name."""

    name: str
    title: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Trainer:
    """How one generator is trained, as far as it can be known without importing torch."""

    generator: str  # its name in the catalog
    medium: Literal["image", "text"]
    summary: str  # one or two plain sentences: what it learns
    params: type[TrainingParams]
    path: str  # "module:function"
    least: int  # works, or characters of texts together, below which nothing is learnt
    most: int  # as many can be held at once
    presets: tuple[Preset, ...] = ()

    def load(self) -> Learn:
        """Import the trainer's module (and with it torch) and return its function."""
        module, function = self.path.split(":")
        return cast("Learn", getattr(import_module(module), function))

    def cost(self, params: TrainingParams) -> float:
        """Estimated seconds of one ordinary CPU core."""
        return params.cost()

    def limit(self, params: TrainingParams) -> float:
        """Seconds by the clock after which one try at this training has gone wrong."""
        return SETTING_OUT + PATIENCE * params.cost()

    def parse(self, values: Mapping[str, object]) -> TrainingParams:
        """Checked params from a form, a command line or a stored row.

        Raises Refused, one clause for each wrong value, also for trainings dearer than MAX_COST.
        """
        params = validated(self.params, values)
        self.check(params)
        return params

    def check(self, params: TrainingParams) -> None:
        """Raise Refused if the training would cost more than MAX_COST."""
        if params.cost() > MAX_COST:
            raise Refused(
                f"This would take about {params.cost() / 60:.0f} minutes of computing and the "
                f"limit is {MAX_COST / 60:.0f}. Ask for less time, fewer steps or a smaller "
                "network."
            )


TRAINERS: dict[str, Trainer] = {
    trainer.generator: trainer
    for trainer in (
        Trainer(
            generator="char_rnn",
            medium="text",
            summary="Reads texts and learns to guess the next character. It then writes as they "
            "do.",
            params=WriterTrainingParams,
            path="generators.training.read:learn",
            least=FEWEST_CHARACTERS,
            most=8 * 2**20,  # its file holds four bytes for each, and may have 64 MB
            presets=(
                Preset("sketch", "A sketch", {"minutes": 1, "units": 128, "dropout": 0}),
                Preset("study", "A study", {"minutes": 10, "units": 320, "dropout": 0}),
                Preset("long", "A long reading", {"minutes": 60, "units": 320, "dropout": 0.3}),
            ),
        ),
        *(
            Trainer(
                generator=name,
                medium="image",
                summary=summary,
                params=params,
                path="generators.training.gan:learn",
                least=FEWEST_PICTURES,
                most=MOST_PICTURES,
                presets=(
                    Preset("sketch", "A sketch", {"minutes": 5}),
                    Preset("study", "A study", {"minutes": 30}),
                    Preset("long", "A long training", {"minutes": 120}),
                ),
            )
            for name, params, summary in (
                (
                    "gan",
                    PainterTrainingParams,
                    "Looks at pictures and learns to paint what a critic cannot tell from them.",
                ),
                (
                    "can",
                    DeviatingTrainingParams,
                    "Learns the same, and to fit no style as closely as it is asked to.",
                ),
            )
        ),
    )
}

"""Every generator there is, in display order. Torch-free, so that the web process can read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Literal, TypeVar, cast

from pydantic import ValidationError

from generators.anchors.params import EntropyParams, LettersParams
from generators.char_rnn.params import CharRNNParams
from generators.gan.params import CANParams, GANParams
from generators.low_complexity.params import LowComplexityParams
from generators.params import (
    DeepStyleParams,
    ImageParams,
    InceptionismParams,
    Params,
    Use,
)
from generators.refused import Refused

if TYPE_CHECKING:
    from generators.frames import Paint

__all__ = ["GENERATORS", "MAX_COST", "Generator", "ImageParams", "Params", "Refused"]

SomeParams = TypeVar("SomeParams", bound=Params)
MAX_COST = 600.0  # seconds of one ordinary CPU core for one work


@dataclass(frozen=True, slots=True)
class Generator:
    """One machine artist, as far as it can be known without importing torch."""

    name: str
    title: str
    summary: str  # one or two plain sentences
    paper: str  # citation, or ""
    medium: Literal["image", "text"]
    kind: Literal["anchor", "filter", "sampler"]
    version: int  # raised whenever the same params and seed would give another work
    params: type[Params]
    path: str  # "module:function"
    content: Use = "none"
    most_styles: int = 0  # works to take the style of, or be guided by
    styles_required: bool = True  # one at least, where there may be any
    knob: str = ""  # the numeric param that a run may try at several values: its ladder
    knob_needs: tuple[str, str] | None = None  # the param and its answer without which it is idle
    weights: str = ""  # the param that names trained weights, where a trainer makes some

    def load(self) -> Paint:
        """Import the generator's module (and with it torch) and return its function."""
        module, function = self.path.split(":")
        return cast("Paint", getattr(import_module(module), function))

    def content_for(self, params: Params) -> Use:
        """Whether it needs a content for these params; “none” where it would not look at one."""
        return params.content if self.content == "optional" else self.content

    def cost(self, params: Params) -> float:
        """Estimated seconds of one ordinary CPU core for one work."""
        return params.cost()

    def parse(self, values: Mapping[str, object]) -> Params:
        """Checked params from a form, a command line or a stored row.

        Raises Refused, one clause for each wrong value, also for requests dearer than MAX_COST.
        """
        params = validated(self.params, values)
        self.check(params)
        return params

    def check(self, params: Params) -> None:
        """Raise Refused if the work would cost more than MAX_COST."""
        cost = self.cost(params)
        if cost > MAX_COST:
            raise Refused(
                f"This would take about {cost:.0f} seconds of computing and the limit is "
                f"{MAX_COST:.0f}. Choose a smaller size or fewer steps."
            )


def validated(params: type[SomeParams], values: Mapping[str, object]) -> SomeParams:
    """Checked params. Raises Refused, one clause for each wrong value."""
    try:
        return params.model_validate(dict(values))
    except ValidationError as error:
        raise Refused(_complaint(error)) from None


def _complaint(error: ValidationError) -> str:
    clauses = []
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        field = ".".join(str(part) for part in problem["loc"]) or "params"
        message = problem["msg"]
        if problem["type"] == "extra_forbidden":
            message = "there is no such parameter"
        clauses.append(f"{field}: {message[0].lower()}{message[1:]}")
    return "; ".join(clauses) + "."


GENERATORS: dict[str, Generator] = {
    generator.name: generator
    for generator in (
        Generator(
            name="entropy",
            title="Entropy",
            summary="Noise or a plain field: surprise without coherence, and coherence without "
            "surprise. The ends of the scale for pictures, or noise matched to one work.",
            paper="T. Schreiber, A. Schmitz: Improved Surrogate Data for Nonlinearity Tests. "
            "Physical Review Letters 77, 1996.",
            medium="image",
            kind="anchor",
            version=1,
            params=EntropyParams,
            path="generators.anchors.entropy:paint",
            content="optional",
            knob="alpha",
            knob_needs=("variant", "natural spectrum"),
        ),
        Generator(
            name="letters",
            title="Letters",
            summary="Letters at random, or one phrase over and over. The ends of the scale for "
            "texts, or the words and letters of one text, shuffled or drawn.",
            paper="C. E. Shannon: A Mathematical Theory of Communication. Bell System Technical "
            "Journal 27, 1948.",
            medium="text",
            kind="anchor",
            version=1,
            params=LettersParams,
            path="generators.anchors.letters:write",
            content="optional",
        ),
        Generator(
            name="inceptionism",
            title="Inceptionism",
            summary="Looks at a picture, or at noise, through a neural network and strengthens "
            "what the network sees. Which of its units matter can be left to chance.",
            paper="A. Mordvintsev, C. Olah, M. Tyka: Inceptionism: Going Deeper into Neural "
            "Networks. Google Research Blog, 2015.",
            medium="image",
            kind="filter",
            version=3,
            params=InceptionismParams,
            path="generators.inceptionism:paint",
            content="optional",
            most_styles=1,
            styles_required=False,
            knob="units",
            knob_needs=("objective", "unit set"),
        ),
        Generator(
            name="char_rnn",
            title="Character RNN",
            summary="Writes character by character as what it has read makes likely. Its "
            "temperature says how closely it keeps to that.",
            paper="A. Karpathy: The Unreasonable Effectiveness of Recurrent Neural Networks. 2015.",
            medium="text",
            kind="sampler",
            version=1,
            params=CharRNNParams,
            path="generators.char_rnn.write:write",
            knob="temperature",
            weights="writer",
        ),
        Generator(
            name="gan",
            title="GAN",
            summary="Paints what a critic could not tell from the paintings that both have learnt "
            "from. Truncation keeps it near the middle of them, or drives it beyond.",
            paper="I. Goodfellow et al.: Generative Adversarial Nets. Advances in Neural "
            "Information Processing Systems 27, 2014.",
            medium="image",
            kind="sampler",
            version=3,
            params=GANParams,
            path="generators.gan.paint:paint",
            knob="truncation",
            weights="artist",
        ),
        Generator(
            name="can",
            title="CAN",
            summary="A GAN that was also paid for pictures that fit no style. Lambda says how "
            "well.",
            paper="A. Elgammal, B. Liu, M. Elhoseiny, M. Mazzone: CAN: Creative Adversarial "
            "Networks. arXiv 1706.07068, 2017.",
            medium="image",
            kind="sampler",
            version=3,
            params=CANParams,
            path="generators.gan.paint:paint",
            knob="wish",
            weights="artist",
        ),
        Generator(
            name="deep_style",
            title="Deep Style",
            summary="Paints one work in the manner of up to four others. A filter, unless the "
            "network, its noise or the mixture of styles is left to chance.",
            paper="L. A. Gatys, A. S. Ecker, M. Bethge: A Neural Algorithm of Artistic Style. "
            "arXiv 1508.06576, 2015.",
            medium="image",
            kind="filter",
            version=2,
            params=DeepStyleParams,
            path="generators.deep_style:paint",
            content="required",
            most_styles=4,
            knob="weight_noise",
        ),
        Generator(
            name="low_complexity",
            title="Low-complexity art",
            summary="Draws with arcs of circles that all lie on one lattice, by a program of a few "
            "hundred bits: of forms left to chance, or the essence of a work.",
            paper="J. Schmidhuber: Low-complexity art. Leonardo 30 (2), 97-103, 1997.",
            medium="image",
            kind="sampler",
            version=1,
            params=LowComplexityParams,
            path="generators.low_complexity.paint:paint",
            knob="bits",
            content="optional",
        ),
    )
}

"""What a page tells of each machine artist beyond its entry in the catalog. Torch-free.

Each portrait says how the artist works, where its paper can be read, and which settings go well
together. The facts are those of the generators' own docstrings.
"""

from __future__ import annotations

from dataclasses import dataclass

from generators.catalog import Generator
from generators.training.trainers import Preset


@dataclass(frozen=True, slots=True)
class Portrait:
    """One artist, beside its entry in the catalog, which has its summary and cites its paper."""

    manner: str  # one or two plain sentences: how it works
    link: str  # where the paper can be read
    presets: tuple[Preset, ...]


def knob_of(generator: Generator) -> tuple[str, str] | None:
    """Title and help of the param that a ladder turns; None where there is no knob."""
    if not generator.knob:
        return None
    field = generator.params.model_fields[generator.knob]
    return field.title or generator.knob, field.description or ""


PORTRAITS: dict[str, Portrait] = {
    "entropy": Portrait(
        manner="It draws every pixel by chance, or filters noise until it has the spectrum of "
        "paintings, or the colours and the spectrum of one work. Nothing that it makes was meant.",
        link="https://doi.org/10.1103/PhysRevLett.77.635",
        presets=(
            Preset("white", "White noise", {"variant": "uniform noise"}),
            Preset("painted", "A painting’s spectrum", {"variant": "natural spectrum"}),
            Preset("plain", "A plain field", {"variant": "plain field"}),
        ),
    ),
    "letters": Portrait(
        manner="It draws letters alike or as often as English has them, or takes the words and "
        "letters of a text and shuffles or draws them, as Shannon did by hand.",
        link="https://doi.org/10.1002/j.1538-7305.1948.tb01338.x",
        presets=(
            Preset("random", "Typed at random", {"variant": "uniform letters"}),
            Preset("english", "As often as in English", {"variant": "english frequencies"}),
            Preset("phrase", "One phrase over and over", {"variant": "one phrase"}),
            Preset("pairs", "By the two before", {"variant": "drawn characters", "order": 2}),
        ),
    ),
    "inceptionism": Portrait(
        manner="From small to large sizes it shows a network the picture, a little shifted, and "
        "changes the picture so that some of the network’s units answer more strongly.",
        link="https://research.google/blog/inceptionism-going-deeper-into-neural-networks/",
        presets=(
            Preset("sketch", "A quick sketch", {"size": 256, "octaves": 2, "steps": 10}),
            Preset("faint", "Keep a content", {"strength": 0.3}),
            Preset(
                "2015",
                "As in 2015",
                {
                    "network": "googlenet",
                    "objective": "whole layer",
                    "canvas": "pixels",
                    "octaves": 4,
                    "octave_scale": 1.4,
                    "steps": 10,
                    "jitter": 32,
                },
            ),
            Preset("unlearnt", "Through random weights", {"network": "random"}),
        ),
    ),
    "char_rnn": Portrait(
        manner="It has read plays or poems one character at a time, and knows nothing else. It "
        "draws each next character from what it expects after all before it.",
        link="https://karpathy.github.io/2015/05/21/rnn-effectiveness/",
        presets=(
            Preset("safe", "Safe", {"temperature": 0.5}),
            Preset("read", "As it has read", {"temperature": 1.0}),
            Preset("wild", "Wild", {"temperature": 1.4}),
            Preset("tang", "A short poem of the Tang", {"writer": "tang", "longest": 200}),
        ),
    ),
    "gan": Portrait(
        manner="Two networks learnt from seven thousand paintings: one paints, the other tells "
        "painted from real. It paints 64 pixels square, or 128 where it learnt to; a third network "
        "enlarges that.",
        link="https://arxiv.org/abs/1406.2661",
        presets=(
            Preset("middle", "Near the middle", {"truncation": 0.5}),
            Preset("learnt", "As it learnt to", {"truncation": 1.0}),
            Preset("beyond", "Beyond what it learnt", {"truncation": 1.5}),
        ),
    ),
    "can": Portrait(
        manner="It learnt like the GAN, and was also paid when a judge of styles could not say "
        "which style a picture belongs to.",
        link="https://arxiv.org/abs/1706.07068",
        presets=(
            Preset("imitate", "Imitate", {"wish": 0.0}),
            Preset("half", "Deviate by half", {"wish": 0.5}),
            Preset("deviate", "Fit no style", {"wish": 1.0}),
        ),
    ),
    "deep_style": Portrait(
        manner="It looks for a picture whose units in a network lie where the content’s do and "
        "are distributed as those of the style. The style is compared whole, from coarse to fine.",
        link="https://arxiv.org/abs/1508.06576",
        presets=(
            Preset("sketch", "A quick sketch", {"size": 256, "steps": 50}),
            Preset("brush", "Brushwork alone", {"keep_colours": True, "style_scale": 0.5}),
            Preset(
                "2015",
                "As in 2015",
                {"method": "gram", "network": "vgg19", "size": 256, "steps": 300},
            ),
            Preset("chance", "Left to chance", {"network": "random", "redraw": 25}),
        ),
    ),
    "low_complexity": Portrait(
        manner="Its circles lie on one lattice, and a drawing is the program that names its arcs. "
        "A search looks for the program of at most so many bits that comes nearest to a sketch.",
        link="https://doi.org/10.2307/1576418",
        presets=(
            Preset("few", "A few strokes", {"bits": 128, "steps": 300}),
            Preset("rich", "Rich", {"bits": 2048, "steps": 1200}),
            Preset("star", "Turned six times", {"symmetry": "six", "bits": 256}),
            Preset("walk", "Bred walks", {"code": "walk", "method": "evolution"}),
        ),
    ),
}

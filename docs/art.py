"""Paint the sheets of the machine artists: `python -m docs.art PHOTOGRAPHS PAINTINGS`.

Both are folders; what is taken from them is named below. Takes some eight minutes of one core.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image
from torch import Tensor

from generators.catalog import GENERATORS
from generators.pictures import read_picture

DOCS = Path(__file__).parent
SIDE = 256  # pixels
GAP = 6  # pixels
PHOTOGRAPHS = ("chelsea", "coffee", "rocket", "astronaut")
PAINTINGS = (  # words of the files' names
    "hokusai",
    "van-gogh",
    "kandinsky",
    "turner",
    "seurat",
    "franz-marc",
    "rembrandt",
    "hiroshige",
)
DREAMS: tuple[dict[str, object], ...] = (
    {"units": 2, "seed": 2},
    {"units": 3, "seed": 3},
    {"units": 3, "layer": "deepest", "seed": 1},
    {"units": 6, "layer": "deepest", "seed": 2},
    {"objective": "whole layer", "seed": 1},
    {"objective": "direction", "layer": "middle", "seed": 3},
    {"objective": "single unit", "seed": 4},
    {"network": "random", "network_seed": 3, "seed": 1},
    {"strength": 0.5, "octaves": 2, "layer": "middle", "content": "coffee", "seed": 1},
    {"strength": 0.5, "objective": "guide", "guide": "grass", "content": "coffee", "seed": 1},
    {"strength": 0.4, "content": "chelsea", "seed": 5},
    {"canvas": "phase", "network": "tiny", "seed": 2},
)

DRAWINGS: tuple[dict[str, object], ...] = (
    {"seed": 1},
    {"seed": 2, "ink": "indigo"},
    {"seed": 3, "fills": "none", "bits": 512},
    {"seed": 4, "fills": "most", "ink": "sepia"},
    {"seed": 5, "symmetry": "mirror", "bits": 400},
    {"seed": 6, "symmetry": "three", "bits": 300},
    {"seed": 7, "symmetry": "six", "bits": 256, "ink": "sanguine"},
    {"seed": 8, "code": "walk", "symmetry": "six", "bits": 512},
)
BITS = (256, 512, 1024, 2048)  # in which one painting is told
SMALL = 128  # pixels of what a GAN painted at 64
ACROSS = 8
LAMBDAS = (0, 0.125, 0.25, 0.5, 1)
TRUNCATIONS = (0.3, 0.6, 1, 1.5)


def find(folder: Path, words: str) -> Path:
    """The first picture in the folder whose name has these words."""
    return next(path for path in sorted(folder.glob("*.jpg")) if words in path.name)


def sheet(pictures: Iterator[Tensor], columns: int, side: int = SIDE) -> Image.Image:
    """Pictures side by side on grey, each in a square."""
    shown = [Image.fromarray(np.uint8(p.permute(1, 2, 0).numpy() * 255)) for p in pictures]
    rows = -(-len(shown) // columns)
    step = side + GAP
    ground = Image.new("RGB", (columns * step - GAP, rows * step - GAP), (110, 110, 110))
    for place, picture in enumerate(shown):
        left, top = place % columns * step, place // columns * step
        ground.paste(
            picture, (left + (side - picture.width) // 2, top + (side - picture.height) // 2)
        )
    return ground


def dreams(photographs: Path) -> Iterator[Tensor]:
    generator = GENERATORS["inceptionism"]
    for dream in DREAMS:
        params = dict(dream)
        seed = int(str(params.pop("seed")))
        content, guide = params.pop("content", None), params.pop("guide", None)
        yield painted(
            generator.load()(
                generator.parse({"size": SIDE, **params}),
                seed=seed,
                content=read_picture(find(photographs, str(content)), SIDE) if content else None,
                styles=[read_picture(find(photographs, str(guide)), SIDE)] if guide else [],
            )
        )


def styles(photographs: Path, paintings: Path) -> Iterator[Tensor]:
    """A row for each painting: itself, then each photograph in its manner."""
    generator = GENERATORS["deep_style"]
    for words in PAINTINGS:
        style = read_picture(find(paintings, words), SIDE)
        yield style
        for name in PHOTOGRAPHS:
            content = read_picture(find(photographs, name), SIDE)
            params = generator.parse({"size": SIDE})
            yield painted(generator.load()(params, seed=1, content=content, styles=[style]))


def drawings(paintings: Path) -> Iterator[Tensor]:
    """Eight of forms left to chance, then the essence of a painting in ever more bits."""
    generator = GENERATORS["low_complexity"]
    for drawing in DRAWINGS:
        params = dict(drawing)
        seed = int(str(params.pop("seed")))
        yield painted(generator.load()(generator.parse({"size": SIDE, **params}), seed=seed))
    content = read_picture(find(paintings, "rembrandt"), SIDE)
    for bits in BITS:
        params = {"size": SIDE, "bits": bits, "fills": "most"}
        yield painted(generator.load()(generator.parse(params), seed=1, content=content))


def anchors(paintings: Path) -> Iterator[Tensor]:
    """The ends of the scale, noise of three slopes, and a painting with what is kept of it."""
    generator = GENERATORS["entropy"]
    for variant in ("uniform noise", "plain field"):
        yield painted(generator.load()(generator.parse({"size": SIDE, "variant": variant}), seed=1))
    for alpha in (0.5, 1.0, 2.0):
        params = generator.parse({"size": SIDE, "variant": "natural spectrum", "alpha": alpha})
        yield painted(generator.load()(params, seed=1))
    for kept in ("spectrum", "colours", "colours and spectrum"):
        params = generator.parse({"size": SIDE, "variant": f"{kept} of the content"})
        content = read_picture(find(paintings, "hokusai"), SIDE)
        yield painted(generator.load()(params, seed=1, content=content))


def painters() -> Iterator[Tensor]:
    """64 pictures by the GAN, of seeds that nobody chose."""
    generator = GENERATORS["gan"]
    for seed in range(ACROSS * ACROSS):
        yield painted(generator.load()(generator.parse({"size": SMALL}), seed=seed))


def ladders() -> Iterator[Tensor]:
    """The GAN's knob, a row for each truncation, then the CAN's, a row for each lambda."""
    for name, knob, values in (("gan", "truncation", TRUNCATIONS), ("can", "wish", LAMBDAS)):
        generator = GENERATORS[name]
        for value in values:
            params = generator.parse({"size": SMALL, knob: value})
            for seed in range(ACROSS):
                yield painted(generator.load()(params, seed=seed))


def painted(frames: Iterator[object]) -> Tensor:
    *_, last = frames
    image = getattr(last, "image", None)
    if not isinstance(image, Tensor):
        raise TypeError("the last frame shows no picture")
    return image


def main() -> int:
    photographs, paintings = (Path(argument) for argument in sys.argv[1:3])
    sheet(dreams(photographs), 4).save(DOCS / "dreams.jpg", quality=85)
    sheet(styles(photographs, paintings), 1 + len(PHOTOGRAPHS)).save(
        DOCS / "styles.jpg", quality=85
    )
    sheet(drawings(paintings), 4).save(DOCS / "drawings.jpg", quality=85)
    sheet(anchors(paintings), 4).save(DOCS / "anchors.jpg", quality=85)
    sheet(painters(), ACROSS, SMALL).save(DOCS / "painters.jpg", quality=85)
    sheet(ladders(), ACROSS, SMALL).save(DOCS / "painters-ladders.jpg", quality=85)
    return 0


if __name__ == "__main__":
    sys.exit(main())

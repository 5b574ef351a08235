"""The pictures that the artists are measured on.

Photographs that scikit-image ships, or those of a folder with `photos/` and `paintings/`.
"""

from __future__ import annotations

import math
from importlib.util import find_spec
from pathlib import Path

from PIL import Image
from torch import Tensor

from generators.pictures import read_picture

# (photograph, what plays the painting): scikit-image ships no paintings, so pictures with a strong
# palette and texture stand in.
SHIPPED = (
    ("chelsea.png", "hubble_deep_field.jpg"),
    ("astronaut.png", "coffee.png"),
    ("coffee.png", "rocket.jpg"),
    ("rocket.jpg", "chelsea.png"),
)
# Of the project's collection: a photograph, and a painting whose manner differs much from it.
COLLECTED = (
    ("photos/kodak-23.jpg", "paintings/edvard-munch-the-scream.jpg"),
    ("photos/skimage-chelsea.jpg", "paintings/vincent-van-gogh-irises.jpg"),
    ("photos/kodak-05.jpg", "paintings/claude-monet-argenteuil.jpg"),
    ("photos/skimage-coffee.jpg", "paintings/wassily-kandinsky-composition-viii.jpg"),
)


def pairs(data: Path | None, count: int) -> list[tuple[Path, Path]]:
    """(content, style) files, `count` of them."""
    if data is None:
        package = find_spec("skimage")  # found, not imported: its import takes seconds
        if package is None or not package.submodule_search_locations:
            raise SystemExit("scikit-image is not installed: name a folder with --data.")
        folder = Path(package.submodule_search_locations[0], "data")
        return [(folder / content, folder / style) for content, style in SHIPPED[:count]]
    found = []
    for content, style in COLLECTED:
        contents, styles = sorted(data.glob(content)), sorted(data.glob(style))
        if contents and styles:
            found.append((contents[0], styles[0]))
    if not found:  # any other folder of the same shape
        contents = sorted((data / "photos").glob("*.jpg"))
        styles = sorted((data / "paintings").glob("*.jpg"))
        found = list(zip(contents, styles, strict=False))
    if not found:
        raise SystemExit(f"{data} holds no photos/*.jpg and paintings/*.jpg.")
    return found[:count]


def pair(data: Path | None, side: int, index: int = 0) -> tuple[Tensor, Tensor]:
    """One (content, style), each the middle square (3, side, side) in 0..1."""
    content, style = pairs(data, index + 1)[index]
    return square(content, side), square(style, side)


def square(file: Path, side: int) -> Tensor:
    """The middle of a picture: figures for "256 pixels" are then for 256 x 256."""
    with Image.open(file) as opened:
        longer = max(opened.size) / min(opened.size)
    picture = read_picture(file, math.ceil(side * longer))
    top, left = ((length - side) // 2 for length in picture.shape[1:])
    return picture[:, top : top + side, left : left + side].contiguous()

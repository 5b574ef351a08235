"""Small pictures to learn to paint from: of a folder of files, or of the catalogued collection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from generators.gan.params import FEWEST_PICTURES
from generators.nets.gan import SIDE
from generators.pictures import MAX_PIXELS
from generators.refused import Refused
from generators.training.paintings import read_catalogue, read_paintings, squared

TENTH = 10  # one in so many is held out
SUFFIXES = (".webp", ".jpg", ".jpeg", ".png")


@dataclass(frozen=True)
class Lessons:
    """Pictures uint8 (n, 3, SIDE, SIDE), whole works pressed into squares, and where from."""

    pictures: Tensor
    names: Sequence[str]
    held_out: Tensor
    sources: Sequence[str]  # for a card


def read_collection(folder: Path) -> Lessons:
    """Every picture in a folder, in the order of their names; every tenth is held out.

    Raises Refused for a folder with too few pictures, and for a file that is no whole picture.
    """
    files = sorted(file for file in folder.glob("*") if file.suffix.lower() in SUFFIXES)
    if len(files) < FEWEST_PICTURES:
        raise Refused(
            f"The collection has {len(files)} pictures: at least {FEWEST_PICTURES} are needed to "
            "learn from, and a thousand are better."
        )
    shown = torch.stack([_pressed(file) for file in files])
    held_out = torch.arange(len(files)) % TENTH == TENTH - 1
    learnt = [file.stem for file, kept in zip(files, held_out.tolist(), strict=True) if not kept]
    sources = [f"{len(learnt)} pictures from {folder.name}"]
    lessons = Lessons(shown[~held_out], learnt, shown[held_out], sources)
    if float(lessons.pictures.float().std(dim=0).mean()) < 1:
        raise Refused("The pictures of the collection are all alike: there is nothing to learn.")
    return lessons


def read_catalogued(folder: Path) -> Lessons:
    """The works that the tiny networks learn from, whole, and the paintings held out from all
    training. Raises Refused as `read_paintings` does."""
    paintings = read_paintings(folder)
    first = paintings.work.diff(prepend=torch.tensor([-1])) != 0  # what follows of a work is tiles
    unseen = read_catalogue(folder)[0]
    held_out = np.stack([squared(painting.open()) for painting in unseen])
    return Lessons(
        _halved(paintings.pictures[first]),
        paintings.names,
        _halved(torch.from_numpy(held_out).permute(0, 3, 1, 2)),
        paintings.sources,
    )


def _pressed(file: Path) -> Tensor:
    """The whole picture pressed into a square: shapes come back when pictures are painted."""
    try:
        with Image.open(file) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise Refused(f"{file.name} is too large: use one of at most 100 megapixels.")
            opened.draft("RGB", (2 * SIDE, 2 * SIDE))
            small = opened.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BOX)
    except (OSError, ValueError, SyntaxError):
        raise Refused(
            f"{file.name} could not be read: use whole JPEG, PNG or WebP pictures."
        ) from None
    return torch.from_numpy(np.array(small)).permute(2, 0, 1)


def _halved(pictures: Tensor) -> Tensor:
    """uint8 (n, 3, H, W) at SIDE pixels."""
    return F.interpolate(pictures.float(), size=SIDE, mode="area").round().to(torch.uint8)

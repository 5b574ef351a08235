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
from generators.training.paintings import TWIN, read_paintings, thumbnails

EVERY = 20  # one picture in so many is held out
SUFFIXES = (".webp", ".jpg", ".jpeg", ".png")


@dataclass(frozen=True)
class Lessons:
    """Pictures uint8 (n, 3, side, side), whole works pressed into squares, and where from."""

    pictures: Tensor
    names: Sequence[str]
    held_out: Tensor
    sources: Sequence[str]  # for a card

    @classmethod
    def of(cls, pictures: Tensor, names: Sequence[str], sources: Sequence[str]) -> Lessons:
        """With every so many of the pictures held out, and with them whatever looks like one of
        them: other files of one work would let a copy seem far from nothing.

        Raises Refused if the pictures are all alike.
        """
        every = pictures.shape[-1] // SIDE  # of large ones some pixels will do, for the memory
        if float(pictures[..., ::every, ::every].float().std(dim=0).mean()) < 1:
            raise Refused(
                "The pictures of the collection are all alike: there is nothing to learn from them."
            )
        held_out = torch.arange(len(pictures)) % EVERY == EVERY - 1
        thumbs = torch.from_numpy(thumbnails(list(pictures.permute(0, 2, 3, 1).numpy())))
        twins = (thumbs @ thumbs[held_out].T).max(1).values > TWIN
        learnt = (~held_out & ~twins).nonzero()[:, 0]
        kept = [names[place] for place in learnt.tolist()]
        return cls(pictures[learnt], kept, pictures[held_out], sources)


def read_collection(folder: Path, side: int = SIDE) -> Lessons:
    """Every picture in a folder, in the order of their names, as squares of `side` pixels.

    Raises Refused for a folder with too few pictures, for a file that is no whole picture, and for
    pictures that are all alike.
    """
    files = sorted(file for file in folder.glob("*") if file.suffix.lower() in SUFFIXES)
    if len(files) < FEWEST_PICTURES:
        raise Refused(
            f"The collection has {len(files)} pictures: at least {FEWEST_PICTURES} are needed to "
            "learn from, and a thousand are better."
        )
    shown = torch.stack([_pressed(file, side) for file in files])
    sources = [f"{len(files)} pictures from {folder.name}"]
    return Lessons.of(shown, [file.stem for file in files], sources)


def read_catalogued(folder: Path, side: int = SIDE) -> Lessons:
    """The works that the tiny networks learn from, whole. Raises Refused as `read_paintings`."""
    paintings = read_paintings(folder)
    first = paintings.work.diff(prepend=torch.tensor([-1])) != 0  # what follows of a work is tiles
    whole = paintings.pictures[first]
    if side < whole.shape[-1]:
        whole = F.interpolate(whole.float(), size=side, mode="area").round().to(torch.uint8)
    return Lessons.of(whole, paintings.names, paintings.sources)


def _pressed(file: Path, side: int) -> Tensor:
    """The whole picture pressed into a square: shapes come back when pictures are painted."""
    try:
        with Image.open(file) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise Refused(f"{file.name} is too large: use one of at most 100 megapixels.")
            opened.draft("RGB", (2 * side, 2 * side))
            small = opened.convert("RGB").resize((side, side), Image.Resampling.BOX)
    except (OSError, ValueError, SyntaxError):
        raise Refused(
            f"{file.name} could not be read: use whole JPEG, PNG or WebP pictures."
        ) from None
    return torch.from_numpy(np.array(small)).permute(2, 0, 1)

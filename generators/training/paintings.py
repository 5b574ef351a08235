"""The public-domain works that networks are trained and judged on, read into memory.

The folder is laid out as its CATALOGUE.csv says: `train_art128/*.parquet` (128-pixel JPEGs with
style and artist) and `paintings/` (larger files, one catalogue row each with its legal basis).
Some paintings are held out: no training sees them, nor anything in the other part that looks like
one of them.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError
from torch import Tensor

from generators.refused import Refused

Pixels = NDArray[np.uint8]  # (SIDE, SIDE, 3)

SIDE = 128  # pixels of every training picture
TILE_SCALE = 384  # pixels of a painting's short side, at most, where tiles are cut from it
TILES = 8  # at most, from one painting
HELD_OUT = 200  # paintings that no training ever sees
TWIN = 0.93  # correlation of 16-pixel thumbnails from which two files count as one work
NO_LABEL = -100  # what torch's cross entropy passes over
FEWEST = 12  # works of an artist who gets a class of their own


@dataclass(frozen=True, slots=True)
class Painting:
    """A file of the catalogue."""

    path: Path
    name: str  # title and creator
    group: str  # first folder of its source: for works from WikiArt, the style

    def open(self) -> Image.Image:
        """In RGB. Raises Refused if the file is missing or no whole picture."""
        try:
            with Image.open(self.path) as image:
                return image.convert("RGB")
        except (OSError, UnidentifiedImageError):
            raise Refused(
                f"{self.path} cannot be read as a picture: put it back, or take its row out of "
                "CATALOGUE.csv."
            ) from None


@dataclass(frozen=True, slots=True)
class Paintings:
    """Training pictures with their labels, and the paintings held out for judging."""

    pictures: Tensor  # uint8 (N, 3, SIDE, SIDE)
    work: Tensor  # int64 (N,): which work the picture shows, or a part of it
    style: Tensor  # int64 (N,), NO_LABEL where unknown
    artist: Tensor  # int64 (N,), NO_LABEL where unknown
    styles: list[str]
    artists: list[str]
    names: list[str]  # of each work
    held_out: list[Path]
    sources: list[str]  # what the card says of where they come from

    @property
    def works(self) -> int:
        return int(self.work.max()) + 1


@dataclass
class _Collected:
    """Pictures and labels while they are being gathered."""

    pictures: list[Pixels] = field(default_factory=list)
    labels: list[tuple[int, int, int]] = field(default_factory=list)  # work, style, artist
    names: list[str] = field(default_factory=list)

    def add(self, name: str, pictures: list[Pixels], style: int, artist: int) -> None:
        """One work, shown by one or more pictures."""
        self.pictures += pictures
        self.labels += [(len(self.names), style, artist)] * len(pictures)
        self.names.append(name)


def read_catalogue(folder: Path, held_out: int = HELD_OUT) -> tuple[list[Painting], list[Painting]]:
    """(held out, to train on): the catalogue's paintings in an order that has to do with nothing.

    Raises Refused if there is no catalogue, or nothing in it to hold out.
    """
    catalogue = folder / "CATALOGUE.csv"
    if not catalogue.is_file():
        raise Refused(f"There is no {catalogue}: name the folder that holds the paintings.")
    with catalogue.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "painting"]
    if len(rows) < held_out:
        raise Refused(f"{catalogue} has {len(rows)} paintings, fewer than the {held_out} held out.")
    rows.sort(key=lambda row: row["sha256"])
    found = [
        Painting(
            folder / row["path"],
            f"{row['title']}, {row['creator']}",
            row["source_path"].split("/")[0],
        )
        for row in rows
    ]
    return found[:held_out], found[held_out:]


def read_paintings(folder: Path, held_out: int = HELD_OUT) -> Paintings:
    """Read everything under `folder`. Raises Refused if a part is missing or pyarrow is."""
    unseen, others = read_catalogue(folder, held_out)
    faces = thumbnails([squared(painting.open()) for painting in unseen])
    small = _read_parquet(sorted((folder / "train_art128").glob("*.parquet")))
    kept = [entry for entry in small if not is_twin(entry[0], faces)]
    styles = sorted({entry[1] for entry in kept})
    counts = Counter(entry[2] for entry in kept)
    artists = sorted(artist for artist, count in counts.items() if count >= FEWEST)
    style_number = {name: number for number, name in enumerate(styles)}
    artist_number = {name: number for number, name in enumerate(artists)}
    collected = _Collected()
    for picture, style, artist, name in kept:
        collected.add(name, [picture], style_number[style], artist_number.get(artist, NO_LABEL))
    for painting in others:
        image = painting.open()
        whole = squared(image)
        if not is_twin(whole, faces):
            style_known = style_number.get(painting.group, NO_LABEL)
            collected.add(painting.name, [whole, *tiles(image)], style_known, NO_LABEL)
    if not collected.names:
        raise Refused(f"No paintings to train on are left in {folder}.")
    work, style_of, artist_of = torch.tensor(collected.labels).T.contiguous()
    return Paintings(
        pictures=torch.from_numpy(np.stack(collected.pictures)).permute(0, 3, 1, 2).contiguous(),
        work=work,
        style=style_of,
        artist=artist_of,
        styles=styles,
        artists=artists,
        names=collected.names,
        held_out=[painting.path for painting in unseen],
        sources=[
            f"{len(kept)} works at 128 x 128 pixels from the WikiArt subset "
            "github.com/jalpv1/wiki-art-selected-resized, only artists who died before 1955",
            f"{len(collected.names) - len(kept)} paintings from the catalogue's other files, whole "
            "and in tiles; each row of the catalogue names its creator's death and the basis",
        ],
    )


def _read_parquet(files: list[Path]) -> list[tuple[Pixels, str, str, str]]:
    """(picture, style, artist, name) of every row."""
    if not files:
        raise Refused("There is no train_art128/*.parquet in the folder of paintings.")
    try:
        from pyarrow import parquet
    except ImportError:
        raise Refused("Reading the paintings needs pyarrow: pip install pyarrow.") from None
    entries = []
    for file in files:
        for row in parquet.read_table(file).to_pylist():
            with Image.open(io.BytesIO(row["jpeg"])) as image:
                pixels = np.asarray(image.convert("RGB"))
            name = Path(row.get("source") or "unknown").stem.replace("_", ": ", 1).replace("-", " ")
            entries.append((pixels, row["style"], row["artist"], name))
    return entries


def squared(image: Image.Image) -> Pixels:
    """The whole work pressed into a square, as the small works are."""
    return np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BOX))


def tiles(image: Image.Image) -> list[Pixels]:
    """Up to TILES squares of SIDE pixels, evenly over the painting: they show how it is painted."""
    scale = min(1.0, TILE_SCALE / min(image.size))
    image = image.resize((round(image.width * scale), round(image.height * scale)))
    across, down = image.width // SIDE, image.height // SIDE
    if not across or not down:
        return []
    corners = [
        (
            round(x * (image.width - SIDE) / max(1, across - 1)),
            round(y * (image.height - SIDE) / max(1, down - 1)),
        )
        for y in range(down)
        for x in range(across)
    ]
    every = max(1, -(-len(corners) // TILES))
    return [np.asarray(image.crop((x, y, x + SIDE, y + SIDE))) for x, y in corners[::every]]


def thumbnails(pictures: list[Pixels]) -> NDArray[np.float64]:
    """(n, 768) of length 1 each: 16-pixel thumbnails without their mean, of squares."""
    block = pictures[0].shape[0] // 16
    small = np.stack(pictures).reshape(-1, 16, block, 16, block, 3).mean((2, 4)).reshape(-1, 768)
    small = small - small.mean(1, keepdims=True)
    thumbs: NDArray[np.float64] = small / np.linalg.norm(small, axis=1, keepdims=True).clip(1e-6)
    return thumbs


def is_twin(picture: Pixels, faces: NDArray[np.float64]) -> bool:
    """Whether it shows the same work as one of `faces`, made by `thumbnails`."""
    return bool((faces @ thumbnails([picture])[0]).max(initial=-1) > TWIN)

"""A small collection of paintings, laid out as the real one is: made up, and never the same twice
within it."""

import csv
import hashlib
import io
from pathlib import Path

import numpy as np
import pyarrow
from PIL import Image
from pyarrow import parquet

COLUMNS = [
    *("path", "kind", "title", "creator", "year", "creator_death_year"),
    *("licence_or_basis", "source_repo", "source_path", "sha256"),
]
STYLES = ("Cubism", "Rococo")


def picture(seed: int, width: int = 128, height: int = 128) -> Image.Image:
    """Blots of colour: large ones, so that a thumbnail tells pictures apart."""
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(0, 256, (6, 6, 3), dtype=np.uint8))
    return small.resize((width, height), Image.Resampling.BICUBIC)


def as_jpeg(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=90)
    return file.getvalue()


def row(path: str, data: bytes, group: str) -> dict[str, str]:
    """One painting of the catalogue."""
    values = dict.fromkeys(COLUMNS, "")
    return values | {
        "path": path,
        "kind": "painting",
        "creator": "Nobody",
        "creator_death_year": "1900",
        "licence_or_basis": "public domain (creator d. 1900; life+70)",
        "source_path": f"{group}/{path}",
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def write_catalogue(folder: Path, rows: list[dict[str, str]]) -> None:
    with (folder / "CATALOGUE.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


def write_parquet(folder: Path, entries: list[tuple[bytes, str, str]]) -> None:
    columns = zip(*entries, strict=True)
    table = pyarrow.table(dict(zip(("jpeg", "style", "artist"), map(list, columns), strict=True)))
    parquet.write_table(table, folder / "train_art128" / "part-000.parquet")


def make_collection(folder: Path, paintings: int = 6, small: int = 16) -> Path:
    """`paintings` larger files, and `small` works at 128 pixels, 12 of them by one artist."""
    (folder / "paintings").mkdir(parents=True)
    (folder / "train_art128").mkdir()
    rows = []
    for number in range(paintings):
        data = as_jpeg(picture(1000 + number, 160 + 40 * (number % 3), 200))
        path = f"paintings/work-{number}.jpg"
        (folder / path).write_bytes(data)
        rows.append(row(path, data, (*STYLES, "images")[number % 3]))
    write_catalogue(folder, [*rows, row("photos/one.jpg", b"", "photos") | {"kind": "photo"}])
    write_parquet(
        folder,
        [
            (as_jpeg(picture(n)), STYLES[n % 2], "Many" if n < 12 else f"Few {n}")
            for n in range(small)
        ],
    )
    return folder

"""The starter exhibition: works by people that every installation has lying about.

Photographs that scikit-image packages and credits, and passages of Python's own standard library,
read where they are installed: nothing is downloaded, nothing is copied into this repository.
"""

from __future__ import annotations

import ast
import sysconfig
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from textwrap import dedent

from gallery.works.ingest import keep, read
from gallery.works.models import Artwork, Medium
from gallery.works.sandbox import Sandbox
from gallery.works.services import AlreadyHere, Label, record

CC0 = "CC0 1.0"
PUBLIC = "Public domain"
UNRESTRICTED = "No known copyright restrictions"


@dataclass(frozen=True, slots=True)
class Photograph:
    """A file of `skimage/data`, credited as that package's documentation credits it."""

    file: str
    title: str
    maker: str
    licence: str
    credit: str
    year: str = ""

    @property
    def label(self) -> Label:
        return Label(
            maker=self.maker,
            title=self.title,
            year=self.year,
            licence=self.licence,
            credit=self.credit,
            source=f"scikit-image, skimage/data/{self.file}",
        )

    def data(self) -> bytes | None:
        """None where this version of the package ships no such file."""
        package = find_spec("skimage")  # found, not imported: its import takes seconds
        folders = list(package.submodule_search_locations or []) if package else []
        files = [Path(folder, "data", self.file) for folder in folders]
        return next((file.read_bytes() for file in files if file.is_file()), None)


# What scikit-image documents in skimage/data/_fetchers.py. Left out: charts and test patterns,
# pictures for physicians, and pictures whose terms it does not state.
PHOTOGRAPHS = (
    Photograph("astronaut.png", "Eileen Collins", "NASA", PUBLIC, "NASA Great Images database"),
    Photograph("brick.png", "Brick wall", "CC0Textures", CC0, "CC0Textures, Bricks25"),
    Photograph("camera.png", "Camera", "Lav Varshney", CC0, "Given by the photographer"),
    Photograph(
        "chelsea.png", "Chelsea the cat", "Stefan van der Walt", CC0, "Given by the photographer"
    ),
    Photograph(
        "clock_motion.png", "Clock", "Stefan van der Walt", PUBLIC, "Given by the photographer"
    ),
    Photograph(
        "coffee.png", "Coffee cup", "Rachel Michetti", CC0, "Courtesy of Pikolo Espresso Bar"
    ),
    Photograph(
        "coins.png",
        "Greek coins from Pompeii",
        "Brooklyn Museum",
        UNRESTRICTED,
        "Brooklyn Museum Collection",
    ),
    Photograph("grass.png", "Grass", "linolafett", CC0, "DeviantArt, Grass 01"),
    Photograph("gravel.png", "Gravel", "CC0Textures", CC0, "CC0Textures, Gravel04"),
    Photograph("horse.png", "Horse", "Andreas Preuss", CC0, "Openclipart"),
    Photograph(
        "hubble_deep_field.jpg",
        "Hubble eXtreme Deep Field",
        "NASA",
        PUBLIC,
        "Captured by NASA; HubbleSite",
        "2012",
    ),
    Photograph(
        "rocket.jpg", "Launch of DSCOVR on Falcon 9", "SpaceX", PUBLIC, "SpaceX Photos", "2015"
    ),
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A function of the standard library, named by its module and its qualified name."""

    module: str
    name: str
    maker: str = "CPython contributors"

    @property
    def label(self) -> Label:
        return Label(
            maker=self.maker,
            title=self.name.rpartition(".")[2],
            year="",
            licence="PSF-2.0",
            credit="Python Software Foundation",
            source=f"CPython, Lib/{self.module}.py, {self.name}",
        )

    def data(self) -> bytes | None:
        """The passage as this Python has it; None where it has none of that name."""
        file = Path(sysconfig.get_path("stdlib"), f"{self.module}.py")
        if not file.is_file():
            return None
        source = file.read_text(encoding="utf-8")
        node: ast.AST = ast.parse(source)
        for part in self.name.split("."):
            inner = (one for one in ast.iter_child_nodes(node) if _is_called(one, part))
            found = next(inner, None)
            if found is None:
                return None
            node = found
        passage = ast.get_source_segment(source, node, padded=True) or ""
        return dedent(passage).encode()


def _is_called(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name


PASSAGES = (
    Passage("_pydecimal", "_sqrt_nearest", "Eric Price and others"),
    Passage("antigravity", "geohash"),
    Passage("bisect", "insort_right"),
    Passage("collections/__init__", "Counter.most_common"),
    Passage("colorsys", "rgb_to_hls"),
    Passage("contextlib", "closing"),
    Passage("genericpath", "commonprefix"),
    Passage("glob", "escape"),
    Passage("heapq", "_siftup", "Kevin O'Connor, Tim Peters and Raymond Hettinger"),
    Passage("statistics", "multimode"),
    Passage("string", "capwords"),
    Passage("textwrap", "shorten", "Gregory P. Ward"),
)


def hang_starter() -> int:
    """Hang what is not here yet, and return how many works that were. One query when all are."""
    labelled: list[tuple[Medium, Photograph | Passage]] = [
        *((Medium.IMAGE, photograph) for photograph in PHOTOGRAPHS),
        *((Medium.TEXT, passage) for passage in PASSAGES),
    ]
    sources = [piece.label["source"] for _, piece in labelled]
    here = set(Artwork.objects.filter(source__in=sources).values_list("source", flat=True))
    with Sandbox() as sandbox:
        missing = [(medium, one) for medium, one in labelled if one.label["source"] not in here]
        return sum(1 for medium, one in missing if _hang(medium, one, sandbox))


def _hang(medium: Medium, piece: Photograph | Passage, sandbox: Sandbox) -> bool:
    data = piece.data()
    if data is None:
        return False
    qualities = Artwork.objects.qualities_of_uploads()
    try:
        record(keep(read(medium, data, qualities, sandbox)), piece.label, hang=True)
    except AlreadyHere:
        return False
    return True

"""What can be measured of a finished work, whoever made it, without asking anybody.

Of a picture, in one standard size and without regard to what became of its file before:

* entropy of its luminance: C. E. Shannon 1948, over a histogram of 256 levels. It is blind to where
  anything lies.
* permutation entropy and statistical complexity: the orders of four neighbouring pixels, after
  H. Y. D. Sigaki, M. Perc, H. V. Ribeiro 2018, "History of art paintings through the lens of
  entropy and complexity", PNAS 115(37), and H. V. Ribeiro et al. 2012, PLoS ONE 7(8).
* description length: what lossless codecs need for it, an upper bound of its Kolmogorov complexity.

Of a text, its description length, also under a small language model. Of both, how they lie among
EARLIER works: novelty, the mean distance to the ten nearest (J. Lehman, K. O. Stanley 2011,
"Abandoning objectives", Evolutionary Computation 19(2)), typicality, the likeness to their mean,
and the nearest of them. Pictures are
compared in the space of the tiny network, texts in that of their three-letter sequences.

Whatever changes a number for the same work raises VERSION: numbers of one version can be compared.
"""

from __future__ import annotations

import base64
import io
import lzma
import math
import sys
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

if TYPE_CHECKING:
    from torch import Tensor

    from generators.nets.features import FeatureNetwork
    from generators.nets.written import Writer

VERSION = 2
SIDE = 256  # pixels of the long side of the picture that is measured
NEIGHBOURS = 10  # earlier works, for novelty; where there are fewer, novelty is not known
ORDERS = math.factorial(4)  # of four pixels
LUMINANCE = (2126, 7152, 722)  # parts of red, green and blue in 10000 (ITU-R BT.709)
LAYERS = ("relu2_2", "relu3_3", "relu4_3")  # fine, middle and coarse forms
NGRAM = 3
BUCKETS = 1024  # that three-letter sequences are hashed into
WRITERS = ("shakespeare", "tang")
PLAIN_QUOTES = str.maketrans("‘’“”", "''\"\"")  # as they are in what the writers have read

Floats = NDArray[np.float32]
Levels = NDArray[np.uint8]


@dataclass(frozen=True)
class Measured:
    """What a work alone tells. The first three are of pictures only.

    `lengths` are bits a pixel, or bits a character, by codec. `features` have length 1 and lie
    with those of other works of the medium in one space, where angles are unlikeness.
    """

    lengths: dict[str, float]
    features: Floats
    luminance_entropy: float | None = None  # bits, 0 to 8
    permutation_entropy: float | None = None  # 0 to 1
    statistical_complexity: float | None = None  # 0 to below 0.5

    def as_json(self) -> dict[str, Any]:
        """Numbers, and the features as float32 in base64."""
        packed = base64.b64encode(self.features.astype("<f4").tobytes()).decode("ascii")
        return asdict(self) | {"features": packed}


@dataclass(frozen=True)
class Compared:
    """How a work lies among earlier ones; distances are 1 less the cosine, 0 to 2."""

    nearest: int | None = None  # its place among the earlier ones
    distance: float | None = None  # to the nearest
    novelty: float | None = None
    typicality: float | None = None  # cosine to the mean of all earlier ones, -1 to 1


def measure_picture(path: Path) -> Measured:
    """Of a picture file. Raises Refused, from `read_picture`, for one that cannot be read."""
    from generators.pictures import read_picture

    picture = read_picture(path, SIDE)
    levels = (picture.permute(1, 2, 0) * 255).round().byte().numpy()
    entropy, complexity = ordinal(luminance(levels))
    return Measured(
        lengths={name: bits(levels) for name, bits in PICTURE_CODECS.items()},
        features=picture_features(picture),
        luminance_entropy=luminance_entropy(levels),
        permutation_entropy=entropy,
        statistical_complexity=complexity,
    )


def measure_text(text: str) -> Measured:
    """Of a text with one character at least."""
    return Measured(
        lengths={name: bits(text) for name, bits in TEXT_CODECS.items()},
        features=text_features(text),
    )


def luminance(levels: Levels) -> NDArray[np.int64]:
    """(H, W) from (H, W, 3), in whole numbers, so that equal colours are exactly equal."""
    weighed: NDArray[np.int64] = levels.astype(np.int64) @ np.array(LUMINANCE)
    return weighed


def luminance_entropy(levels: Levels) -> float:
    """Bits of a pixel's luminance, on 256 levels."""
    shades = np.rint(luminance(levels) / sum(LUMINANCE)).astype(np.int64)
    return _bits(np.bincount(shades.ravel(), minlength=256))


def ordinal(plane: NDArray[np.int64]) -> tuple[float, float]:
    """Permutation entropy and statistical complexity of a plane (H, W) of 2 x 2 pixels at least.

    Each pixel and the three right of it, below it and both are one of 24 orders; of equal pixels
    the one that comes first in reading counts as the smaller. With P the shares of the orders, U
    equal shares and S Shannon's entropy: H = S(P) / log 24, and C = H D(P, U) / D*, where D is the
    Jensen-Shannon divergence and D* the largest that it can be.
    """
    windows = np.stack([plane[:-1, :-1], plane[:-1, 1:], plane[1:, :-1], plane[1:, 1:]], axis=-1)
    orders = np.argsort(windows.reshape(-1, 4), axis=1, kind="stable") @ (64, 16, 4, 1)
    counts = np.unique(orders, return_counts=True)[1]
    shares = np.zeros(ORDERS)
    shares[: len(counts)] = counts / counts.sum()
    entropy = _bits(shares) / math.log2(ORDERS)
    return _within(entropy, 0, 1), _within(entropy * _divergence(shares), 0, 1)


def _divergence(shares: NDArray[np.float64]) -> float:
    """Of shares from equal shares, as a part of the largest that there can be."""
    equal = np.full(ORDERS, 1 / ORDERS)
    certain = np.eye(ORDERS)[0]

    def from_equal(one: NDArray[np.float64]) -> float:
        return _bits((one + equal) / 2) - _bits(one) / 2 - _bits(equal) / 2

    return from_equal(shares) / from_equal(certain)


def _bits(counts: NDArray[Any]) -> float:
    """Shannon's entropy of counts or shares."""
    shares = counts[counts > 0] / counts.sum()
    return max(0.0, float(-(shares * np.log2(shares)).sum()))


def png_bits(levels: Levels) -> float:
    """A pixel's share of a PNG: filtered rows, then zlib at its best."""
    return _picture_bits(levels, "PNG", compress_level=9)


def webp_bits(levels: Levels) -> float:
    """A pixel's share of a lossless WebP, which also predicts from neighbours and palettes.

    `quality` is effort here: at 100 it takes twenty times as long for 0.3 % less.
    """
    return _picture_bits(levels, "WEBP", lossless=True, quality=75, method=6, exact=True)


def _picture_bits(levels: Levels, kind: str, **settings: Any) -> float:
    file = io.BytesIO()
    Image.fromarray(levels).save(file, kind, **settings)
    return float(8 * len(file.getvalue()) / levels[..., 0].size)


def lzma_bits(text: str) -> float:
    """A character's share of the text under LZMA without a container. On short texts, where there
    is little to refer back to, it says more about the alphabet than about the text."""
    best = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME}]
    packed = lzma.compress(text.encode(), format=lzma.FORMAT_RAW, filters=best)
    return 8 * len(packed) / len(text)


def writers_bits(text: str) -> float:
    """A character's share of the text under the better of the two writers that ship, and one bit
    that says which: a language model is a codec (Shannon 1951, "Prediction and entropy of printed
    English"). What neither has read costs as much as naming one of all characters there are."""
    return (1 + min(_written_bits(name, text) for name in WRITERS)) / len(text)


def _written_bits(name: str, text: str) -> float:
    import torch
    from torch.nn import functional as F

    writer = _writer(name)
    numbers = writer.alphabet.numbers("\n\n" + text.translate(PLAIN_QUOTES))
    with torch.no_grad():
        logits, _ = writer.network(numbers[None, :-1])
    # The first of the two line ends is where every text begins, and is free.
    nats = F.cross_entropy(logits[0, 1:], numbers[2:], reduction="sum")
    unknown = int((numbers[2:] == 0).sum())
    return float(nats) / math.log(2) + unknown * math.log2(sys.maxunicode + 1)


@cache
def _writer(name: str) -> Writer:
    from generators.nets.written import open_writer

    return open_writer(name)


PICTURE_CODECS: dict[str, Callable[[Levels], float]] = {"png": png_bits, "webp": webp_bits}
TEXT_CODECS: dict[str, Callable[[str], float]] = {"lzma": lzma_bits, "writers": writers_bits}


def picture_features(picture: Tensor) -> Floats:
    """Mean and deviation of each unit over all places, every layer with the same weight, so that
    a picture turned, mirrored or cropped stays near itself.

    Always in float32 on the CPU: the numbers of a work must not depend on who measured it.
    """
    import torch

    with torch.no_grad():
        answers = _network()(picture[None])
    parts = []
    for layer in LAYERS:
        deviation, mean = torch.std_mean(answers[layer][0], dim=(1, 2), correction=0)
        parts.append(_unit(torch.cat([mean, deviation]).numpy()))
    return _unit(np.concatenate(parts))


@cache
def _network() -> FeatureNetwork:
    from generators.nets.features import open_network

    network = open_network("tiny-robust", LAYERS)
    network.precise = True
    return network


def text_features(text: str) -> Floats:
    """How often each three-letter sequence occurs, hashed. Case and line ends do not count, and
    the square root keeps the commonest from ruling."""
    plain = f" {' '.join(text.lower().split())} "
    grams = Counter(plain[i : i + NGRAM] for i in range(max(1, len(plain) - NGRAM + 1)))
    features = np.zeros(BUCKETS, np.float32)
    for gram, count in grams.items():
        features[zlib.crc32(gram.encode()) % BUCKETS] += math.sqrt(count)
    return _unit(features)


def compare(features: Floats, earlier: Floats) -> Compared:
    """A work's `features` (D,) among those of earlier works, (N, D), oldest first.

    Of several that are equally near, the oldest is the nearest. Without earlier works nothing is
    known, and with fewer than NEIGHBOURS neither novelty nor typicality.
    """
    if not len(earlier):
        return Compared()
    distances = 1 - earlier.astype(np.float64) @ features
    nearest = int(distances.argmin())
    known = Compared(nearest, _within(distances[nearest], 0, 2))
    if len(earlier) < NEIGHBOURS:
        return known
    near = np.sort(distances)[:NEIGHBOURS].mean()
    likeness = float(_unit(earlier.mean(axis=0)) @ features)
    return Compared(known.nearest, known.distance, _within(near, 0, 2), _within(likeness, -1, 1))


def _unit(features: Floats) -> Floats:
    length = float(np.linalg.norm(features))
    return (features / length if length > 0 else features).astype(np.float32)


def _within(value: float, least: float, most: float) -> float:
    """Without what rounding put beyond the ends."""
    return float(min(max(value, least), most))

"""Texts shuffled, and drawn from counts of what follows what.

C. E. Shannon: A Mathematical Theory of Communication. Bell System Technical Journal 27, 1948,
section 3: approximations to English of order 0 and higher, by characters and by words.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

import torch


def choice(count: int, rng: torch.Generator) -> int:
    """One of 0..count-1, equally likely."""
    return int(torch.randint(count, (), generator=rng))


def passage(pieces: Sequence[str], length: int, rng: torch.Generator) -> list[str]:
    """Whole pieces in a row of at most `length` signs, and of about as many where there are more:
    all of a short text, or the beginning of one of its lines and what follows, drawn at random."""
    sizes = [len(piece) for piece in pieces]
    left = sum(sizes)
    starts = []
    for index, size in enumerate(sizes):
        if index == 0 or (left >= length and "\n" in pieces[index - 1]):
            starts.append(index)
        left -= size
    kept: list[str] = []
    room = length
    for piece in pieces[starts[choice(len(starts), rng)] :]:
        room -= len(piece)
        if room < 0:
            break
        kept.append(piece)
    while kept and kept[-1].isspace():
        kept.pop()
    return kept


def shuffled(pieces: Sequence[str], rng: torch.Generator) -> tuple[list[str], float]:
    """The pieces in an order drawn at random, and the bits that drew it.

    Spaces and line ends stay where they are, so that lines and paragraphs do as well.
    """
    visible = [index for index, piece in enumerate(pieces) if not piece.isspace()]
    order = torch.randperm(len(visible), generator=rng).tolist()
    mixed = list(pieces)
    for index, other in zip(visible, order, strict=True):
        mixed[index] = pieces[visible[other]]
    alike = Counter(pieces[index] for index in visible)
    orders = math.lgamma(len(visible) + 1) - sum(math.lgamma(n + 1) for n in alike.values())
    return mixed, orders / math.log(2)


class Chain:
    """What follows each `order` symbols in a row, and how often.

    The text counts as a ring, so that something follows everywhere, and so that what is drawn has
    in the long run the text's own counts of `order` + 1 symbols in a row. The symbols must hold a
    line end: it is after one that drawing begins.
    """

    def __init__(self, symbols: Sequence[str], order: int) -> None:
        self.order = order
        self.counts: dict[tuple[str, ...], Counter[str]] = {}
        self.starts: list[tuple[str, ...]] = []
        before = deque(symbols[-order:] if order else (), maxlen=order)
        last = symbols[-1]
        for symbol in symbols:
            context = tuple(before)
            self.counts.setdefault(context, Counter())[symbol] += 1
            if last == "\n":
                self.starts.append(context)
            before.append(symbol)
            last = symbol

    @property
    def bits(self) -> float:
        """Bits that chance decides in one symbol, on average: the entropy rate."""
        lost = sum(_surplus(counter.values()) for counter in self.counts.values())
        return lost / sum(counter.total() for counter in self.counts.values())

    def draw(self, rng: torch.Generator) -> Iterator[tuple[str, float]]:
        """Yield symbols without end, each with the bits that drew it."""
        before = deque(self.starts[choice(len(self.starts), rng)], maxlen=self.order)
        while True:
            counter = self.counts[tuple(before)]
            totals = list(accumulate(counter.values()))
            symbol = list(counter)[bisect_right(totals, choice(totals[-1], rng))]
            yield symbol, math.log2(totals[-1] / counter[symbol])
            before.append(symbol)


def _surplus(counts: Iterable[int]) -> float:
    """The entropy of these counts in bits, times their sum."""
    counts = list(counts)
    total = sum(counts)
    return sum(count * math.log2(total / count) for count in counts)

"""The longest span of a new text that stands word for word in the texts it was learnt from.

A writer's file cannot hold those texts. It holds hashes of all their spans of SPAN characters: a
copied passage of n >= SPAN characters shows as n - SPAN + 1 known spans in a row. Two different
spans share a 32-bit hash once in four thousand million times; a million spans then make one in four
thousand look known, and a run of them next to never.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

SPAN = 12  # characters; shorter echoes are the language's, not the author's
BASE = np.uint64(1_099_511_628_211)  # odd, so that its powers never end
MIX = np.uint64(0x9E37_79B9_7F4A_7C15)


def spans_of(text: str) -> Tensor:
    """The sorted hashes of all spans of SPAN characters, each once: (n,) int32."""
    return torch.from_numpy(np.unique(_hashes(text)).view(np.int32).copy())


def longest_copy(text: str, spans: Tensor) -> tuple[int, int]:
    """(start, length) in characters of the longest copied span; (0, 0) if none has SPAN."""
    hashes = _hashes(text)
    table = spans.numpy().view(np.uint32)
    if not len(hashes) or not len(table):
        return 0, 0
    at = np.searchsorted(table, hashes).clip(max=len(table) - 1)
    known = table[at] == hashes
    edges = np.flatnonzero(np.diff(np.concatenate([[0], known.view(np.int8), [0]])))
    if not len(edges):
        return 0, 0
    starts, ends = edges[::2], edges[1::2]
    longest = int(np.argmax(ends - starts))
    return int(starts[longest]), int(ends[longest] - starts[longest]) + SPAN - 1


def _hashes(text: str) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    """One for each span: the top bits of a polynomial in its characters, modulo 2**64."""
    points = np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.uint64)
    count = len(points) - SPAN + 1
    if count < 1:
        return np.zeros(0, np.uint32)
    total = np.zeros(count, np.uint64)
    with np.errstate(over="ignore"):
        for place in range(SPAN):
            total = total * BASE + points[place : place + count]
        total = (total ^ (total >> np.uint64(29))) * MIX
    return (total >> np.uint64(32)).astype(np.uint32)

"""Letters: the anchors of the scale for texts.

* uniform letters: 26 letters and the space, all equally likely, each drawn independently.
* english frequencies: the same with the letters' and the space's shares in English prose.
* one phrase: a plain phrase, drawn by the seed, over and over.

Lines are broken at spaces at a width drawn by the seed. The text is made at once and shown growing.
"""

import textwrap
from collections.abc import Iterator

import torch

from generators.anchors.params import LettersParams
from generators.frames import Frame

FRAMES = 8

# Letters in English prose, per cent: R. E. Lewand, Cryptological Mathematics (MAA, 2000), p. 36.
ENGLISH = {
    **{"a": 8.167, "b": 1.492, "c": 2.782, "d": 4.253, "e": 12.702, "f": 2.228, "g": 2.015},
    **{"h": 6.094, "i": 6.966, "j": 0.153, "k": 0.772, "l": 4.025, "m": 2.406, "n": 6.749},
    **{"o": 7.507, "p": 1.929, "q": 0.095, "r": 5.987, "s": 6.327, "t": 9.056, "u": 2.758},
    **{"v": 0.978, "w": 2.360, "x": 0.150, "y": 1.974, "z": 0.074},
}
WORD = 4.7  # letters in a mean English word, hence one space to 4.7 letters

THINGS = ("cat", "lamp", "boat", "child", "stone", "bird", "coat", "door")
DEEDS = ("is", "stays", "waits", "rests", "was", "lies", "stands", "sits")
PLACES = ("by the wall", "in the room", "on the hill", "at the gate", "by the sea", "in the sun")


def write(
    p: LettersParams, /, *, seed: int, device: str = "cpu", content: object = None
) -> Iterator[Frame]:
    """Yield FRAMES frames with more and more of the text.

    Letters are always drawn on the CPU, where it is quickest, whatever `device` says. `content` is
    not used.
    """
    rng = torch.Generator().manual_seed(seed)
    text = phrases(p.length, rng) if p.variant == "one phrase" else letters(p, rng)
    for step in range(1, FRAMES + 1):
        yield Frame(step, FRAMES, text=text[: -(-len(text) * step // FRAMES)])


def letters(p: LettersParams, rng: torch.Generator) -> str:
    """At most `p.length` letters, spaces and line ends; drawn independently.

    Spaces that were drawn together are one space."""
    if p.variant == "uniform letters":
        shares = torch.ones(len(ENGLISH) + 1)
    else:
        shares = torch.tensor([*ENGLISH.values(), sum(ENGLISH.values()) / WORD])
    symbols = [*ENGLISH, " "]
    drawn = torch.multinomial(shares, p.length, replacement=True, generator=rng)
    words = "".join(symbols[i] for i in drawn.tolist()).split()
    lines = textwrap.wrap(" ".join(words), 32 + choice(33, rng))
    return "\n".join(lines)[: p.length].rstrip()


def phrases(length: int, rng: torch.Generator) -> str:
    """One phrase on as many lines as `length` characters hold."""
    words = (pool[choice(len(pool), rng)] for pool in (THINGS, DEEDS, PLACES))
    phrase = "the " + " ".join(words)
    return "\n".join([phrase] * ((length + 1) // (len(phrase) + 1)))


def choice(count: int, rng: torch.Generator) -> int:
    """One of 0..count-1, equally likely."""
    return int(torch.randint(count, (), generator=rng))

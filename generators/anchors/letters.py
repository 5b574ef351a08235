"""Letters: the anchors of the scale for texts, and controls matched to one text.

* uniform letters: 26 letters and the space, all equally likely, each drawn independently.
* english frequencies: the same with the letters' and the space's shares in English prose.
* one phrase: a plain phrase, drawn by the seed, over and over.
* shuffled words, shuffled characters: those of a passage of the content in another order. Its
  spaces and line ends stay, so that verse is as long as it was.
* drawn words, drawn characters: each drawn as often as it follows the `order` before it in the
  content. Line ends are drawn with them; words are parted by one space.

Where there is no content, lines are broken at spaces at a width drawn by the seed. The text is made
at once and shown growing.
"""

import re
import textwrap
import unicodedata
from collections.abc import Iterator

import torch
from torch import Tensor

from generators.anchors.chains import Chain, choice, passage, shuffled
from generators.anchors.params import DRAWN, LettersParams
from generators.frames import Frame
from generators.refused import Refused
from generators.texts import characters, is_spaceless, usable_text, words

FRAMES = 8
LEAST_WORDS = 4
LEAST_BITS = 16.0  # that chance decides in a text, on average: with fewer, most are the same

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
    p: LettersParams, /, *, seed: int, device: str = "cpu", content: Tensor | str | None = None
) -> Iterator[Frame]:
    """Yield FRAMES frames with more and more of the text.

    Letters are always drawn on the CPU, where it is quickest, whatever `device` says. Raises
    Refused for a content that is missing, cannot be used, or has no part in what is asked for.
    """
    if p.content == "none" and content is not None:
        raise Refused(f"No content has a part in “{p.variant}”: leave it out, or ask for another.")
    rng = torch.Generator().manual_seed(seed)
    if p.content == "none":
        text, facts = phrases(p.length, rng) if p.variant == "one phrase" else letters(p, rng), {}
    else:
        text, bits = made_of(usable_text(content), p, rng)
        facts = {"bits_of_chance": f"{bits:.1f}"}
    shown = characters(text)
    for step in range(1, FRAMES + 1):
        so_far = "".join(shown[: -(-len(shown) * step // FRAMES)])
        yield Frame(step, FRAMES, text=so_far, facts=facts if step == FRAMES else {})


def made_of(pieces: list[str], p: LettersParams, rng: torch.Generator) -> tuple[str, float]:
    """A text from what another consists of, as NFC, and the bits that chance decided."""
    by_words = p.variant.endswith("words")
    if by_words:
        pieces = words(pieces)
        check_words([piece for piece in pieces if not piece.isspace()])
    if p.variant.startswith(DRAWN):
        text, bits = drawn(pieces, p, rng)
    else:
        mixed, bits = shuffled(passage(pieces, p.length, rng), rng)
        text = "".join(mixed)
    text = unicodedata.normalize("NFC", text)  # pieces that never met before may combine
    if not text.strip():
        raise Refused("Nothing of this text fits the length: ask for more characters.")
    return text, bits


def check_words(found: list[str]) -> None:
    """Raises Refused where there is nothing to shuffle or to draw from."""
    if len(found) < LEAST_WORDS:
        raise Refused(f"This text is too short: choose one of at least {LEAST_WORDS} words.")
    if len(set(found)) == 1:
        raise Refused("This text is one word over and over: choose one in which there is more.")


def drawn(pieces: list[str], p: LettersParams, rng: torch.Generator) -> tuple[str, float]:
    """At most `p.length` signs from the chain of these characters, or of these words and the line
    ends between them, and the bits that drew them.

    Raises Refused where the chain would hardly do more than copy.
    """
    by_words = p.variant.endswith("words")
    if by_words:
        pieces = [
            symbol
            for piece in pieces
            for symbol in ("\n" * piece.count("\n") if piece.isspace() else [piece])
        ]
    chain = Chain([*pieces, "\n"], p.order)
    signs = sum(map(len, pieces)) / len(pieces) + by_words  # to a symbol
    if chain.bits * p.length / signs < LEAST_BITS:
        advice = "lower the order, or choose a longer text" if p.order else "choose another text"
        raise Refused(
            f"At order {p.order} this text leaves almost nothing to chance and would be copied: "
            f"{advice}."
        )
    text, bits = "", 0.0
    for symbol, its_bits in chain.draw(rng):
        longer = text + (between(text, symbol) if by_words else "") + symbol
        if len(longer) > p.length:
            break
        text, bits = longer, bits + its_bits
    text = re.sub(r"[^\S\n]+$", "", text, flags=re.MULTILINE)
    return re.sub("\n{4,}", "\n\n\n", text).strip("\n"), bits


def between(text: str, word: str) -> str:
    """What parts a word, or a line end, from the text before it."""
    if not text or "\n" in (text[-1], word) or is_spaceless(text[-1]) or is_spaceless(word):
        return ""
    return " "


def letters(p: LettersParams, rng: torch.Generator) -> str:
    """At most `p.length` letters, spaces and line ends; drawn independently.

    Spaces that were drawn together are one space."""
    if p.variant == "uniform letters":
        shares = torch.ones(len(ENGLISH) + 1)
    else:
        shares = torch.tensor([*ENGLISH.values(), sum(ENGLISH.values()) / WORD])
    symbols = [*ENGLISH, " "]
    indices = torch.multinomial(shares, p.length, replacement=True, generator=rng)
    parted = "".join(symbols[i] for i in indices.tolist()).split()
    lines = textwrap.wrap(" ".join(parted), 32 + choice(33, rng))
    return "\n".join(lines)[: p.length].rstrip()


def phrases(length: int, rng: torch.Generator) -> str:
    """One phrase on as many lines as `length` characters hold."""
    parts = (pool[choice(len(pool), rng)] for pool in (THINGS, DEEDS, PLACES))
    phrase = "the " + " ".join(parts)
    return "\n".join([phrase] * ((length + 1) // (len(phrase) + 1)))

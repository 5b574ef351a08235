"""Character RNN: write on as the network's reading makes likely.

After Karpathy 2015, "The unreasonable effectiveness of recurrent neural networks". Each character
is drawn from what the network expects after all before it; `temperature` says how closely.

A piece begins as if after a blank line. It ends where a paragraph does, once it is long enough; a
piece that reaches its longest length is cut at the last end of a sentence, of a line, or of a word.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from torch import Tensor

from generators.char_rnn.params import CharRNNParams
from generators.copied import longest_copy
from generators.frames import Frame
from generators.nets.written import Writer, open_writer
from generators.refused import Refused
from generators.sampling import Sampler, draw

FRAMES = 24
BEFORE = "\n\n"  # what a piece begins after, and what ends it
STOPS = ".!?;"  # where white space follows
WIDE_STOPS = "。！？；"
CLOSERS = "\"'”’)]」』"


def write(
    p: CharRNNParams, /, *, seed: int, device: str = "cpu", content: object = None
) -> Iterator[Frame]:
    """Yield frames with more and more of one piece.

    It is always drawn on the CPU, where that is quickest, whatever `device` says. `content` is not
    used. Raises Refused for a writer that cannot be had and for first words that it cannot read.
    """
    writer = open_writer(p.writer)
    sampler = Sampler(writer)
    state = primed(sampler, writer, p.prompt)
    drawn = draw(
        sampler,
        state,
        [seed],
        p.longest - len(p.prompt),
        temperature=p.temperature,
        nucleus=p.nucleus,
    )
    written = writer.alphabet.text(drawn.numbers[0].tolist())
    kept = ending(written, p.shortest - len(p.prompt))
    piece = p.prompt + written[:kept]
    begins, copied = longest_copy(piece, writer.spans)
    facts = {
        "writer": writer.name,
        "weights_sha256": writer.sha256,
        "bits_of_chance": f"{float(drawn.chance[0, :kept].sum()):.3f}",
        "surprisal": told(len(p.prompt), drawn.surprisal[0, :kept].tolist()),
        "copy_begins": str(begins),
        "copied": str(copied),
    }
    for step in range(1, FRAMES + 1):
        shown = piece[: math.ceil(len(piece) * step / FRAMES)]
        yield Frame(step, FRAMES, text=shown, facts=facts if step == FRAMES else {})


def primed(sampler: Sampler, writer: Writer, prompt: str) -> Tensor:
    """The state (1, units) after a blank line and the first words.

    Raises Refused for characters that the writer has never read.
    """
    strange = sorted(set(prompt) - set(writer.alphabet.characters[1:]))
    if strange:
        raise Refused(f"The writer has never read {' '.join(strange)}: choose other first words.")
    state = sampler.blank(1)
    for number in writer.alphabet.numbers(BEFORE + prompt):
        state = sampler.read(number[None], state)
    return state


def ending(text: str, shortest: int) -> int:
    """How many characters of a text to keep, from `shortest` on if it has a good place there."""
    shortest = max(1, shortest)
    end = text.find(BEFORE, shortest)
    if end >= 0:
        return len(text[:end].rstrip())
    for place in range(len(text.rstrip()), shortest, -1):
        before = text[:place].rstrip(CLOSERS)
        stop, after = before[-1:], text[place : place + 1]
        if stop and (stop in WIDE_STOPS or (stop in STOPS and after in ("", " ", "\n"))):
            return place
    for mark in ("\n", " "):
        place = text.rfind(mark, shortest)
        if place > 0:
            return len(text[:place].rstrip()) or place
    return len(text)


def told(prompt: int, surprisal: Sequence[float]) -> str:
    """Surprisal of each character in tenths of bits, for a work's record; the first words, which
    nobody drew, have none."""
    return " ".join(["-"] * prompt + [str(round(10 * bits)) for bits in surprisal])

"""Long texts split into passages that can hang: poems, sonnets, scenes, functions.

Pure functions from a text to its passages. They cut between lines only, leave out the headings that
would tell a blind reader where a passage is from, and say of what they leave why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile
from textwrap import dedent, shorten

from gallery.works.functions import functions
from gallery.works.texts import LINE_ENDS

NUMERAL = r"(?:[IVXLC]+|[0-9]{1,4})"
NUMBERED = re.compile(rf"[ \t]*({NUMERAL})\.?[ \t]*")
ACT = re.compile(rf"[ \t]*ACT[ \t]+({NUMERAL})\b.*", re.IGNORECASE)
SCENE = re.compile(rf"[ \t]*SCENE[ \t]+({NUMERAL})\b.*", re.IGNORECASE)
APART = re.compile(r"[ \t]*(PROLOGUE|EPILOGUE|INDUCTION)\.?[ \t]*")
ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
SONNET_LINES = range(12, 16)  # fourteen, save two of Shakespeare's: 99 has fifteen, 126 twelve
NAME_LENGTH = 80  # characters of a first line that stands for a title


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a text. `where` says which, for its title; `maker` only if the part itself does."""

    where: str
    text: str
    maker: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """What is no passage, and why, as the end of a sentence."""

    where: str
    reason: str


Found = Iterator[Passage | Left]


@dataclass(frozen=True, slots=True)
class Layout:
    """How the poems of a text stand apart: by `gap` or more empty lines, each after lines that are
    none of it, which `headings` calls “title”, “maker” or “” in their order."""

    gap: int = 1
    headings: tuple[str, ...] = ()


def passages(text: str, rule: str, layout: Layout | None = None) -> Found:
    """The passages of a text by one of RULES, in their order, and what the rule leaves.

    Passages end with a line end, and are moved to the left as far as they go together.
    """
    empty = True
    for found in RULES[rule](LINE_ENDS.sub("\n", text), layout or Layout()):
        empty = False
        yield found if isinstance(found, Left) else replace(found, text=_trimmed(found.text))
    if empty:
        yield Left("", f"the rule “{rule}” finds nothing in it")


def _trimmed(text: str) -> str:
    return dedent(text.expandtabs(4)).strip("\n").rstrip() + "\n"


def whole(text: str, _layout: Layout) -> Found:
    """The text as it is."""
    yield Passage("", text)


def poems(text: str, layout: Layout) -> Found:
    """What stands between empty lines.

    A number, a line in capitals or a note in brackets on top is no part of a poem. Without a title,
    the first line names it, as is the custom.
    """
    blocks = re.split(rf"\n(?:[ \t]*\n){{{layout.gap},}}", text.strip("\n"))
    for number, block in enumerate(blocks, start=1):
        lines = [line.rstrip() for line in block.split("\n")]
        said: dict[str, str] = {}
        for heading in layout.headings:
            while lines and not lines[0].strip():
                lines.pop(0)
            if lines:
                said[heading] = lines.pop(0).strip()
        title, body = _below_headings("\n".join(lines))
        title = said.get("title", "") or title
        if not body.strip():
            yield Left(title or _first_words(block, number), "there are no lines below the heading")
        else:
            yield Passage(title or _first_words(body, number), body, said.get("maker", ""))


def _first_words(text: str, number: int) -> str:
    """The first line, as far as a title may reach; if not even a word fits, its number."""
    line = text.strip().split("\n")[0]
    short = shorten(line, NAME_LENGTH, placeholder="…")
    return str(number) if short in {"", "…"} else short.rstrip(",;:")


def _below_headings(text: str) -> tuple[str, str]:
    """The title on top of a poem, or else its number, or nothing; and the poem."""
    title = number = ""
    rest = text.strip("\n")
    while True:
        top, _gap, below = rest.partition("\n\n")
        heading = " ".join(top.split())
        if NUMBERED.fullmatch(top):
            number = heading.rstrip(".")
        elif heading.startswith("[") and heading.endswith("]"):
            pass
        elif "\n" not in top.strip("\n") and heading.isupper():
            title = heading.rstrip(".")
        else:
            return title or number, rest
        rest = below.lstrip("\n")


def sonnets(text: str, _layout: Layout) -> Found:
    """What stands under a number that has a line of its own, of a sonnet's length."""
    lines = text.split("\n")
    heads = [n for n, line in enumerate(lines) if NUMBERED.fullmatch(line)]
    if heads and any(line.strip() for line in lines[: heads[0]]):
        yield Left(f"lines 1 to {heads[0]}", "they stand before the first number")
    for head, end in pairwise([*heads, len(lines)]):
        where = str(_number(lines[head].strip(" \t.")))
        count = sum(bool(line.strip()) for line in lines[head + 1 : end])
        if count in SONNET_LINES:
            yield Passage(where, "\n".join(lines[head + 1 : end]))
        else:
            yield Left(where, f"it has {count} lines, and a sonnet has 14")


def _number(numeral: str) -> int:
    """A Roman or Arabic numeral's number."""
    if numeral.isdigit():
        return int(numeral)
    values = [ROMAN[letter] for letter in numeral]
    less = (value for value, after in pairwise(values) if value < after)
    return sum(values) - 2 * sum(less)


def scenes(text: str, _layout: Layout) -> Found:
    """What stands under a heading SCENE with a number, or PROLOGUE, EPILOGUE, INDUCTION, up to the
    next of these or the next ACT. A line that repeats the play's title is left out."""
    lines = text.split("\n")
    play = next((line.strip() for line in lines if line.strip()), "")
    act, where, body, begun = "", "", list[str](), False
    for line in [*lines, "ACT 0"]:  # a last heading closes the last scene
        heading = ACT.fullmatch(line) or SCENE.fullmatch(line) or APART.fullmatch(line)
        if heading is None:
            body.append(line)
            continue
        yield from _scene(act, where, body, play, begun=begun)
        begun, body = True, []
        if ACT.fullmatch(line):
            act, where = f"Act {heading[1].upper()}", ""
        elif SCENE.fullmatch(line):
            where = f"Scene {heading[1].upper()}"
        else:
            where = heading[1].capitalize()


def _scene(act: str, where: str, body: list[str], play: str, *, begun: bool) -> Found:
    """A scene from the lines under its heading, of which the first, if indented, go on with it."""
    if begun:
        body = body[len(list(takewhile(lambda line: line[:1] in " \t" and line.strip(), body))) :]
    count = len(body)
    body = [line for line in body if line.strip() != play]
    said = any(line.strip() for line in body)
    if where and not said:
        yield Left(", ".join(filter(None, (act, where))), "there are no lines below the heading")
    elif where:
        yield Passage(", ".join(filter(None, (act, where))), "\n".join(body))
    elif said:
        yield Left(act or f"lines 1 to {count}", "it stands under no heading of a scene")


def code(text: str, _layout: Layout) -> Found:
    """Whole functions of a program, by `functions`."""
    for name, source in functions(text):
        yield Passage(name, source)


RULES: dict[str, Callable[[str, Layout], Found]] = {
    "whole": whole,
    "poem": poems,
    "sonnet": sonnets,
    "scene": scenes,
    "function": code,
}

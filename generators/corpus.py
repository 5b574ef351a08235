"""Texts to learn from: read as UTF-8 or refused, and spelled with one number to a character."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from generators.char_rnn.params import FEWEST_CHARACTERS, MOST_CHARACTERS
from generators.refused import Refused

LEAST, MOST = FEWEST_CHARACTERS, MOST_CHARACTERS  # of one collection; MOST also in bytes
LARGEST_ALPHABET = 8_000
UNKNOWN = "\ufffd"  # stands for all characters that are too rare to be learnt; never written
RARE = 2  # times a character occurs in the text at least, or is UNKNOWN
SUFFIXES = (".txt", ".py", ".c", ".h", ".md")


@dataclass(frozen=True)
class Alphabet:
    """The characters that a network knows, by number; UNKNOWN is number 0."""

    characters: str

    @classmethod
    def of(cls, text: str) -> Alphabet:
        """The characters of a text, those that occur often first.

        Raises Refused for a text of one character, or of more than LARGEST_ALPHABET.
        """
        counted = Counter(text).most_common()
        known = [character for character, times in counted if times >= RARE]
        if len(known) < 2:
            raise Refused("The text repeats one character: there is nothing to learn from it.")
        if len(known) > LARGEST_ALPHABET:
            raise Refused(
                f"The text has {len(known):,} different characters; at most {LARGEST_ALPHABET:,} "
                "can be learnt. Is it a text?"
            )
        return cls(UNKNOWN + "".join(c for c in known if c != UNKNOWN))

    def __len__(self) -> int:
        return len(self.characters)

    def numbers(self, text: str) -> Tensor:
        """(n,) int64, one to a character."""
        known = {character: number for number, character in enumerate(self.characters)}
        return torch.tensor([known.get(character, 0) for character in text], dtype=torch.int64)

    def text(self, numbers: Iterable[int]) -> str:
        return "".join(self.characters[number] for number in numbers)


def collected(texts: Sequence[str], what: str = "The text") -> str:
    """Texts as one, normalised (NFC, line ends of one kind), a blank line between them.

    Raises Refused for texts that hold too little, too much, or no text at all.
    """
    joined = "\n\n".join(
        unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
        .removeprefix("\ufeff")
        .strip("\n")
        for text in texts
    )
    if "\0" in joined:
        raise Refused(f"{what} holds bytes that are no text: choose text files.")
    if len(joined.strip()) < LEAST:
        raise Refused(
            f"{what} has {len(joined.strip()):,} characters: at least {LEAST:,} are needed to "
            "learn from."
        )
    if len(joined) > MOST:
        raise Refused(f"{what} has more than {MOST:,} characters: choose less.")
    return joined + "\n"


def read_texts(paths: Sequence[Path]) -> list[str]:
    """The text files named, and those in the folders named, sorted by name.

    Raises Refused, naming the file, for what is missing or not UTF-8.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            found = sorted(p for p in path.rglob("*") if p.suffix in SUFFIXES and p.is_file())
            if not found:
                raise Refused(f"{path} holds no text files ({', '.join(SUFFIXES)}).")
            files += found
        elif path.is_file():
            files.append(path)
        else:
            raise Refused(f"There is no file or folder {path}.")
    if sum(file.stat().st_size for file in files) > MOST:
        raise Refused(f"These files have more than {MOST:,} bytes: choose fewer.")
    return [_read(file) for file in files]


def _read(file: Path) -> str:
    data = file.read_bytes()
    if b"\0" in data:
        raise Refused(f"{file} is not a text: it holds zero bytes.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(
            f"{file} is not UTF-8: byte {error.start + 1:,} cannot be read. Save it as UTF-8."
        ) from None

"""Texts to start from. What is one character to a reader is never taken apart. Torch-free."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from generators.refused import Refused

MOST_BYTES = 2_000_000  # of a file: counting what follows what in more takes minutes
JOINER = "\u200d"  # joins the picture before it with the one after it


def read_text(path: Path) -> str:
    """A UTF-8 file as NFC with plain line ends. Raises Refused, and says which byte is none."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refused(f"{path.name} is too large: use a text of at most 2 MB.")
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise Refused(f"There is no file {path}.") from None
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        byte = f"byte {error.start + 1} is {error.object[error.start]:#04x}"
        raise Refused(f"{path.name} is not UTF-8: {byte}. Save it as UTF-8.") from None
    if "\0" in text:
        raise Refused(f"{path.name} contains NUL, so it is no text: use a text.")
    lines = ("".join(map(_printable, line)) for line in text.splitlines())
    return unicodedata.normalize("NFC", "\n".join(lines))


def _printable(sign: str) -> str:
    """Nothing for a control sign: it would steer the terminal that shows the result."""
    return sign if sign == "\t" or unicodedata.category(sign) != "Cc" else ""


def characters(text: str) -> list[str]:
    """The text in pieces, each one character to a reader: a letter with its marks, a joined emoji,
    a flag, a syllable of jamo.

    What matters here of Unicode's annex 29 (extended grapheme clusters); whoever joins the pieces
    has the text again.
    """
    pieces: list[str] = []
    for sign in text:
        if pieces and _belongs(pieces[-1], sign):
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces


def _belongs(before: str, sign: str) -> bool:
    """Whether `sign` goes on with the piece `before`."""
    if before.isspace():
        return False  # a mark that stands alone: to no reader is it part of a line end
    if sign == JOINER or unicodedata.category(sign) in {"Mn", "Mc", "Me"} or _is_tone(sign):
        return True
    if before[-1] == JOINER:
        return unicodedata.category(sign) == "So"
    if _is_flag_half(sign):
        return len(before) == 1 and _is_flag_half(before)
    return (_jamo(before[-1])[-1] + _jamo(sign)[0]) in {"LL", "LV", "LS", "VV", "VT", "TT"}


def _is_tone(sign: str) -> bool:
    """A skin's colour, or the invisible letters in the flags of regions."""
    return "\U0001f3fb" <= sign <= "\U0001f3ff" or "\U000e0020" <= sign <= "\U000e007f"


def _is_flag_half(sign: str) -> bool:
    return "\U0001f1e6" <= sign <= "\U0001f1ff"


def _jamo(sign: str) -> str:
    """L, V or T for a part of a Korean syllable; a whole syllable is S and what it ends in."""
    code = ord(sign)
    if 0xAC00 <= code <= 0xD7A3:
        return "SV" if (code - 0xAC00) % 28 == 0 else "ST"
    ranges = {"L": (0x1100, 0x115F), "V": (0x1160, 0x11A7), "T": (0x11A8, 0x11FF)}
    return next((kind for kind, (first, last) in ranges.items() if first <= code <= last), "?")


LEAST_LETTERS = 20  # of a text: with fewer there is little to shuffle, and nothing to count


def usable_text(text: object) -> list[str]:
    """The characters of a text to start from, as NFC. Raises Refused for what is no text, or has
    too little in it."""
    if not isinstance(text, str):
        raise Refused("This works on a text: give it one.")
    pieces = characters(unicodedata.normalize("NFC", text).strip("\n"))
    visible = [piece for piece in pieces if not piece.isspace()]
    if len(visible) < LEAST_LETTERS:
        raise Refused(f"This text is too short: choose one of at least {LEAST_LETTERS} letters.")
    if len(set(visible)) == 1:
        raise Refused("This text is one letter over and over: choose one in which there is more.")
    return pieces


# Blocks of scripts that are written without spaces between words, and of their punctuation.
SPACELESS = (
    ("\u0e00", "\u0eff"),  # Thai, Lao
    ("\u1000", "\u109f"),  # Burmese
    ("\u1780", "\u17ff"),  # Khmer
    ("\u3000", "\u30ff"),  # Chinese and Japanese punctuation, kana
    ("\u31f0", "\u31ff"),
    ("\u3400", "\u9fff"),  # Han
    ("\uf900", "\ufaff"),
    ("\uff00", "\uffef"),  # full width
    ("\U00020000", "\U0003ffff"),
)


def is_spaceless(piece: str) -> bool:
    """Whether a character is of a script that is written without spaces."""
    return any(first <= piece[0] <= last for first, last in SPACELESS)


def words(pieces: list[str]) -> list[str]:
    """The same text in words and, between them, runs of spaces and line ends.

    A word is what stands between spaces, its punctuation with it. In scripts without spaces each
    character counts as a word: without a dictionary there is no telling.
    """
    found: list[str] = []
    open_kind = ""  # what the last piece of `found` is, while it may go on
    for piece in pieces:
        kind = "space" if piece.isspace() else "" if is_spaceless(piece) else "word"
        if kind and kind == open_kind:
            found[-1] += piece
        else:
            found.append(piece)
        open_kind = kind
    return found

"""Texts to start from. What is one character to a reader is never taken apart. Torch-free."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from generators.refused import Refused

MOST_BYTES = 10_000_000  # of a file: a library's worth of plays; counting more takes minutes
JOINER = "\u200d"  # joins the picture before it with the one after it


def read_text(path: Path) -> str:
    """A UTF-8 file as NFC with plain line ends. Raises Refused, and says which byte is none."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refused(f"{path.name} is too large: use a text of at most 10 MB.")
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
    return unicodedata.normalize("NFC", "\n".join(text.splitlines()))


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
    return _jamo(before[-1]) + _jamo(sign) in {"LL", "LV", "VV", "VT", "TT"}


def _is_tone(sign: str) -> bool:
    """A skin's colour, or the invisible letters in the flags of regions."""
    return "\U0001f3fb" <= sign <= "\U0001f3ff" or "\U000e0020" <= sign <= "\U000e007f"


def _is_flag_half(sign: str) -> bool:
    return "\U0001f1e6" <= sign <= "\U0001f1ff"


def _jamo(sign: str) -> str:
    """L, V or T for a part of a Korean syllable; a whole syllable counts as what it ends in."""
    code = ord(sign)
    if 0xAC00 <= code <= 0xD7A3:
        return "V" if (code - 0xAC00) % 28 == 0 else "T"
    ranges = {"L": (0x1100, 0x115F), "V": (0x1160, 0x11A7), "T": (0x11A8, 0x11FF)}
    return next((kind for kind, (first, last) in ranges.items() if first <= code <= last), "?")

"""Texts, normalised so that typography does not tell who wrote them.

Everything is led to the typewriter's signs, because a network that learns from plain text, and all
program code, knows no others; the opposite direction would need to guess.
"""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

MOST_BYTES = 20_000
MOST_LINES = 4_000
MOST_MARKS = 4  # combining marks on one letter; more are a prank that hides the lines above
TAB = 4

LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
SIGNS = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2212", "-")
    | dict.fromkeys("\u2013\u2014\u2015", "--")
    | {"\u2026": "...", "\u3000": "  "}
)
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
JOINERS = "\u200c\u200d"  # letters of several scripts, and some emoji, are made with them


class TextRefused(ValueError):
    """The message is a sentence for the person who sent the text."""


def read_text(data: bytes) -> str:
    """The normalised text of a UTF-8 file. Raises TextRefused."""
    _check_length(data)
    text = normalised(decoded(data))
    if not text:
        raise TextRefused(_("This text is empty. Write something, then send it."))
    _check_length(text.encode())
    if text.count("\n") > MOST_LINES:
        raise TextRefused(
            _("This text has more than %(limit)d lines. Choose a passage and send that.")
            % {"limit": MOST_LINES}
        )
    return text


def decoded(data: bytes) -> str:
    """A UTF-8 file as it is, less its byte order mark. Raises TextRefused."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TextRefused(
            _(
                "This text could not be read: byte %(place)d (%(byte)s) is not UTF-8. Save it as "
                "UTF-8 and try again."
            )
            % {"place": error.start + 1, "byte": f"0x{error.object[error.start]:02x}"}
        ) from None
    if "\0" in text:
        raise TextRefused(_("This text could not be read: it contains NUL, so it is no text."))
    return text


def _check_length(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise TextRefused(
            _("This text is longer than %(limit)d kB. Choose a passage and send that.")
            % {"limit": MOST_BYTES // 1000}
        )


def normalised(text: str) -> str:
    """One style of quotes, dashes, spaces and line ends; NFC; no signs that steer the display.

    Lines end without spaces, at most two empty lines follow each other, none stands at the start
    or the end, and the last line is closed. Normalising twice changes nothing more. Empty where
    nothing visible is left.
    """
    text = unicodedata.normalize("NFC", LINE_ENDS.sub("\n", text)).translate(SIGNS)
    text = "".join(_sign(sign) for sign in text).expandtabs(TAB)
    text = _capped_marks(unicodedata.normalize("NFC", text))
    text = re.sub(" +$", "", text, flags=re.MULTILINE)
    text = re.sub("\n{4,}", "\n\n\n", text).strip("\n")
    return f"{text}\n" if text.strip() else ""


def one_line(text: str) -> str:
    """A label's text: no line ends and no signs that steer the display; typography is kept."""
    clean = "".join(_sign(sign) for sign in unicodedata.normalize("NFC", text))
    return _capped_marks(unicodedata.normalize("NFC", " ".join(clean.split())))


def fit_for_xml(text: str) -> str:
    """Without the signs that XML has no way to write: its recommendation 1.0, section 2.2."""
    return NOT_XML.sub("", text)


def _sign(sign: str) -> str:
    """Spaces become the one space; controls, bidi overrides and other unseen signs vanish."""
    category = unicodedata.category(sign)
    if sign in "\n\t" + JOINERS:
        return sign
    if category == "Zs":
        return " "
    return "" if category in {"Cc", "Cf", "Cs"} else sign


def _capped_marks(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for sign in text:
        marks = marks + 1 if unicodedata.category(sign) in {"Mn", "Me"} else 0
        if marks <= MOST_MARKS:
            kept.append(sign)
    return "".join(kept)

"""How long a work is looked at before its questions open."""

from __future__ import annotations

import re

WORDS_A_MINUTE = 240.0
SIGNS_A_MINUTE = 300.0  # of Chinese or Japanese, where no spaces part the words
SHARE = 0.25  # of the time that reading takes: enough to have begun, too little to be in the way
SIGNS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def reading_ms(text: str) -> float:
    """What reading a text takes, in milliseconds, at an ordinary pace."""
    signs = len(SIGNS.findall(text))
    words = len(SIGNS.sub(" ", text).split())
    return 60_000 * (words / WORDS_A_MINUTE + signs / SIGNS_A_MINUTE)


def look_ms(text: str, least: int) -> int:
    """Milliseconds before the answers to a text open, or to a picture where there is no text."""
    return max(least, round(SHARE * reading_ms(text))) if text else least

"""How often each class of characters stands in a text."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from tests.blindness.features import Row
from tests.blindness.wire import Observation

WORDS = re.compile(r"<pre>(.*?)</pre>", re.S)


def shares(seen: Sequence[Observation]) -> list[Row]:
    """Of each text on a page: the share of every Unicode category, and its length."""
    rows: list[Row] = []
    for one in seen:
        found = WORDS.search(one.page.text)
        text = html.unescape(found[1]) if found else ""
        counts = Counter(map(unicodedata.category, text))
        row: Row = {name: count / max(1, len(text)) for name, count in counts.items()}
        rows.append(row | {"length": len(text)})
    return rows

"""Observations as numbers: what a classifier is given of everything but the visible work."""

from __future__ import annotations

import re
from hashlib import sha256

from tests.blindness.wire import Observation, Reply

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w{64}"')
CODE = re.compile(r"[2-9B-Z]{4}-[2-9B-Z]{4}-[2-9B-Z]{4}")
WORDS = re.compile(r"<pre>.*?</pre>", re.S)
LEFT = re.compile(r'\s*<p class="left">.*?</p>', re.S)  # the rater's own pace
CLOCK = {"date", "expires", "set-cookie"}

Row = dict[str, float | str]


def masked(page: str) -> str:
    """The page without the work, without what differs between any two raters, without counts."""
    for pattern in (UUID, TOKEN, CODE, WORDS, LEFT):
        page = pattern.sub("_", page)
    return re.sub(r"\d+", "0", page)


def digest(text: str | bytes) -> str:
    return sha256(text.encode() if isinstance(text, str) else text).hexdigest()[:8]


def features(seen: Observation) -> Row:
    """One row: texts are categories, numbers are numbers."""
    row: Row = {
        "position": seen.position,
        "markup": digest(masked(seen.page.text)),
        "markup length": len(masked(seen.page.text)),
        "socket": str(seen.socket),
        "announced": float(seen.announced),
        "listed": float(seen.listed),
        "alias size": int(seen.alias[:8], 16) / 2**32,
        "alias kind": seen.alias[14],  # the version; the variant beside it is partly drawn
    }
    row |= _of(seen.page, "page", sizes=False)
    if seen.picture and seen.again:
        row |= _of(seen.picture, "picture", sizes=True)
        row |= _of(seen.again, "again", sizes=True)
        row |= _container(seen.picture.body)
        row["the same again"] = float(seen.picture.body[:64] == seen.again.body[:64])
    return row


def _of(reply: Reply, name: str, *, sizes: bool) -> Row:
    told = [(key, "" if key.lower() in CLOCK else value) for key, value in reply.headers]
    if not sizes:
        told = [(key, "" if key.lower() == "content-length" else value) for key, value in told]
    row: Row = {
        f"{name} status": str(reply.status),
        f"{name} headers": digest(str([(key, UUID.sub("_", value)) for key, value in told])),
        f"{name} header order": digest(str([key for key, _ in told])),
        f"{name} cookies": float(sum(key.lower() == "set-cookie" for key, _ in told)),
        f"{name} first ms": reply.first_ms,
        f"{name} last ms": reply.last_ms,
    }
    if sizes:
        row[f"{name} length"] = len(reply.body)
    return row


def _container(data: bytes) -> Row:
    """What stands around the compressed picture: kind, chunks, size in pixels, frame flags."""
    if data[:4] != b"RIFF":
        return {"container": digest(data[:4])}
    chunks, at, end = [], 12, min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    while at + 8 <= end:
        chunks.append(data[at : at + 4].decode(errors="replace"))
        at += 8 + int.from_bytes(data[at + 4 : at + 8], "little") + at % 2
    return {
        "container": "RIFF",
        "chunks": " ".join(chunks[:8]),
        "frame flags": str(data[20] & 0x1F),
        "pixels": data[26:30].hex(),
    }

"""How strongly a JPEG was compressed, and how strongly the blind rendition shall be.

Compression leaves traces that tell people's uploads from pictures fresh out of a network. So each
work is compressed once more, with a quality drawn from what people's uploads show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# The luminance table of ITU-T T.81, annex K.1, which the IJG encoder scales by its quality.
ANNEX_K = (
    (16, 11, 10, 16, 24, 40, 51, 61),
    (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77),
    (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101),
    (72, 92, 95, 98, 112, 100, 103, 99),
)  # fmt: skip

# Until people have uploaded enough JPEGs: what cameras, phones and export dialogs commonly write.
USUAL_QUALITIES = (75, 80, 85, 85, 88, 90, 90, 92, 95, 95)
ENOUGH_UPLOADS = 20


def scaled_table(quality: int) -> tuple[int, ...]:
    """The 64 luminance steps that the IJG encoder uses at this quality (1-100), row by row."""
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality
    return tuple(min(max((step * scale + 50) // 100, 1), 255) for row in ANNEX_K for step in row)


TABLES = {quality: scaled_table(quality) for quality in range(1, 101)}


def estimated_quality(tables: Mapping[int, Sequence[int]]) -> int | None:
    """The quality (1-100) whose table lies nearest to a file's own; None where it has none.

    `tables` are a JPEG's quantisation tables of 64 steps each, row by row, luminance first. Other
    encoders scale other tables, so this is an estimate; for libjpeg's own it is exact.
    """
    luminance = tables.get(0)
    if luminance is None or len(luminance) != 64:
        return None

    def distance(quality: int) -> int:
        return sum(abs(a - b) for a, b in zip(TABLES[quality], luminance, strict=True))

    return min(TABLES, key=distance)


def quality_at(share: float, seen: Sequence[int]) -> int:
    """The quality that `share` (0 to 1) of the uploads do not exceed.

    `seen` are the qualities of people's uploads; with fewer than 20 the usual ones stand in.
    A quantile rather than a draw, so that one more upload hardly changes any picture's lot.
    """
    pool = sorted(seen if len(seen) >= ENOUGH_UPLOADS else USUAL_QUALITIES)
    return pool[min(int(share * len(pool)), len(pool) - 1)]

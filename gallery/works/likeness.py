"""Pictures that look alike: a perceptual hash, and which works have nearly the same.

The hash is `imagehash.phash`, 64 signs of the lowest frequencies of the picture in grey, 32 px
large. It outlives another size, another encoding and slight changes of colour, and does not know a
picture that was cropped or turned.
"""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from gallery.works.models import Artwork
from gallery.works.querysets import ArtworkQuerySet

ALIKE = 8  # signs of 64 that may differ; of two unrelated pictures half do


def fingerprint(webp: bytes) -> str:
    """Of a rendition that this gallery wrote, sixteen hexadecimal digits."""
    import imagehash  # brings scipy, which a process that takes in nothing does without

    with Image.open(BytesIO(webp), formats=["WEBP"]) as picture:
        return str(imagehash.phash(picture))


def works_like(artwork: Artwork, visible: ArtworkQuerySet) -> list[Artwork]:
    """Other works that look the same, the nearest first, with their makers. `visible` are those
    that the reader may see."""
    if not artwork.phash:
        return []
    wanted = int(artwork.phash, 16)
    others = visible.exclude(pk=artwork.pk).exclude(phash="").order_by()
    near = {
        pk: distance
        for pk, phash in others.values_list("pk", "phash").iterator()
        if (distance := (int(phash, 16) ^ wanted).bit_count()) <= ALIKE
    }
    found = visible.filter(pk__in=near).select_related("maker")
    return sorted(found, key=lambda work: (near[work.pk], work.pk))

"""Proportions for machine pictures: those of pictures by people, so that they tell nothing."""

from __future__ import annotations

import random

from gallery.works.models import Artwork, Medium
from generators.catalog import ImageParams


def draw_aspects(params: type[ImageParams], *, seed: int, count: int) -> list[float]:
    """Width divided by height for each of `count` pictures, decided by the run's seed and the
    hung pictures by people at this moment; none where no such picture hangs.

    What the generator's bounds do not allow becomes the nearest that they do.
    """
    pictures = Artwork.objects.hung().by_people().filter(medium=Medium.IMAGE)
    shapes = list(pictures.order_by("pk").values_list("width", "height"))
    if not shapes:
        return []
    schema = params.model_json_schema()["properties"]["aspect"]
    least, most = schema["minimum"], schema["maximum"]
    drawn = random.Random(seed).choices(shapes, k=count)  # noqa: S311  nothing to keep secret
    return [round(min(max(width / height, least), most), 4) for width, height in drawn]

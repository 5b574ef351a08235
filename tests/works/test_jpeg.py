"""Compression is recognised, and handed out as people's uploads have it."""

import io

import pytest
from PIL.JpegImagePlugin import JpegImageFile

from gallery.works.jpeg import USUAL_QUALITIES, estimated_quality, quality_at
from tests.works.pictures import encoded, noise

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize("quality", range(1, 101, 3))
def test_libjpegs_quality_is_read_exactly_from_its_tables(quality):
    image = JpegImageFile(io.BytesIO(encoded(noise(), "JPEG", quality=quality)))
    assert estimated_quality(image.quantization) == quality


def test_a_picture_without_tables_has_no_quality():
    assert estimated_quality({}) is None


def test_the_usual_qualities_stand_in_until_there_are_twenty_uploads():
    assert quality_at(0.0, [1] * 19) == min(USUAL_QUALITIES)
    assert quality_at(0.999, [1] * 19) == max(USUAL_QUALITIES)
    assert quality_at(0.5, [1] * 20) == 1


def test_draws_are_spread_as_the_uploads_are():
    seen = [60] * 10 + [90] * 30
    drawn = [quality_at(n / 100, seen) for n in range(100)]
    assert (drawn.count(60), drawn.count(90)) == (25, 75)

"""A picture's label tells what its network learnt from comes nearest to it."""

import pytest

from gallery.works.models import Artwork
from gallery.works.resemblance import resemblance_of
from tests.factories import make_artwork, make_study

pytestmark = pytest.mark.django_db

RECIPE = {
    "generator": "can",
    "nearest_work": "Iris, Hiroshige",
    "nearer_held_out": "0.314",
    "nearest_part": "A wave, Hokusai",
    "nearer_held_out_parts": "0.2",
    "learnt_from": "6720",
    "style_ambiguity": "0.83",
}


def test_the_nearest_work_and_its_distance_are_told(client):
    page = client.get(make_artwork("machine", recipe=RECIPE).get_absolute_url()).text
    assert (
        "Of the 6,720 works that its network learnt from, the nearest is “Iris, Hiroshige”" in page
    )
    assert "most like a part of “A wave, Hokusai”" in page
    assert "31 come nearer" in page
    assert "83 of 100" in page
    assert "Nearest work" not in page  # as one fact among others


def test_a_part_of_the_nearest_work_itself_is_not_told_twice(client):
    recipe = RECIPE | {"nearest_part": "Iris, Hiroshige"}
    page = client.get(make_artwork("machine", recipe=recipe).get_absolute_url()).text
    assert page.count("Iris, Hiroshige") == 1


def test_nothing_is_told_of_works_without_such_a_record():
    assert resemblance_of(make_artwork("human"), Artwork.objects.hung()) is None
    other = make_artwork("machine", recipe={"generator": "entropy"})
    assert resemblance_of(other, Artwork.objects.hung()) is None


def test_works_of_this_gallery_are_named_only_to_who_may_see_their_labels(client):
    known = make_artwork(title="Dawn")
    unsigned = make_study(works=1).works.get(artwork__origin="human").artwork
    recipe = RECIPE | {
        "nearest_work": f"00003_{known.code}",
        "nearest_part": f"00007_{unsigned.code}",
    }
    page = client.get(make_artwork("machine", recipe=recipe).get_absolute_url()).text
    assert f"the nearest is “Dawn, {known.maker}”" in page
    assert "a work that is unsigned for now" in page
    assert unsigned.title not in page
    assert str(unsigned.code) not in page

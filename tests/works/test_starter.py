"""A fresh gallery has something to show, without a download."""

import pytest

from gallery.works.models import Artwork
from gallery.works.starter import PASSAGES, PHOTOGRAPHS, Photograph, hang_starter

pytestmark = pytest.mark.django_db


def test_it_hangs_credited_works_once(django_assert_num_queries):
    hung = hang_starter()
    pictures = Artwork.objects.hung().by_people().filter(medium="image")
    texts = Artwork.objects.hung().by_people().filter(medium="text")
    assert len(pictures) == len(PHOTOGRAPHS) >= 10
    assert len(texts) == len(PASSAGES) >= 10
    assert hung == len(pictures) + len(texts)
    for artwork in Artwork.objects.all():
        assert artwork.title
        assert artwork.licence
        assert artwork.credit
        assert artwork.source
    for text in texts:
        assert 8 <= text.text.count("\n") <= 30
    with django_assert_num_queries(1):
        assert hang_starter() == 0


def test_a_starter_work_that_a_curator_passed_over_does_not_come_back():
    hang_starter()
    Artwork.objects.filter(title="Coffee cup").update(state="discarded", hung_at=None)
    assert hang_starter() == 0


def test_a_file_that_the_package_no_longer_ships_is_left_out():
    assert Photograph("gone.png", "Gone", "Nobody", "CC0", "nobody").data() is None

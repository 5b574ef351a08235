"""A fresh gallery has something to show, without a download."""

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from gallery.works.models import Artwork
from gallery.works.starter import PASSAGES, PHOTOGRAPHS, Photograph, hang_starter
from tests.works.faults import killed_at_update

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


def test_a_start_that_dies_between_keeping_and_hanging_leaves_nothing_half_done():
    with pytest.raises(KeyboardInterrupt), connection.execute_wrapper(killed_at_update):
        hang_starter()
    assert not Artwork.objects.exists()
    assert not default_storage.exists("renditions") or not any(
        default_storage.listdir(f"renditions/{folder}")[1]
        for folder in default_storage.listdir("renditions")[0]
    )


def test_a_starter_work_that_a_curator_passed_over_does_not_come_back():
    hang_starter()
    Artwork.objects.filter(title="Coffee cup").update(state="discarded", hung_at=None)
    assert hang_starter() == 0


def test_a_file_that_the_package_no_longer_ships_is_left_out():
    assert Photograph("gone.png", "Gone", "Nobody", "CC0", "nobody").data() is None

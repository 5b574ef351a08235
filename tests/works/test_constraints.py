"""What the database itself refuses, whoever asks."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import now

from gallery.works.models import Artwork, Maker, Rendition
from tests.factories import make_artwork, make_maker

pytestmark = pytest.mark.django_db

BAD_WORKS: dict[str, dict[str, Any]] = {
    # An unknown medium or origin breaks a second rule too; databases name either.
    "artwork_medium_is_known|artwork_has_a_size_iff_a_picture": {"medium": "sculpture"},
    "artwork_origin_is_known|artwork_has_a_recipe_iff_by_machine|human_class_iff_by_a_person": {
        "origin": "angel"
    },
    "artwork_source_class_is_known|artwork_is_of_the_human_class_iff_by_a_person": {
        "source_class": "angel"
    },
    "artwork_is_of_the_human_class_iff_by_a_person": {"source_class": "filter"},
    "artwork_state_is_known": {"state": "stolen", "hung_at": None},
    "artwork_has_a_recipe_iff_by_machine": {"recipe": {"generator": "entropy"}},
    "artwork_has_words_iff_a_text": {"text": "words"},
    "artwork_has_a_size_iff_a_picture": {"width": 0},
    "artwork_is_dated_iff_hung": {"hung_at": None},
    "artwork_hangs_only_with_a_licence": {"licence": ""},
}


@pytest.mark.parametrize("name", BAD_WORKS)
def test_the_database_refuses_a_wrong_work(name):
    artwork = make_artwork()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Artwork.objects.filter(pk=artwork.pk).update(**BAD_WORKS[name])


def test_the_database_refuses_a_machines_work_without_a_recipe():
    artwork = make_artwork("machine")
    refusal = "artwork_has_a_recipe_iff_by_machine"
    with pytest.raises(IntegrityError, match=refusal), transaction.atomic():
        Artwork.objects.filter(pk=artwork.pk).update(recipe=None)


def test_the_database_refuses_a_text_without_words_or_with_a_size():
    artwork = make_artwork(medium="text")
    with pytest.raises(IntegrityError, match="words_iff_a_text"), transaction.atomic():
        Artwork.objects.filter(pk=artwork.pk).update(text="")
    with pytest.raises(IntegrityError, match="size_iff_a_picture"), transaction.atomic():
        Artwork.objects.filter(pk=artwork.pk).update(width=3, height=2)


def test_the_database_refuses_a_date_on_a_work_that_does_not_hang():
    artwork = make_artwork(hung=False)
    with pytest.raises(IntegrityError, match="dated_iff_hung"), transaction.atomic():
        Artwork.objects.filter(pk=artwork.pk).update(hung_at=now())


def refused_twice(name: str, column: str):
    """SQLite names the columns of a broken unique constraint, PostgreSQL its name."""
    names = {"sqlite": f"UNIQUE constraint failed: .*{column}", "postgresql": name}
    return pytest.raises(IntegrityError, match=names[connection.vendor])


def test_the_database_keeps_a_persons_bytes_once():
    make_artwork(sha256="a" * 64)
    with refused_twice("artwork_by_a_person_is_kept_once", "sha256"), transaction.atomic():
        make_artwork(sha256="a" * 64)


def test_machines_may_make_the_same_bytes_again():
    for _ in range(2):
        make_artwork("machine", sha256="a" * 64)
    assert Artwork.objects.count() == 2


def test_the_database_keeps_one_rendition_of_a_kind():
    rendition = Rendition.objects.filter(artwork=make_artwork()).first()
    assert rendition
    rendition.pk = None
    with refused_twice("rendition_is_made_once_per_kind", "kind"), transaction.atomic():
        rendition.save(force_insert=True)


def test_the_database_refuses_an_unknown_kind_of_rendition():
    artwork = make_artwork()
    with pytest.raises(IntegrityError, match="rendition_kind_is_known"), transaction.atomic():
        Rendition.objects.filter(artwork=artwork, kind="thumb").update(kind="poster")


def test_the_database_refuses_a_maker_without_a_name_or_of_no_kind():
    maker = make_maker()
    with pytest.raises(IntegrityError, match="maker_has_a_name"), transaction.atomic():
        Maker.objects.filter(pk=maker.pk).update(name="")
    with pytest.raises(IntegrityError, match="maker_origin_is_known"), transaction.atomic():
        Maker.objects.filter(pk=maker.pk).update(origin="angel")


def test_the_database_names_a_maker_once_per_origin():
    make_maker(name="Ada")
    make_maker("machine", name="Ada")
    with refused_twice("maker_is_named_once_per_origin", "name"), transaction.atomic():
        make_maker(name="Ada")

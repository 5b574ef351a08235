"""Measures of works: taken once, shown with the label, and hidden with it."""

import re
from html import unescape
from typing import Any

import numpy as np
import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from gallery.studies.models import Study
from gallery.works.models import Artwork, Measures
from tests.factories import make_artwork, make_study
from tests.works.test_constraints import refused_twice

pytestmark = pytest.mark.django_db

PICTURE: dict[str, Any] = {
    "luminance_entropy": 7.25,
    "permutation_entropy": 0.91,
    "statistical_complexity": 0.127,
    "lengths": {"png": 12.34, "webp": 9.87},
}
FEATURES = np.eye(1, 4, dtype="<f4").tobytes()


def make_measures(artwork: Artwork, **kw: Any) -> Measures:
    kw = {"version": 1, "features": FEATURES} | PICTURE | kw
    return Measures.objects.create(artwork=artwork, **kw)


def told(client, artwork: Artwork) -> str:
    response = client.get(artwork.get_absolute_url())
    assert response.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


def test_a_picture_tells_its_measures_with_a_sentence_each(client):
    earlier, work = make_artwork(title="Harbour"), make_artwork()
    make_measures(work, nearest=earlier, distance=0.05, novelty=0.234, typicality=0.5)
    page = told(client, work)
    for name, value, means in (
        ("Entropy of its shades", "7.25", "8 for all shades alike."),
        ("Permutation entropy", "0.91", "1 for noise."),
        ("Statistical complexity", "0.13", "0 for noise."),
        ("Description length", "PNG 12.3, WebP 9.9", "24 for pure chance."),
        ("Novelty", "0.23", "0 where it repeats them all."),
        ("Typicality", "0.50", "1 for entirely alike."),
        ("Distance to the nearest", "0.05", "0 for a copy."),
    ):
        assert f"{name} {value} " in page
        assert means in page
    assert "Harbour" in page.partition("The earlier work most like it:")[2]


def test_of_a_text_there_are_no_shades(client):
    text = make_artwork(medium="text")
    Measures.objects.create(artwork=text, version=1, lengths={"lzma": 5.25}, features=FEATURES)
    page = told(client, text)
    assert "Description length LZMA 5.2" in page
    assert "Permutation" not in page
    assert "Novelty" not in page  # too few works hung before it


def test_a_work_that_waits_says_nothing_and_one_that_failed_says_why(client):
    work = make_artwork()
    assert "measured" not in told(client, work)
    Measures.objects.create(artwork=work, version=1, reason="The file of this work is missing.")
    page = told(client, work)
    assert "could not be measured: The file of this work is missing." in page
    assert "Computed, not rated" not in page


def test_the_newest_version_is_told(client):
    work = make_artwork()
    for version, entropy in ((1, 1.0), (3, 3.0), (2, 2.0)):
        make_measures(work, version=version, luminance_entropy=entropy)
    assert "Entropy of its shades 3.00" in told(client, work)


@pytest.mark.parametrize("origin", ["human", "machine"])
def test_a_nearest_work_that_an_open_study_shows_is_not_named(client, origin):
    study = make_study(1)
    hidden = study.works.get(artwork__origin=origin).artwork
    work = make_artwork(title="Reeds")
    make_measures(work, nearest=hidden, distance=0.1)
    page = client.get(work.get_absolute_url()).text
    assert "is unsigned for now, because a study shows it." in page
    for secret in (hidden.title, str(hidden.code), hidden.maker.name):
        assert secret not in page
    Study.objects.update(state="closed", closed_at=now(), ended_by="admin")
    assert hidden.title in client.get(work.get_absolute_url()).text


def test_the_measures_of_a_work_in_an_open_study_are_not_told(client):
    hidden = make_study(1).works.get(artwork__origin="machine").artwork
    make_measures(hidden)
    assert client.get(hidden.get_absolute_url()).status_code == 404


def test_the_oldest_hung_work_is_measured_first_and_none_twice():
    candidate, first, second = make_artwork(hung=False), make_artwork(), make_artwork()
    candidate.hang()
    assert list(Artwork.objects.unmeasured(1)) == [first, second, candidate]
    make_measures(first)
    make_measures(second, version=2)
    assert list(Artwork.objects.unmeasured(1)) == [second, candidate]


def test_works_are_compared_with_those_of_their_medium_that_hung_before():
    same_moment: dict[str, Any] = {"hung_at": now()}
    first, second = make_artwork(**same_moment), make_artwork(**same_moment)
    make_artwork(medium="text", **same_moment)
    make_artwork(hung=False)
    third = make_artwork()
    assert list(Artwork.objects.hung_before(third)) == [first, second]
    assert list(Artwork.objects.hung_before(second)) == [first]


def test_a_second_set_of_one_version_changes_nothing():
    work = make_artwork()
    make_measures(work)
    other = Measures(artwork=work, version=1, features=FEATURES, **PICTURE | {"lengths": {"x": 1}})
    Measures.objects.keep(other)
    assert Measures.objects.get().lengths == PICTURE["lengths"]


def test_measures_that_make_no_sense_are_not_passed_over():
    wrong = Measures(artwork=make_artwork(), version=1, features=FEATURES, lengths={})
    with pytest.raises(IntegrityError):
        Measures.objects.keep(wrong)


def test_the_database_refuses_a_second_set_of_one_version():
    work = make_artwork()
    make_measures(work)
    refused = refused_twice("measures_are_taken_once_per_version", "artwork_id")
    with refused, transaction.atomic():
        make_measures(work)


BAD_MEASURES: list[tuple[str, dict[str, Any]]] = [
    ("measures_are_there_unless_there_is_a_reason", {"lengths": {}}),
    ("measures_are_there_unless_there_is_a_reason", {"features": b""}),
    ("measures_are_there_unless_there_is_a_reason", {"reason": "It was late."}),
    ("measures_of_shades_are_complete_and_in_range", {"luminance_entropy": None}),
    ("measures_of_shades_are_complete_and_in_range", {"permutation_entropy": 1.01}),
    ("measures_of_shades_are_complete_and_in_range", {"statistical_complexity": -0.1}),
    ("measures_tell_how_near_the_nearest_is", {"distance": 0.5}),
    ("measures_tell_novelty_and_typicality_together", {"typicality": 0.5}),
]


@pytest.mark.parametrize(("name", "values"), BAD_MEASURES)
def test_the_database_refuses_measures_that_make_no_sense(name, values):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make_measures(make_artwork(), **values)


def test_the_database_refuses_a_distance_that_is_none_or_out_of_range():
    work, other = make_artwork(), make_artwork()
    refusal = "measures_tell_how_near_the_nearest_is"
    for distance in (None, 2.5):
        with pytest.raises(IntegrityError, match=refusal), transaction.atomic():
            make_measures(work, nearest=other, distance=distance)


def test_the_database_refuses_a_work_that_is_nearest_to_itself():
    work = make_artwork()
    refusal = "measures_compare_a_work_with_others"
    with pytest.raises(IntegrityError, match=refusal), transaction.atomic():
        make_measures(work, nearest=work, distance=0.0)


def test_measures_that_name_a_removed_work_go_with_it_and_are_taken_anew():
    earlier, work = make_artwork(), make_artwork()
    make_measures(earlier)
    make_measures(work, nearest=earlier, distance=0.0)
    earlier.delete()
    assert list(Artwork.objects.unmeasured(1)) == [work]

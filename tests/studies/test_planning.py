"""The power table is the one that simulation was checked against."""

import pytest

from gallery.studies.planning import Power, power, superiority_of, works_for_equality
from tests.factories import make_user, sign_in


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("works", "ratings", "se", "detectable"),
    [
        (20, 600, 0.33, 0.91),
        (40, 2000, 0.22, 0.61),
        (60, 600, 0.23, 0.63),
        (60, 6000, 0.17, 0.48),
        (200, 2000, 0.12, 0.35),
        (200, 6000, 0.10, 0.29),
    ],
)
def test_it_prints_the_known_figures(works, ratings, se, detectable):
    found = Power(works, ratings // 16, ratings)
    assert found.se == pytest.approx(se, abs=0.008)
    assert found.detectable == pytest.approx(detectable, abs=0.025)


@pytest.mark.any_database
@pytest.mark.parametrize(("works", "floor"), [(20, 0.80), (40, 0.56), (60, 0.46), (200, 0.25)])
def test_works_set_a_floor_that_no_number_of_raters_lowers(works, floor):
    assert Power(works, 1, 1).floor == pytest.approx(floor, abs=0.005)
    assert Power(works, 10**9, 10**9).detectable == pytest.approx(floor, abs=0.005)


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("logits", "share"), [(0.0, 0.5), (0.3, 0.55), (0.5, 0.583), (0.8, 0.631), (1.5, 0.733)]
)
def test_logits_are_told_as_a_share_of_draws(logits, share):
    assert superiority_of(logits) == pytest.approx(share, abs=0.0006)


@pytest.mark.any_database
def test_equality_takes_about_two_hundred_works_a_side():
    assert 150 < works_for_equality() < 220


@pytest.mark.any_database
def test_a_study_of_nothing_has_no_power():
    with pytest.raises(ValueError, match="has works"):
        power(0, 100, 16)


@pytest.mark.django_db
def test_the_form_shows_what_its_figures_can_tell(client):
    sign_in(client, make_user(admin=True))
    asked = {"per_arm": "60", "wanted": "150", "trials_per_rater": "16"}
    page = client.get("/studies/power/", asked).content.decode()
    assert "With 60 works from each side and 150 raters" in page
    assert "times in a hundred" in page
    for wrong in ({}, {"per_arm": "many"}, asked | {"wanted": "0"}, asked | {"per_arm": "-3"}):
        page = client.get("/studies/power/", wrong).content.decode()
        assert "without end" in page
        assert "times in a hundred" not in page

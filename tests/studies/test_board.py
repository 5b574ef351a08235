"""Admins see how a study goes, and nothing that would sway them."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from gallery.studies.board import board_of
from gallery.studies.models import Rater, Study, Trial
from gallery.studies.sifting import sift
from tests.factories import make_study, make_user, sign_in
from tests.studies.visitors import HTMX, finish, rate_all, sit_down

pytestmark = pytest.mark.django_db


@pytest.fixture
def study() -> Study:
    """One finished too fast, one left, one gone quiet, one under way, one who only began."""
    study = make_study(4)
    for outcome in ("fast", "left", "quiet", "under way", "began"):
        client, rater = sit_down(study)
        if outcome == "fast":
            finish(client, rater)
            rater.trials.update(rt_ms=300)
        elif outcome != "began":
            for trial in rater.trials.all()[:5]:
                client.post(f"/trials/{trial.code}/answer/", {"coherence": 1, "surprise": 1})
        if outcome == "left":
            client.post(f"/studies/{study.slug}/sitting/leave/")
        if outcome == "quiet":
            old = now() - timedelta(hours=2)
            Trial.objects.filter(rater=rater).exclude(answered_at=None).update(answered_at=old)
    sift(study)
    return study


def test_it_tells_who_is_where(study):
    board = board_of(study)
    assert [len(board.in_progress), len(board.completed), len(board.abandoned)] == [2, 1, 2]
    assert dict(board.funnel) == {"began": 5, "one": 4, "half": 4, "all": 1, "finished": 1}
    assert board.completed[0].excluded_by == "answered too fast to have looked"
    assert sum(board.excluded.values()) == 1
    assert sum(ratings * works for ratings, works in board.ratings) == 8 + 3 * 5
    assert 0 < board.least <= board.most <= 4
    assert board.works == 8


def test_it_costs_the_same_for_any_number_of_raters(study, django_assert_num_queries):
    with django_assert_num_queries(3):
        board_of(study)


def test_only_admins_see_it_and_it_renews_itself(study, client):
    url = f"/studies/{study.slug}/board/"
    assert client.get(url).headers["Location"].startswith("/login/")
    sign_in(client, make_user(admin=True))
    page = client.get(url).content.decode()
    assert "No. 4: 5 of 8" in page
    assert f'hx-get="{url}"' in page
    fragment = client.get(url, headers=HTMX).content.decode()
    assert "<html" not in fragment
    assert "No. 4: 5 of 8" in fragment


def test_it_tells_nothing_by_source(study, client):
    sign_in(client, make_user(admin=True))
    page = client.get(f"/studies/{study.slug}/board/").content.decode()
    for work in study.works.select_related("artwork__maker"):
        assert work.artwork.title not in page
        assert work.artwork.maker.name not in page


def test_a_study_without_raters_has_a_board_too(client):
    study = make_study(1)
    sign_in(client, make_user(admin=True))
    page = client.get(f"/studies/{study.slug}/board/").content.decode()
    assert page.count("nobody") == 3
    assert not Rater.objects.exists()
    rate_all(*sit_down(study))

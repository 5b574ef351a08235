"""The code is the rater: with it one goes on, carries everything away, or has it erased."""

import pytest
from django.test import Client

from gallery.studies.models import Guess, Rater, Rating, Trial
from tests.factories import make_rater, make_study
from tests.studies.visitors import finish, sit_down

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor():
    return sit_down(make_study(2))


def test_the_code_is_told_during_the_sitting_and_on_the_way_out(visitor):
    client, rater = visitor
    home = rater.study.get_absolute_url()
    for url in (f"{home}sitting/", home, "/answers/"):
        assert rater.spelled_code in client.get(url).content.decode()


@pytest.mark.parametrize("spell", [str, str.lower, lambda code: f" {code[:4]}-{code[4:]} "])
def test_the_code_resumes_the_sitting_in_another_browser(visitor, spell):
    client, rater = visitor
    first, second, *_ = rater.trials.all()
    client.post(f"/trials/{first.code}/answer/", {"coherence": 1, "surprise": 1})
    elsewhere = Client()
    response = elsewhere.post("/answers/", {"code": spell(rater.code)}, follow=True)
    assert f"/trials/{second.code}/answer/" in response.content.decode()


@pytest.mark.parametrize("action", ["/answers/", "/answers/export/", "/answers/erase/"])
@pytest.mark.parametrize("code", ["", "BBBBBBBBBBBB", "<script>", "x" * 1000])
def test_an_unknown_code_is_refused_with_a_sentence(visitor, action, code):
    response = Client().post(action, {"code": code, "confirmed": "yes"})
    assert response.status_code == 422
    assert "errorlist" in response.content.decode()
    assert not response.cookies.get(f"rater-{visitor[1].study.slug}")
    assert Rater.objects.count() == 1


def test_everything_held_can_be_carried_away(visitor):
    client, rater = visitor
    finish(client, rater)
    response = Client().post("/answers/export/", {"code": rater.code})
    assert response.headers["Content-Disposition"].startswith("attachment")
    held = response.json()
    assert held["code"] == rater.code
    assert held["seed"] == rater.seed
    assert len(held["works"]) == 4
    assert all(len(work["answers"]) == 2 and work["guess"]["value"] == 5 for work in held["works"])


def test_before_the_reveal_the_export_does_not_tell_the_seed(visitor):
    """From the seed and this program one could work out which works are of one side."""
    _, rater = visitor
    held = Client().post("/answers/export/", {"code": rater.code})
    assert held.json()["seed"] is None
    assert str(rater.seed) not in held.content.decode()


def test_erasing_asks_first(visitor):
    client, rater = visitor
    page = client.post("/answers/erase/", {"code": rater.code}).content.decode()
    assert "nobody can bring them back" in page
    assert Rater.objects.filter(pk=rater.pk).exists()


def test_erasing_leaves_nothing_of_this_rater_and_everything_of_others(visitor):
    client, rater = visitor
    other, their_rater = sit_down(rater.study)
    finish(client, rater)
    finish(other, their_rater)
    response = client.post("/answers/erase/", {"code": rater.code, "confirmed": "yes"})
    assert "erased" in response.content.decode()
    assert list(Rater.objects.all()) == [their_rater]
    assert (Trial.objects.count(), Rating.objects.count(), Guess.objects.count()) == (4, 8, 4)
    assert client.get(f"/studies/{rater.study.slug}/sitting/").status_code == 302
    assert client.post("/answers/", {"code": rater.code}).status_code == 422


def test_who_erased_a_finished_sitting_cannot_begin_it_again(visitor):
    """The labels cannot be erased from memory."""
    client, rater = visitor
    finish(client, rater)
    client.post("/answers/erase/", {"code": rater.code, "confirmed": "yes"})
    home = rater.study.get_absolute_url()
    page = client.get(home).content.decode()
    assert "cannot rate these works blind again" in page
    assert "I agree" not in page
    response = client.post(f"{home}begin/")
    assert response.status_code == 403
    assert "cannot rate these works blind again" in response.content.decode()
    cookie = client.cookies[f"seen-{rater.study.slug}"]
    assert cookie["httponly"]
    assert rater.code not in cookie.value
    assert not Rater.objects.exists()


def test_who_erased_an_unfinished_sitting_may_begin_again(visitor):
    client, rater = visitor
    client.post("/answers/erase/", {"code": rater.code, "confirmed": "yes"})
    _, again = sit_down(rater.study, client)
    assert list(Rater.objects.all()) == [again]


def test_erasing_another_code_leaves_this_browser_its_own(visitor):
    client, rater = visitor
    other = make_rater(rater.study)
    client.post("/answers/erase/", {"code": other.code, "confirmed": "yes"})
    assert list(Rater.objects.all()) == [rater]
    assert client.get(f"/studies/{rater.study.slug}/sitting/").status_code == 200


def test_another_code_replaces_a_sitting_only_once_its_own_is_written_down(visitor):
    client, rater = visitor
    other = make_rater(rater.study)
    response = client.post("/answers/", {"code": other.code})
    assert response.status_code == 422
    page = response.content.decode()
    assert f"its code is {rater.spelled_code}" in page
    assert 'type="checkbox" name="replace"' in page
    sitting = f"/studies/{rater.study.slug}/sitting/"
    assert rater.spelled_code in client.get(sitting).content.decode()
    assert client.post("/answers/", {"code": other.code, "replace": "on"}).status_code == 302
    assert other.spelled_code in client.get(sitting).content.decode()
    assert client.post("/answers/", {"code": other.code}).status_code == 302

"""Where a work comes from and what it led to, told to whoever may read the labels."""

import re

import pytest
from django.utils.timezone import now

from gallery.runs.models import Input, Output
from gallery.works.models import Artwork
from tests.factories import make_artwork, make_run, make_study, make_user, sign_in

pytestmark = pytest.mark.django_db

UNSIGNED = "a work that is unsigned for now"


def made_from(*parents: tuple[str, Artwork], hung: bool = True, **params: str) -> Artwork:
    """A machine's work with its run, as the studio leaves them."""
    run = make_run(generator="deep_style", state="done", finished=now())
    for place, (role, parent) in enumerate(parents):
        position = 0 if role == "content" else place
        Input.objects.create(run=run, role=role, position=position, artwork=parent)
    inputs = [{"code": str(parent.code), "role": role} for role, parent in parents]
    recipe = {"generator": "deep_style", "run": str(run.code), "params": params, "inputs": inputs}
    artwork = make_artwork("machine", hung=hung, recipe=recipe)
    Output.objects.create(run=run, index=0, artwork=artwork)
    return artwork


def told(client, artwork: Artwork) -> str:
    response = client.get(artwork.get_absolute_url())
    assert response.status_code == 200
    return " ".join(response.text.split())


def test_parents_are_told_by_what_they_were(client):
    content, one, two = (make_artwork(title=title) for title in ("Harbour", "Reeds", "Rain"))
    page = told(client, made_from(("content", content), ("style", two), ("style", one)))
    started, _, manner = page.partition("In the manner of:")
    assert "Harbour" in started.partition("It started from:")[2]
    assert re.search(r"Rain.*Reeds", manner)  # in the order of the recipe
    for parent in (content, one, two):
        assert f'href="{parent.get_absolute_url()}"' in page
        assert f'src="/works/{parent.code}/thumb/"' in page
        assert parent.maker.name in page
    assert UNSIGNED not in page


def test_a_guide_is_called_a_guide(client):
    page = told(client, made_from(("style", make_artwork(title="Owl")), objective="guide"))
    assert "Guided by:" in page
    assert "In the manner of:" not in page


def test_a_recipe_of_before_there_were_roles_is_read(client):
    content = make_artwork(title="Old town")
    artwork = make_artwork("machine", recipe={"inputs": [str(content.code)], "seed": 1})
    page = told(client, artwork)
    assert "Old town" in page.partition("It started from:")[2]


def test_a_parent_that_a_study_shows_is_counted_and_not_named(client):
    hidden = make_study(1).works.get(artwork__origin="human").artwork
    shown = make_artwork(title="Reeds")
    page = told(client, made_from(("content", hidden), ("style", shown), ("style", hidden)))
    assert page.count(UNSIGNED) == 2
    assert "Reeds" in page
    for secret in (hidden.title, str(hidden.code), hidden.maker.name):
        assert secret not in page


def test_what_was_made_from_a_work_is_told_once_and_newest_first(client):
    work = make_artwork(title="Harbour")
    first = made_from(("content", work))
    second = made_from(("content", work), ("style", work))
    page = told(client, work).partition("Works made from it")[2]
    links = re.findall(r'href="(/works/[0-9a-f-]{36}/)"', page)
    assert links == [second.get_absolute_url(), first.get_absolute_url()]
    assert "Works made from it" not in told(client, first)


def test_offspring_that_does_not_hang_or_is_in_a_study_stays_unknown(client):
    work = make_artwork()
    candidate = made_from(("content", work), hung=False)
    in_study = made_from(("style", work))
    study = make_study(1)
    study.works.filter(artwork__origin="machine").update(artwork=in_study)
    page = told(client, work)
    assert "Works made from it" not in page
    for secret in (candidate, in_study):
        assert str(secret.code) not in page
    type(study).objects.update(state="closed", closed_at=now(), ended_by="admin")
    assert str(in_study.code) in told(client, work)


def test_much_offspring_is_cut_short_and_costs_no_more_queries(client, django_assert_num_queries):
    work = make_artwork()
    for _ in range(26):
        made_from(("content", work))
    with django_assert_num_queries(4):  # the work, its offspring, its measures, its collections
        page = told(client, work)
    assert len(re.findall(r'class="sign machine"', page)) == 24
    assert "more hang in the gallery" in page


def test_only_an_admin_may_have_it_made_again_from_here(client):
    artwork = made_from(("content", make_artwork()))
    assert "/repeat/" not in told(client, artwork)
    sign_in(client, make_user(curator=True))
    assert "/repeat/" not in told(client, artwork)
    sign_in(client, make_user(admin=True))
    run = artwork.output.run
    assert f'action="/studio/runs/{run.code}/repeat/"' in told(client, artwork)


def test_a_text_made_from_a_text_tells_of_it_and_is_told_by_it(client):
    text = make_artwork(medium="text", title="Reeds", text="Reeds bend, and bend again.\n")
    run = make_run(generator="letters", state="done", finished=now())
    Input.objects.create(run=run, role="content", artwork=text)
    recipe = {"run": str(run.code), "inputs": [{"code": str(text.code), "role": "content"}]}
    made = make_artwork("machine", medium="text", recipe=recipe)
    Output.objects.create(run=run, index=0, artwork=made)
    page = told(client, made).partition("It started from:")[2]
    assert "Reeds bend, and bend again." in page
    assert f'href="{text.get_absolute_url()}"' in page
    assert f'href="{made.get_absolute_url()}"' in told(client, text)

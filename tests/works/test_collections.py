"""Works that a curator shows together, and what of them whom is shown."""

import re

import pytest
from django.db import IntegrityError, transaction

from gallery.runs.training.collection import Collection as Lessons
from gallery.studies.services import available
from gallery.works.models import Artwork, Collection, Placing
from generators.training.trainers import TRAINERS
from tests.factories import make_artwork, make_study, make_user, sign_in
from tests.studies.visitors import finish, sit_down

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(client):
    sign_in(client, make_user("ada", curator=True))
    return client


def gathered(name: str = "Storms", *works: Artwork) -> Collection:
    one = Collection.objects.create(name=name, about="Wind over water.")
    one.put_in(works)
    return one


def hanging_in(page: str) -> list[str]:
    return re.findall(r'<a href="/works/([0-9a-f-]{36})/"', page)


def test_the_database_refuses_a_nameless_collection_a_namesake_and_a_work_twice():
    work = make_artwork()
    one = gathered("Storms", work)
    for rule, wrong in {
        "collection_has_a_name": lambda: Collection.objects.create(name=""),
        "collection_is_named_once|works_collection.name": lambda: gathered("Storms"),
        "placing_is_made_once|works_placing": lambda: Placing.objects.create(
            collection=one, artwork=work
        ),
    }.items():
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            wrong()


def test_works_hang_in_the_order_in_which_they_were_put_in(client):
    first, second, third = (make_artwork() for _ in range(3))
    one = gathered("Storms", second, first)
    gathered("Calms", first, third)
    assert one.put_in([third, first]) == 1
    page = client.get(one.get_absolute_url()).text
    assert hanging_in(page) == [str(work.code) for work in (second, first, third)]
    assert "Wind over water." in page
    listed = client.get("/collections/").text
    assert listed.index("Calms") < listed.index("Storms")
    assert "All 3 works" in listed


def test_a_wall_of_a_collection_has_rooms(client):
    one = gathered("Storms", *(make_artwork() for _ in range(25)))
    assert len(hanging_in(client.get(one.get_absolute_url()).text)) == 24
    second = client.get(one.get_absolute_url() + "?page=2", headers={"HX-Request": "true"}).text
    assert len(hanging_in(second)) == 1
    assert "<h1" not in second


def test_the_list_costs_as_many_queries_for_many_as_for_one(client, django_assert_max_num_queries):
    for name in "ABCDE":
        gathered(name, *(make_artwork() for _ in range(6)))
    with django_assert_max_num_queries(4):
        page = client.get("/collections/").text
    assert len(hanging_in(page)) == 5 * 4


def test_what_an_open_study_holds_is_in_no_collection_that_visitors_see(client):
    study = make_study(2)
    held = [one.artwork for one in study.works.all()]
    seen = make_artwork()
    mixed, blind = gathered("Mixed", seen, held[0]), gathered("Held", *held)
    page = client.get(mixed.get_absolute_url()).text
    assert hanging_in(page) == [str(seen.code)]
    assert str(held[0].code) not in page
    listed = client.get("/collections/").text
    assert "Held" not in listed
    assert "1 work<" in listed
    assert client.get(blind.get_absolute_url()).status_code == 404
    sign_in(client, make_user(curator=True))
    assert client.get(blind.get_absolute_url()).status_code == 404
    assert "Held" in client.get("/hanging/collections/").text


def test_whoever_has_had_the_reveal_sees_what_they_rated(client):
    study = make_study(2)
    one = gathered("Held", *(work.artwork for work in study.works.all()))
    finish(*sit_down(study, client))
    assert len(hanging_in(client.get(one.get_absolute_url()).text)) == 4
    assert "Held" in client.get("/collections/").text


@pytest.mark.parametrize("state", [None, "candidate", "withdrawn", "discarded"])
def test_a_collection_of_nothing_that_hangs_is_not_there(client, state):
    works = [make_artwork(hung=False, state=state)] if state else []
    one = gathered("Waiting", *works)
    assert client.get(one.get_absolute_url()).status_code == 404
    assert "No collection can be seen yet." in client.get("/collections/").text


def test_a_works_page_tells_its_collections(client):
    one = gathered("Storms", work := make_artwork())
    assert one.get_absolute_url() in client.get(work.get_absolute_url()).text


def place(curator, *works: Artwork, **sent: str):
    ticked = {"work": [str(work.code) for work in works], "deed": "in", "state": "hung"}
    return curator.post("/hanging/place/", ticked | sent, follow=True)


def test_a_curator_puts_ticked_works_in_a_new_collection_and_takes_them_out(curator):
    works = [make_artwork(), make_artwork(hung=False)]
    assert "Put in “Storms”: 2 works." in place(curator, *works, name=" Storms ").text
    one = Collection.objects.get()
    assert one.name == "Storms"
    assert "Put in “Storms”: 0 works." in place(curator, *works, name="Storms").text
    page = place(curator, works[0], collection=str(one.code), deed="out")
    assert "Taken out of “Storms”: 1 work." in page.text
    assert list(one.works.all()) == [works[1]]
    assert Artwork.objects.count() == 2


def test_the_hanging_room_shows_the_works_of_one_collection(curator):
    inside, outside = make_artwork(hung=False), make_artwork(hung=False)
    one = gathered("Storms", inside)
    page = curator.get(f"/hanging/?collection={one.code}").text
    assert str(inside.code) in page
    assert str(outside.code) not in page
    empty = curator.get(f"/hanging/?collection={one.code}&state=hung").text
    assert "is in this collection" in empty
    for nonsense in ("nobody", str(outside.code)):
        assert str(outside.code) in curator.get(f"/hanging/?collection={nonsense}").text


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Choose a collection, or name a new one."),
        ({"collection": "nobody"}, "not a valid UUID"),
        ({"collection": "4b4b4b4b-4b4b-4b4b-8b4b-4b4b4b4b4b4b"}, "no such collection any more."),
        ({"name": "Storms", "work": "nobody"}, "Tick the works first."),
        ({"name": "x" * 201}, "at most 200 characters"),
    ],
)
def test_what_cannot_be_put_together_is_told(curator, sent, sentence):
    assert sentence in place(curator, make_artwork(), **sent).text
    assert not Placing.objects.exists()


def test_a_collection_is_begun_renamed_and_dissolved(curator):
    curator.post("/hanging/collections/", {"name": "Storms", "about": "Wind."})
    one = Collection.objects.get(about="Wind.")
    one.put_in([work := make_artwork()])
    address = f"/hanging/collections/{one.code}/"
    assert "Visitors see 1 of them." in curator.get(address).text
    curator.post(address, {"name": "Gales", "about": ""})
    assert Collection.objects.get().name == "Gales"
    gathered("Calms")
    refused = curator.post(address, {"name": "Calms"})
    assert refused.status_code == 422
    assert "Another collection is called so." in refused.text
    assert curator.post("/hanging/collections/", {"name": "\u202e"}).status_code == 422
    curator.post(f"{address}drop/")
    assert [one.name for one in Collection.objects.all()] == ["Calms"]
    assert Artwork.objects.get() == work


def test_machines_learn_and_studies_draw_from_one_collection():
    works = [make_artwork(title=f"Storm {name}") for name in ("white", "grey", "black")]
    other = make_artwork(title="Storm elsewhere")
    one = gathered("Storms", *works, make_artwork("machine"))
    trainer = TRAINERS["gan"]
    assert set(Lessons(trainer, within=one).works) == set(works)
    assert set(Lessons(trainer, "storm grey", within=one).works) == {works[1]}
    assert "in this collection" in Lessons(trainer, within=gathered("Calms")).complaint
    assert other.pk not in available("image", within=one)
    assert len(available("image", within=one)) == 4


@pytest.mark.parametrize("path", ["/studio/train/gan/", "/studies/new/"])
def test_admins_are_offered_the_collections(client, path):
    sign_in(client, make_user(admin=True))
    one = gathered("Storms", make_artwork())
    assert f'value="{one.code}"' in client.get(path).text
    gone = {"within": "4b4b4b4b-4b4b-4b4b-8b4b-4b4b4b4b4b4b"}
    assert "There is no such collection any more." in client.post(path, gone).text


def test_what_was_refused_need_not_be_ticked_again(curator):
    work, other = make_artwork(), make_artwork()
    page = place(curator, work)
    assert page.redirect_chain[-1][0].startswith("/hanging/?state=hung&")
    ticked = re.findall(r'value="([^"]+)" checked', page.text)
    assert ticked == [str(work.code)]
    assert str(other.code) in page.text

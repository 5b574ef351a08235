"""Whoever has a call's link draws for it, and nothing more."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils.timezone import localdate

from gallery.calls.entrance import SENDINGS
from gallery.calls.models import Call, Contribution
from gallery.calls.services import Over, contribute, make_call
from gallery.studies.limits import network_of
from gallery.works.drawing import strokes_of
from gallery.works.models import Artwork, Maker
from tests.factories import make_artwork, make_call_to_draw, make_maker, make_user, sign_in

_number = count(1)
ASKED = {"brief": "A red line", "licence": "CC BY 4.0", "credit": "Class 5b", "most": "2"}
ASKED |= {"last_day": str(localdate() + timedelta(days=6))}


def sheet() -> str:
    """No two alike."""
    line = [[100, 100 + next(_number)], [900, 500]]
    stroke = {"brush": "pen", "colour": "#ff0000", "width": 20, "at": 0, "points": line}
    return json.dumps({"strokes": [stroke]})


def sent(**values: str) -> dict[str, str]:
    return {"maker": "Ada", "agreed": "on", "strokes": sheet()} | values


@pytest.fixture
def curator(client):
    sign_in(client, make_user("ida", curator=True))
    return client


pytestmark = pytest.mark.django_db(transaction=True)


def test_a_curator_makes_a_call_and_sees_its_link_once(curator):
    assert curator.post("/hanging/calls/", ASKED)["Location"] == "/hanging/calls/"
    address = curator.get("/hanging/calls/").context["link"]["address"]
    assert curator.get("/hanging/calls/").context["link"] is None
    call = Call.objects.get()
    assert [call.brief, call.licence, call.credit, str(call.most)] == list(ASKED.values())[:4]
    assert address.split("/")[-2] not in str(Call.objects.values().get())
    page = Client().get(address)
    assert page.status_code == 200
    assert "A red line" in page.text
    assert "CC BY 4.0" in page.text
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"brief": " "}, "This field is required."),
        ({"licence": ""}, "This field is required."),
        ({"most": "0"}, "greater than or equal to 1"),
        ({"most": "501"}, "less than or equal to 500"),
        ({"last_day": str(localdate() - timedelta(days=1))}, "Choose a day from today on"),
        ({"last_day": str(localdate() + timedelta(days=400))}, "Choose a day from today on"),
    ],
)
def test_a_call_that_makes_no_sense_is_refused(curator, change, sentence):
    response = curator.post("/hanging/calls/", ASKED | change)
    assert response.status_code == 422
    assert sentence in response.text
    assert not Call.objects.exists()


def test_a_stranger_draws_and_the_drawing_waits_for_a_curator(client):
    call, path = make_call_to_draw(credit="Class 5b")
    response = client.post(path, sent())
    assert response["Location"] == f"{path}thanks/"
    work = Artwork.objects.get()
    assert (work.state, work.origin, str(work.maker)) == ("candidate", "human", "Ada")
    assert (work.licence, work.credit) == (call.licence, "Class 5b")
    assert (work.drawing.brief, work.added_by) == (call.brief, None)
    assert [change.by for change in work.changes.all()] == [""]
    consent = Contribution.objects.get()
    assert call.licence in consent.agreed_to
    assert "may hang here or not" in consent.agreed_to
    assert consent.agreed_at
    call.refresh_from_db()
    assert call.came == 1
    assert client.get(f"/works/{work.code}/").status_code == 404


def test_who_drew_sees_the_drawing_again_and_nobody_else_does(client):
    _call, path = make_call_to_draw()
    make_artwork(hung=False)
    assert client.get(f"{path}thanks/")["Location"] == path
    assert client.get(f"{path}drawing/").status_code == 404
    client.post(path, sent())
    assert "Draw another" in client.get(f"{path}thanks/").text
    picture = client.get(f"{path}drawing/")
    assert (picture.status_code, picture["Cache-Control"]) == (200, "no-store")
    assert Client().get(f"{path}drawing/").status_code == 404
    assert Client().get(f"{path}thanks/")["Location"] == path
    _other, elsewhere = make_call_to_draw()
    assert client.get(f"{elsewhere}drawing/").status_code == 404


@pytest.mark.parametrize("missing", ["maker", "agreed", "strokes"])
def test_what_is_missing_is_asked_for_and_the_drawing_is_kept_on_the_sheet(client, missing):
    _call, path = make_call_to_draw()
    response = client.post(path, sent(**{missing: ""}))
    assert response.status_code == 422
    assert "Nothing was sent yet" in response.text
    assert missing == "strokes" or "&quot;pen&quot;" in response.text
    assert not Artwork.objects.exists()
    assert not Maker.objects.exists()


def test_a_drawing_that_would_keep_everybody_waiting_is_refused(client):
    _call, path = make_call_to_draw()
    wide = {"brush": "wash", "colour": "#ff0000", "width": 160, "at": 0}
    strokes = [wide | {"points": [[0, 0], [1024, 1024]] * 20}] * 200
    response = client.post(path, sent(strokes=json.dumps({"strokes": strokes})))
    assert response.status_code == 422
    assert "Take some of the last strokes back" in response.text


def test_namesakes_are_told_apart_and_one_who_draws_twice_is_one(client):
    """Whoever draws may take a painter's name, and gets none of the painter's works by it."""
    _call, path = make_call_to_draw()
    painter = make_maker(name="Ada")
    client.post(path, sent())
    client.post(path, sent())
    Client().post(path, sent())
    names = Artwork.objects.order_by("pk").values_list("maker__name", flat=True)
    assert list(names) == ["Ada (2)", "Ada (2)", "Ada (3)"]
    assert not painter.artworks.exists()


def test_the_same_drawing_twice_is_one_and_whose_it_is_like_is_not_told(client):
    _call, path = make_call_to_draw()
    drawing = sheet()
    client.post(path, sent(strokes=drawing))
    again = Client().post(path, sent(strokes=drawing, maker="Bob"))
    assert again.status_code == 422
    assert "has been sent already" in again.text
    assert "Ada" not in again.text
    assert Call.objects.get().came == Artwork.objects.count() == 1
    assert not Maker.objects.filter(name="Bob").exists()


def closed(call: Call) -> None:
    call.close()


def full(call: Call) -> None:
    Call.objects.update(came=call.most)


def over(call: Call) -> None:
    Call.objects.update(last_day=localdate() - timedelta(days=1))


@pytest.mark.parametrize(
    ("end", "why"), [(closed, "closed it"), (full, "as many drawings"), (over, "last day")]
)
def test_a_call_that_has_ended_says_why_and_takes_nothing(client, end, why):
    call, path = make_call_to_draw()
    end(call)
    page = client.get(path)
    assert page.status_code == 410
    assert why in page.text
    late = client.post(path, sent())
    assert late.status_code == 410
    assert "Yours was not sent" in late.text
    assert "&quot;pen&quot;" in late.text  # it is still on the sheet
    assert not Artwork.objects.exists()
    with pytest.raises(Over):
        contribute(call, strokes_of(sheet()), "Ada", "yes")
    assert not Maker.objects.exists()


def test_no_refusal_writes_a_link_into_the_log(client, caplog):
    call, path = make_call_to_draw()
    assert client.post(path, sent(agreed="")).status_code == 422
    full(call)
    assert client.post(path, sent()).status_code == client.get(path).status_code == 410
    assert path not in caplog.text


def test_an_unknown_link_opens_nothing(client):
    make_call_to_draw()
    for path in ("/draw/nobody/", "/draw/nobody/thanks/", "/draw/nobody/drawing/"):
        assert client.get(path).status_code == 404


def test_a_new_link_takes_the_place_of_the_old_one_and_opens_a_closed_call(curator):
    call, path = make_call_to_draw()
    curator.post(f"/hanging/calls/{call.code}/close/")
    assert Client().get(path).status_code == 410
    curator.post(f"/hanging/calls/{call.code}/link/")
    fresh = curator.get("/hanging/calls/").context["link"]["address"]
    assert Client().get(path).status_code == 404
    assert Client().get(fresh).status_code == 200


def test_a_place_that_was_taken_a_moment_ago_is_not_taken_again():
    """However many found the call open, each as it was then."""
    call, _path = make_call_to_draw(most=1)
    late = Call.objects.get()
    assert contribute(call, strokes_of(sheet()), "Ada", "yes")
    with pytest.raises(Over):
        contribute(late, strokes_of(sheet()), "Bob", "yes")
    assert Artwork.objects.count() == Contribution.objects.count() == 1
    assert not Maker.objects.filter(name="Bob").exists()


def test_of_many_who_send_at_once_no_more_get_in_than_were_asked_for():
    if connection.vendor == "sqlite":
        pytest.skip("tables in memory have one writer; PostgreSQL shows this")
    call, _path = make_call_to_draw(most=2)
    drawings = [strokes_of(sheet()) for _ in range(5)]

    def send(drawing) -> bool:
        try:
            return bool(contribute(call, drawing, "Ada", "yes"))
        except Over:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as crowd:
        assert sorted(crowd.map(send, drawings)) == [False, False, False, True, True]
    assert Artwork.objects.count() == Contribution.objects.count() == 2
    assert sorted(Maker.objects.values_list("name", flat=True)) == ["Ada", "Ada (2)"]


def test_a_network_that_sends_too_many_waits_and_loses_nothing(client, settings, rf):
    settings.RATE_LIMITS = True
    cache.clear()
    _call, path = make_call_to_draw()
    network = network_of(rf.get("/"))
    cache.set(f"drawings:{network}", SENDINGS.most, SENDINGS.seconds)
    response = client.post(path, sent())
    assert response.status_code == 429
    assert "&quot;pen&quot;" in response.text
    assert not Artwork.objects.exists()
    assert client.post(path, sent(), REMOTE_ADDR="198.51.100.7").status_code == 302
    cache.clear()


def test_the_curator_finds_what_was_drawn_for_a_call(curator):
    call, path = make_call_to_draw()
    other = make_artwork(hung=False)
    Client().post(path, sent())
    assert "1 of 30 drawings" in curator.get("/hanging/calls/").text
    page = curator.get(f"/hanging/calls/{call.code}/").text
    work = Artwork.objects.get(maker__name="Ada")
    assert str(work.code) in page
    assert str(other.code) not in page
    assert "Sent for a call" in curator.get(f"/hanging/{work.code}/").text


@pytest.mark.parametrize(
    "change",
    [{"brief": ""}, {"licence": ""}, {"most": 0}, {"most": 501}, {"came": 31}],
)
def test_the_database_refuses_a_call_that_makes_no_sense(change):
    call, _secret = make_call(by=make_user(), brief="A line", licence="CC0 1.0")
    with pytest.raises(IntegrityError), transaction.atomic():
        Call.objects.filter(pk=call.pk).update(**change)


def test_the_database_refuses_a_drawing_that_nobody_agreed_to_give():
    call, _path = make_call_to_draw()
    with pytest.raises(IntegrityError), transaction.atomic():
        Contribution.objects.create(call=call, artwork=make_artwork(), agreed_to="")

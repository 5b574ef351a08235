"""Curators search a museum, pick, and read what became of each pick."""

from __future__ import annotations

import html
import re

import pytest
from django.core.cache import caches
from django.urls import reverse

from gallery.museums import services, thumbnails, turns
from tests.factories import make_user, sign_in
from tests.museums.picking import SEURAT, search, take
from tests.works.pictures import encoded, noise

pytestmark = pytest.mark.django_db


DOORS = [
    ("get", reverse("museums")),
    ("post", reverse("museums-take")),
    ("get", reverse("museums-thumb", args=["artic"])),
]


@pytest.mark.parametrize(("method", "address"), DOORS)
def test_strangers_are_asked_to_sign_in_and_members_are_refused(client, method, address):
    response = getattr(client, method)(address)
    assert response.status_code == 302
    assert response["Location"].startswith("/login/?next=")
    sign_in(client, make_user())
    assert getattr(client, method)(address).status_code == 403


def test_the_hanging_room_leads_to_the_museums(curator):
    assert f'href="{reverse("museums")}"' in curator.get("/hanging/").text


def test_an_empty_form_asks_nobody(curator, museum):
    page = curator.get(reverse("museums"))
    assert page.status_code == 200
    for name in ("The Art Institute of Chicago", "The Metropolitan Museum of Art", "An IIIF"):
        assert name in page.text
    assert museum.asked == []


def test_what_is_found_is_shown_with_its_label_and_a_picture_from_here(curator, chicago):
    page = search(curator)
    assert page.status_code == 200
    assert re.findall(r'name="pick" value="(\d+)"', page.text) == ["27992", "16568"]
    for words in (
        "A Sunday on La Grande Jatte — 1884",
        "Georges Seurat",
        "1884–86",
        "Workshop of Rembrandt van Rijn",
        "CC0 1.0",
        "Nighthawks",
        "Not to be brought in. The museum does not count it to the public domain.",
        "Not to be brought in. The museum shows no picture of it.",
    ):
        assert words in page.text
    pictures = [html.unescape(one) for one in re.findall(r'<img src="([^"]+)"', page.text)]
    assert pictures == [f"/hanging/import/thumb/artic/?id={id}" for id in (27992, 16568)]
    assert chicago.url not in page.text


def test_a_small_picture_is_fetched_once_and_can_be_nothing_else(curator, chicago):
    for _ in range(2):
        search(curator)
    picture = curator.get(reverse("museums-thumb", args=["artic"]), {"id": "27992"})
    assert picture.content.startswith(b"\xff\xd8\xff")
    assert picture["Content-Type"] == "image/jpeg"
    assert picture["X-Content-Type-Options"] == "nosniff"
    assert picture["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert chicago.paths.count(f"{SEURAT}/400,/0/default.jpg") == 1


def test_a_small_picture_that_is_no_longer_kept_is_fetched_again(curator, chicago):
    search(curator)
    caches["museums"].clear()
    picture = curator.get(reverse("museums-thumb", args=["artic"]), {"id": "27992"})
    assert picture.status_code == 200
    assert chicago.paths[-2:] == ["/artic/artworks/27992", f"{SEURAT}/400,/0/default.jpg"]


@pytest.mark.parametrize(
    "sent",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<!doctype html><script>alert(1)</script>",
        b"GIF89a",
        b"",
        b"\xff\xd8\xff" + bytes(thumbnails.MOST_BYTES),
    ],
    ids=lambda sent: repr(sent[:9]),
)
def test_what_is_no_small_picture_is_not_shown(curator, chicago, sent):
    chicago.say(f"{SEURAT}/400,/0/default.jpg", sent)
    page = search(curator)
    assert page.text.count("<img") == 1
    assert 'value="27992"' in page.text  # the work itself may be whole
    address = reverse("museums-thumb", args=["artic"])
    assert curator.get(address, {"id": "27992"}).status_code == 404


@pytest.mark.parametrize(("format", "type"), [("PNG", "image/png"), ("WEBP", "image/webp")])
def test_other_pictures_are_served_as_what_they_are(curator, chicago, format, type):
    chicago.say(f"{SEURAT}/400,/0/default.jpg", encoded(noise(), format))
    search(curator)
    picture = curator.get(reverse("museums-thumb", args=["artic"]), {"id": "27992"})
    assert picture["Content-Type"] == type


@pytest.mark.parametrize(
    ("name", "id"), [("artic", ""), ("artic", "111628"), ("louvre", "1"), ("iiif", "http://a\0#1")]
)
def test_there_is_no_small_picture_of_what_is_not_there(curator, chicago, name, id):
    address = reverse("museums-thumb", args=[name])
    assert curator.get(address, {"id": id}).status_code == 404


def test_a_slow_museum_shows_what_has_come(curator, chicago, monkeypatch):
    monkeypatch.setattr(services, "SEARCH_SECONDS", 0.0)
    page = search(curator).text
    assert "The museum was slow, so this page shows only what has come." in page
    assert re.findall(r'name="pick" value="(\d+)"', page) == ["27992"]


def test_pages_lead_on_while_there_is_more(curator, chicago):
    first, second = search(curator).text, search(curator, page=2).text
    assert 'rel="next" href="?museum=artic&amp;query=park&amp;page=2"' in first
    assert 'rel="prev"' not in first
    assert 'rel="prev" href="?museum=artic&amp;query=park&amp;page=1"' in second
    assert 'rel="next"' not in second


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"query": " "}, "This field is required."),
        ({"query": "a" * 501}, "at most 500 characters"),
        ({"query": "a\0b"}, "Null characters are not allowed."),
        ({"museum": "louvre"}, "louvre is not one of the available choices."),
        ({"page": "0"}, "greater than or equal to 1"),
        ({"page": "99999"}, "less than or equal to 833"),
    ],
)
def test_a_search_that_makes_no_sense_asks_nobody(curator, museum, asked, reason):
    response = curator.get(reverse("museums"), {"museum": "artic", "query": "cats"} | asked)
    assert response.status_code == 422
    assert reason in html.unescape(response.text)
    assert museum.asked == []


def test_a_museum_that_does_not_answer_is_told_at_the_field(curator, museum):
    response = search(curator)
    assert response.status_code == 422
    assert "127.0.0.1 has nothing there. Check the address." in response.text
    assert 'value="park"' in response.text


def test_nothing_found_is_said_so(curator, museum):
    museum.say("/met/v1.1/search", {"total": 0, "objectIDs": None})
    assert "Nothing was found. Try other words." in search(curator, museum="met").text


def test_a_third_curator_is_asked_to_come_back(curator, chicago):
    """So that visitors always find a thread that is free."""
    with turns.place(), turns.place():
        assert "Somebody else is asking museums at this moment." in search(curator).text
        response = take(curator, "27992")
        address = reverse("museums-thumb", args=["artic"])
        assert curator.get(address, {"id": "27992"}).status_code == 404
    assert response.status_code == 503
    assert "Somebody else is asking museums at this moment." in response.text
    assert chicago.asked == []


def test_a_hostile_record_is_shown_as_text(curator, museum):
    said = museum.document("manifest3.json")
    said["label"] = {"en": ["&lt;script&gt;alert(1)&lt;/script&gt;\0"]}
    said["homepage"] = [{"id": 'https://example.org/"onclick="alert(1)'}]
    museum.say("/m", said)
    page = search(curator, f"{museum.url}/m", museum="iiif").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert '"onclick=' not in page

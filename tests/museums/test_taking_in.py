"""What curators pick is taken in, work by work."""

from __future__ import annotations

import html
import re

import pytest
from django.urls import reverse

from gallery.museums import services
from gallery.works.models import Artwork
from tests.museums.picking import SEURAT, search, take
from tests.works.pictures import encoded, noise

pytestmark = pytest.mark.django_db


def plain(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def rows(response) -> list[tuple[str, str]]:
    """The title and the rest of what each line says."""
    found = re.findall(r"<li>(.*?)<br>(.*?)</li>", response.text.split("<h1>")[1], re.S)
    return [(plain(title), plain(said)) for title, said in found]


def test_two_picks_are_taken_in_of_which_one_is_here_already(curator, chicago):
    assert rows(take(curator, "27992")) == [
        ("A Sunday on La Grande Jatte — 1884", "Taken in. It waits for a decision.")
    ]
    first = Artwork.objects.get()
    response = take(curator, "27992", "16568", page="2")
    assert rows(response) == [
        ("A Sunday on La Grande Jatte — 1884", "Here already."),
        ("Portrait of a Man", "Taken in. It waits for a decision."),
    ]
    second = Artwork.objects.exclude(pk=first.pk).get()
    for artwork in (first, second):
        assert reverse("work-preview", args=[artwork.code]) in response.text
    assert 'href="/hanging/import/?museum=artic&amp;query=park&amp;page=2"' in response.text
    assert (first.state, first.medium, first.maker.name) == ("candidate", "image", "Georges Seurat")
    assert (first.title, first.year) == ("A Sunday on La Grande Jatte — 1884", "1884–86")
    assert (first.licence, first.source) == ("CC0 1.0", "https://www.artic.edu/artworks/27992")
    assert first.credit == "The Art Institute of Chicago. Helen Birch Bartlett Memorial Collection"
    assert first.added_by_id == int(curator.session["_auth_user_id"])
    assert first.renditions.count() == 3
    assert "A Sunday on La Grande Jatte" in curator.get("/hanging/").text


def test_the_form_is_not_believed(curator, chicago):
    """Neither what it says of a label nor that a work may be picked."""
    lies = {"title": "Mine", "maker": "Me", "licence": "CC0", "picture": "http://127.0.0.1:1/"}
    assert rows(take(curator, "111628", **lies)) == [
        ("Nighthawks", "Not taken in. The museum does not count it to the public domain.")
    ]
    take(curator, "27992", **lies)
    assert Artwork.objects.get().title == "A Sunday on La Grande Jatte — 1884"
    assert Artwork.objects.get().maker.name == "Georges Seurat"


def test_what_a_museum_says_now_counts_and_not_what_it_said_at_the_search(curator, chicago):
    search(curator)
    answer = chicago.document("artic_search.json")
    chicago.say(
        "/artic/artworks/27992", answer | {"data": answer["data"][0] | {"is_public_domain": False}}
    )
    assert "does not count it to the public domain" in rows(take(curator, "27992"))[0][1]
    assert not Artwork.objects.exists()


def test_a_pick_that_fails_leaves_the_others_alone(curator, chicago, settings):
    chicago.say(f"{SEURAT}/1686,/0/default.jpg", b"<svg/>")
    answer = chicago.document("artic_search.json")
    for id, image in ((7, "damaged"), (8, "large"), (9, "gone")):
        work = answer["data"][0] | {"id": id, "image_id": image, "title": image}
        chicago.say(f"/artic/artworks/{id}", answer | {"data": work})
    usual = "/full/1686,/0/default.jpg"
    chicago.say(f"/iiif/2/damaged{usual}", encoded(noise(), "JPEG")[:-99])
    chicago.say(f"/iiif/2/large{usual}", encoded(noise(), "JPEG") + bytes(2**20))
    settings.UPLOAD_LIMIT_BYTES = 2**20
    response = take(curator, "27992", "7", "8", "9", "404", "x", "16568")
    assert rows(response) == [
        (
            "A Sunday on La Grande Jatte — 1884",
            "Not taken in. This work could not be read: it is not a JPEG, PNG, WebP or AVIF "
            "picture.",
        ),
        (
            "damaged",
            "Not taken in. This work could not be read: the file is damaged or incomplete. "
            "Save the picture anew and try that.",
        ),
        ("large", "Not taken in. 127.0.0.1 sends more than 1 MB. Choose something smaller."),
        ("gone", "Not taken in. 127.0.0.1 has nothing there. Check the address."),
        ("404", "Not taken in. 127.0.0.1 has nothing there. Check the address."),
        ("x", "Not taken in. The museum knows no such work."),
        ("Portrait of a Man", "Taken in. It waits for a decision."),
    ]
    assert Artwork.objects.count() == 1


def test_a_fault_of_the_gallery_itself_leaves_the_others_alone_too(curator, chicago, settings):
    """A disk that takes no files, for instance."""
    settings.MEDIA_ROOT = "/proc/nowhere"
    assert rows(take(curator, "27992", "16568")) == [
        (title, "Not taken in. This gallery failed at it. Its log says why.")
        for title in ("A Sunday on La Grande Jatte — 1884", "Portrait of a Man")
    ]


def test_when_time_is_up_nothing_more_is_begun(curator, chicago, monkeypatch):
    monkeypatch.setattr(services, "TAKE_SECONDS", 0.0)
    response = take(curator, "27992", "16568")
    assert rows(response) == [
        (id, "Not taken in. There was no time left for it. Pick it once more.")
        for id in ("27992", "16568")
    ]
    assert chicago.asked == []


def test_a_work_picked_twice_is_one_work(curator, chicago):
    assert len(rows(take(curator, "27992", "27992"))) == 1


@pytest.mark.parametrize(
    ("picks", "collection", "reason"),
    [
        ([], "artic", "Nothing was picked. Tick a work first."),
        ([str(n) for n in range(13)], "artic", "At most 12 works are brought in at once."),
        (["1"], "louvre", "Search for something first."),
    ],
)
def test_picks_that_cannot_be_taken_in_are_told_why(curator, museum, picks, collection, reason):
    response = take(curator, *picks, museum=collection)
    assert response.status_code == 422
    assert reason in response.text
    assert museum.asked == []


def test_the_way_back_from_a_refusal_leads_to_the_same_search(curator, museum):
    text = take(curator, query="cats & dogs", page="3").text
    assert 'href="/hanging/import/?museum=artic&amp;query=cats+%26+dogs&amp;page=3"' in text


def test_a_work_of_the_met_is_brought_in(curator, museum):
    museum.say("/met/v1.1/search", museum.document("met_search.json"))
    museum.say("/met/v1/objects/45734", museum.document("met_object.json"))
    museum.say("/CRDImages/as/original/DP 251139.jpg", encoded(noise(), "JPEG"))
    museum.say("/CRDImages/as/web-large/DP 251139.jpg", encoded(noise(), "JPEG"))
    page = search(curator, museum="met").text
    assert page.count("<img") == page.count('name="pick"') == 1
    assert rows(take(curator, "45734", museum="met"))[0][1] == "Taken in. It waits for a decision."
    artwork = Artwork.objects.get()
    assert artwork.maker.name == "Attributed to Kiyohara Yukinobu"
    assert artwork.source == "https://www.metmuseum.org/art/collection/search/45734"


def test_pictures_of_a_manifest_are_brought_in(curator, museum):
    address = f"{museum.url}/manifest3.json"
    museum.say("/manifest3.json", museum.document("manifest3.json"))
    museum.say("/images/1/full/400,/0/default.jpg", encoded(noise(), "JPEG"))
    museum.say("/images/1/full/2048,/0/default.jpg", encoded(noise(), "JPEG"))
    page = search(curator, address, museum="iiif").text
    ids = re.findall(r'name="pick" value="([^"]+)"', page)
    assert ids == [f"{address}#0", f"{address}#3"]
    (picture,) = re.findall(r'<img src="([^"]+)"', page)
    assert curator.get(html.unescape(picture)).status_code == 200
    told = rows(take(curator, *ids, f"{address}#1", museum="iiif", query=address))
    assert [said.split(".")[0] for _title, said in told] == [
        "Taken in",
        "Not taken in",  # its file is gone
        "Not taken in",
    ]
    assert "InC" in told[2][1]
    artwork = Artwork.objects.get()
    assert (artwork.title, artwork.licence) == ("A notebook, p. 1", "CC BY 4.0")
    assert (artwork.credit, artwork.source) == (
        "Provided by Example Institution",
        "https://example.org/notebook",
    )

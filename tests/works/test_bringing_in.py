"""Hundreds of works at once, each with an answer of its own."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from gallery.works import services
from gallery.works.likeness import works_like
from gallery.works.models import Artwork
from gallery.works.sandbox import ROOM
from tests.factories import make_artwork, make_user, sign_in
from tests.works.pictures import encoded, noise

pytestmark = pytest.mark.django_db

SHARED = {"maker": "Ada", "licence": "CC0 1.0", "credit": "From her estate", "year": "1843"}


@pytest.fixture
def curator(client):
    sign_in(client, make_user(curator=True))
    return client


def gradient(width: int = 320, height: int = 200) -> Image.Image:
    """A picture with a composition: a bright disc on a slope."""
    picture = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    disc = Image.radial_gradient("L").resize((height // 2, height // 2))
    picture.paste((250, 240, 120), (20, 30), disc.point(lambda v: 255 - v))
    return picture


def send(client, *files: tuple[str, bytes], one: bool = False, **shared: str):
    chosen = [SimpleUploadedFile(name, data) for name, data in files]
    headers = {"X-One-File": "1"} if one else {}
    return client.post("/hanging/many/", SHARED | shared | {"chosen": chosen}, headers=headers)


def states(response) -> list[str]:
    return [
        "busy" if row.busy else "refused" if row.refusal else "new" if row.is_new else "here"
        for row in response.context["rows"]
    ]


def test_each_file_has_its_own_end(curator):
    picture = encoded(noise())
    files = [
        ("A_walk.png", picture),
        ("again.png", picture),
        ("poem.txt", b"Words"),
        ("x.png", b""),
    ]
    response = send(curator, *files)
    assert states(response) == ["new", "here", "new", "refused"]
    works = {work.title: work for work in Artwork.objects.select_related("maker")}
    assert set(works) == {"A walk", "poem"}
    for work in works.values():
        assert (work.maker.name, work.licence, work.year) == ("Ada", "CC0 1.0", "1843")
        assert work.credit == "From her estate"
        assert work.state == "candidate"
    assert "taken in" in response.text
    assert "A_walk.png" in response.text


def test_one_file_alone_is_answered_with_its_row(curator):
    response = send(curator, ("a.png", encoded(noise())), one=True)
    assert response.text.strip().startswith('<li data-state="new">')


@pytest.mark.parametrize("missing", ["maker", "licence", "credit"])
def test_rights_and_credit_are_asked_for_before_anything_is_taken_in(curator, missing):
    response = send(curator, ("a.png", encoded(noise())), one=True, **{missing: ""})
    assert response.status_code == 422
    assert "Nothing was taken in yet" in response.text
    assert "<html" not in response.text
    assert not Artwork.objects.exists()


def test_without_a_file_the_page_says_so(curator):
    response = curator.post("/hanging/many/", SHARED)
    assert response.status_code == 422
    assert "Choose at least one file." in response.text


def test_a_file_that_found_no_room_is_to_be_sent_again(curator, monkeypatch):
    monkeypatch.setattr(services, "UPLOAD_PATIENCE", 0.05)
    with ROOM, ROOM:
        response = send(curator, ("a.png", encoded(noise())), one=True)
    assert response.status_code == 503
    assert 'data-state="busy"' in response.text


def test_what_is_here_is_told_by_its_hash(curator):
    data = encoded(noise())
    send(curator, ("a.png", data))
    sha256 = hashlib.sha256(data).hexdigest()
    page = curator.post("/hanging/many/here/", {"sha256": [sha256, "0" * 64]}).text
    assert f'data-sha256="{sha256}"' in page
    assert page.count("<li") == 1


def test_a_name_is_a_title_and_nothing_else(curator):
    send(curator, ("../../etc/pass_wd.png", encoded(noise())), ("a" * 200 + ".txt", b"Words"))
    titles = set(Artwork.objects.values_list("title", flat=True))
    assert titles == {"pass wd", "a" * 200}


def test_a_picture_that_looks_like_another_is_named(curator):
    send(curator, ("first.png", encoded(gradient())))
    smaller = encoded(gradient().resize((200, 125)), "JPEG", quality=60)
    page = send(curator, ("second.jpg", smaller), ("other.png", encoded(noise()))).text
    assert page.count("Looks like “first” by Ada.") == 1
    first, second = Artwork.objects.get(title="first"), Artwork.objects.get(title="second")
    assert works_like(second, Artwork.objects.all()) == [first]
    assert "Looks like “second” by Ada" in curator.get(f"/hanging/{first.code}/").text


def ticked(curator, deed: str, *works: Artwork, **label: str) -> str:
    data = {"deed": deed, "work": [str(work.code) for work in works]} | label
    return str(curator.post("/hanging/selected/", data, follow=True).text)


def test_ticked_works_are_hung_together_save_those_without_a_licence(curator):
    free, bare = make_artwork(hung=False), make_artwork(hung=False, licence="")
    assert "1 of 2 works was changed." in ticked(curator, "hang", free, bare)
    assert list(Artwork.objects.hung()) == [free]


def test_ticked_works_are_labelled_together(curator):
    works = [make_artwork(hung=False, credit="old") for _ in range(3)]
    assert "2 of 2 works were changed." in ticked(curator, "label", *works[:2], credit="new")
    assert sorted(Artwork.objects.values_list("credit", flat=True)) == ["new", "new", "old"]
    assert all(work.title for work in Artwork.objects.all())


def test_a_line_that_is_too_long_changes_no_label(curator):
    work = make_artwork(hung=False)
    page = ticked(curator, "label", work, year="1" * 41)
    assert "at most 40 characters" in page
    assert "0 of 1 works" in page


def test_what_is_nobodys_work_is_passed_over(curator):
    data = {"deed": "discard", "work": ["nothing", "00000000-0000-4000-8000-000000000000"]}
    assert curator.post("/hanging/selected/", data).status_code == 302
    assert curator.post("/hanging/selected/", {"deed": "burn"}).status_code == 302


def test_a_label_is_changed_on_the_works_page(curator):
    work = make_artwork()
    values = {"maker": "Grace", "title": "Wire", "licence": "CC0 1.0"}
    assert curator.post(f"/hanging/{work.code}/label/", values).status_code == 302
    page = curator.get(f"/hanging/{work.code}/").text
    assert "Wire" in page
    assert "label changed" in page
    refused = curator.post(f"/hanging/{work.code}/label/", values | {"licence": ""})
    assert refused.status_code == 422


def test_a_work_is_withdrawn_with_a_reason(curator):
    work = make_artwork()
    address = f"/hanging/{work.code}/withdraw/"
    assert curator.post(address).status_code == 422
    page = curator.post(address, {"reason": "The family asked for it"}, follow=True).text
    assert "was withdrawn" in page
    assert "The family asked for it" in page
    assert "Hang it again" in page

"""Curators bring works in, see them as raters will, and decide."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gallery.works import services
from gallery.works.models import Artwork
from gallery.works.sandbox import ROOM
from tests.factories import make_artwork, make_user, sign_in
from tests.works.pictures import encoded, noise

pytestmark = pytest.mark.django_db

LABEL = {"maker": "Ada", "title": "Noise", "year": "1843", "licence": "CC0 1.0"}
NO_CODE = "00000000-0000-4000-8000-000000000000"
DOORS = [
    ("get", "hanging", []),
    ("get", "work-new", []),
    ("post", "work-new", []),
    ("get", "work-preview", [NO_CODE]),
    ("get", "work-blind", [NO_CODE]),
    ("post", "work-hang", [NO_CODE]),
    ("post", "work-discard", [NO_CODE]),
    ("post", "work-withdraw", [NO_CODE]),
    ("post", "work-label", [NO_CODE]),
]


@pytest.fixture
def curator(client):
    sign_in(client, make_user(curator=True))
    return client


def upload(client, data: bytes, name: str = "work.png", **label: str):
    file = SimpleUploadedFile(name, data)
    return client.post("/hanging/new/", LABEL | label | {"file": file})


def errors(response) -> list[str]:
    return [error for field in response.context["form"].errors.values() for error in field]


@pytest.mark.parametrize(("method", "name", "args"), DOORS)
def test_strangers_are_asked_to_sign_in_and_members_are_refused(client, method, name, args):
    address = reverse(name, args=args)
    response = getattr(client, method)(address)
    assert response.status_code == 302
    comes_back_to = address if method == "get" else "/"
    assert response["Location"] == f"/login/?next={comes_back_to}"
    sign_in(client, make_user())
    assert getattr(client, method)(address).status_code == 403


@pytest.mark.parametrize(("method", "name", "args"), DOORS[3:])
def test_what_is_not_there_is_not_found(curator, method, name, args):
    assert getattr(curator, method)(reverse(name, args=args)).status_code == 404


def test_an_admin_may_do_what_a_curator_may(client):
    sign_in(client, make_user(admin=True))
    assert client.get("/hanging/").status_code == 200


def test_decisions_are_not_made_by_following_links(curator):
    artwork = make_artwork(hung=False)
    for name in ("work-hang", "work-discard"):
        assert curator.get(reverse(name, args=[artwork.code])).status_code == 405


def test_a_picture_goes_from_the_form_to_the_wall(curator, client):
    response = upload(curator, encoded(noise()), source="attic")
    artwork = Artwork.objects.get()
    assert response["Location"] == reverse("work-preview", args=[artwork.code])
    assert (artwork.state, artwork.title, artwork.maker.name) == ("candidate", "Noise", "Ada")
    assert artwork.added_by_id == int(curator.session["_auth_user_id"])
    preview = curator.get(response["Location"]).text
    assert reverse("work-blind", args=[artwork.code]) in preview
    for words in ("As raters will see it", "Noise", "Ada", "1843", "CC0 1.0", "attic"):
        assert words in preview
    blind = curator.get(reverse("work-blind", args=[artwork.code]))
    assert blind.content == artwork.renditions.get(kind="blind").file.read()
    assert curator.get(reverse("work-thumb", args=[artwork.code])).status_code == 200
    said = curator.post(reverse("work-hang", args=[artwork.code]), follow=True).text
    assert "“Noise” hangs." in said
    client.logout()
    assert client.get(artwork.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("how", ["typed", "file"])
def test_a_text_may_be_typed_or_sent(curator, how):
    if how == "typed":
        curator.post("/hanging/new/", LABEL | {"text": "  “Hello”\r\nthere"})
    else:
        upload(curator, "  “Hello”\r\nthere".encode(), "Poem.TXT")
    artwork = Artwork.objects.get()
    assert (artwork.medium, artwork.text) == ("text", '  "Hello"\nthere\n')
    preview = curator.get(reverse("work-preview", args=[artwork.code])).text
    assert "  &quot;Hello&quot;\nthere" in preview
    assert curator.get(reverse("work-blind", args=[artwork.code])).status_code == 404


def test_when_no_child_is_free_for_long_the_curator_is_asked_to_come_back(curator, monkeypatch):
    monkeypatch.setattr(services, "UPLOAD_PATIENCE", 0.05)
    with ROOM, ROOM:
        response = upload(curator, encoded(noise()))
    assert response.status_code == 503
    sentence = "Many pictures are coming in at this moment. Send it again in a minute."
    assert errors(response) == [sentence]
    assert sentence in response.text
    assert not Artwork.objects.exists()
    assert upload(curator, encoded(noise())).status_code == 302


def test_a_text_that_begins_like_a_picture_is_a_text(curator):
    upload(curator, b"RIFF raff, said the dog", "poem.txt")
    assert Artwork.objects.get().text == "RIFF raff, said the dog\n"


def test_a_picture_named_as_a_text_is_still_a_picture(curator):
    upload(curator, encoded(noise()), "poem.txt")
    assert Artwork.objects.get().medium == "image"


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ({}, "file", "Choose a file, or type a text below."),
        ({"text": "words", "file": encoded(noise())}, "text", "Send a file or a text, not both."),
        ({"file": b"<svg/>"}, "file", "it is not a JPEG, PNG, WebP or AVIF picture."),
        ({"file": encoded(noise())[:-99]}, "file", "the file is damaged or incomplete."),
        ({"file": b""}, "file", "The submitted file is empty."),
        ({"text": "a" * 20_001}, "text", "This text is longer than 20 kB."),
        ({"text": " \u200b\n"}, "text", "This text is empty."),
        ({"text": "words", "maker": " "}, "maker", "This field is required."),
        ({"text": "words", "licence": ""}, "licence", "This field is required."),
        ({"text": "words", "title": "t" * 301}, "title", "at most 300 characters"),
    ],
)
def test_a_refusal_stands_at_its_field_and_what_was_typed_stays(curator, values, field, reason):
    values = LABEL | {"credit": "Thanks, Bea"} | values
    if "file" in values:
        values["file"] = SimpleUploadedFile("work.png", values["file"])
    response = curator.post("/hanging/new/", values)
    assert response.status_code == 422
    assert any(reason in error for error in response.context["form"].errors[field])
    assert 'value="Thanks, Bea"' in response.text
    assert not Artwork.objects.exists()


def test_too_large_a_file_is_refused_at_the_form(curator, settings):
    settings.UPLOAD_LIMIT_BYTES = 2**20
    response = upload(curator, bytes(2**20 + 1))
    assert response.status_code == 422
    assert errors(response) == ["This file is larger than 1 MB. Save it smaller and try again."]


def test_a_work_that_is_here_already_is_named(curator):
    data = encoded(noise())
    upload(curator, data, title="First")
    response = upload(curator, data, title="Second")
    assert response.status_code == 422
    assert errors(response) == ["This work is here already: “First” by Ada."]


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "a\u202egpj.exe", "n" * 300 + ".png", "CON.jpg", "🖼.png", "x.", "a\0b"],
)
def test_a_files_name_reaches_neither_storage_nor_pages(curator, name):
    response = upload(curator, encoded(noise()), name)
    artwork = Artwork.objects.get()
    stored = [artwork.original_path, *(str(one.file.name) for one in artwork.renditions.all())]
    for path in stored:
        assert re.fullmatch(r"(originals|renditions)/[0-9a-f/]+(\.webp)?", path)
    assert name not in curator.get(response["Location"]).text


def test_a_work_without_a_licence_hangs_once_it_has_one(curator):
    artwork = make_artwork(hung=False, licence="")
    hang = reverse("work-hang", args=[artwork.code])
    refused = curator.post(hang)
    assert refused.status_code == 422
    assert "What allows this gallery to show it?" in refused.text
    curator.post(hang, {"licence": "CC BY 4.0"})
    artwork.refresh_from_db()
    assert (artwork.state, artwork.licence) == ("hung", "CC BY 4.0")


def test_a_licence_once_given_is_not_replaced_by_hanging(curator):
    artwork = make_artwork(hung=False, licence="CC0 1.0")
    curator.post(reverse("work-hang", args=[artwork.code]), {"licence": "All mine"})
    artwork.refresh_from_db()
    assert (artwork.state, artwork.licence) == ("hung", "CC0 1.0")


def test_a_discarded_work_is_kept_and_stays_discarded(curator):
    artwork = make_artwork(hung=False)
    curator.post(reverse("work-discard", args=[artwork.code]))
    said = curator.post(reverse("work-hang", args=[artwork.code]), follow=True).text
    assert "was decided before; nothing has changed." in said
    artwork.refresh_from_db()
    assert artwork.state == "discarded"
    assert "Hang it" not in curator.get(reverse("work-preview", args=[artwork.code])).text


def listed(page: str) -> list[str]:
    return re.findall(r'href="/hanging/([0-9a-f-]{36})/"', page)


def test_the_room_lists_what_waits_page_by_page(curator, django_assert_num_queries):
    waiting = [make_artwork(hung=False) for _ in range(50)]
    make_artwork()
    # session, user, role three times, count, waiting, collections in two places
    with django_assert_num_queries(9):
        page = curator.get("/hanging/").text
    assert listed(page) == [str(work.code) for work in reversed(waiting[2:])]
    assert 'href="?page=2"' in page


@pytest.mark.parametrize("state", ["hung", "discarded"])
def test_the_room_finds_what_was_decided(curator, state):
    works = [
        make_artwork(hung=state == "hung", state=state, title=title)
        for title in ("A cow", "A barn")
    ]
    make_artwork(hung=False, title="A barn")
    page = curator.get(f"/hanging/?state={state}&find=barn+A").text
    assert listed(page) == [str(works[1].code)]
    assert "no work of this state" in curator.get("/hanging/?find=nothing").text.lower()
    assert curator.get("/hanging/?state=nowhere").status_code == 200


def test_an_empty_room_says_what_will_wait_here(curator):
    assert "Nothing waits." in curator.get("/hanging/").text

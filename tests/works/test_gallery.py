"""The public wall shows what may be signed, and nothing else of anything else."""

import re
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from gallery.studies.identity import remember
from gallery.works.wall import WALLS, wall_class
from tests.factories import ONE_PIXEL, make_artwork, make_rater, make_study, make_user, sign_in

pytestmark = pytest.mark.django_db

ADDRESSES = ["work", "work-picture", "work-thumb"]


def codes(response) -> set[str]:
    return set(re.findall(r'href="/works/([0-9a-f-]{36})/"', response.text))


def test_the_wall_shows_hung_works_with_their_labels(client):
    artwork = make_artwork(title="Sunflowers", year="1888")
    page = client.get("/works/")
    assert codes(page) == {str(artwork.code)}
    for words in ("Sunflowers", "1888", artwork.maker.name):
        assert words in page.text


def test_an_empty_wall_says_what_will_hang_here(client):
    assert "Works appear once a curator has hung them" in client.get("/works/").text


@pytest.mark.parametrize("state", ["candidate", "discarded"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_what_does_not_hang_has_no_public_address(client, state, address):
    artwork = make_artwork(hung=False, state=state)
    assert client.get(reverse(address, args=[artwork.code])).status_code == 404
    assert codes(client.get("/works/")) == set()


def test_works_of_an_open_study_are_nowhere(client):
    study = make_study(2)
    free = make_artwork()
    assert codes(client.get("/works/")) == {str(free.code)}
    for one in study.works.select_related("artwork"):
        for address in ADDRESSES:
            assert client.get(reverse(address, args=[one.artwork.code])).status_code == 404


def test_works_return_when_the_study_closes(client):
    study = make_study(2)
    type(study).objects.update(state="closed", closed_at=now(), ended_by="admin")
    assert len(codes(client.get("/works/"))) == 4


@pytest.mark.parametrize("revealed", [True, False])
def test_a_rater_finds_them_after_the_reveal_and_not_before(client, revealed):
    study = make_study(2)
    rater = make_rater(study, revealed_at=now() if revealed else None)
    response = HttpResponse()
    remember(response, rater)
    client.cookies.update(response.cookies)
    assert len(codes(client.get("/works/"))) == (4 if revealed else 0)
    shown = rater.trials.get(position=1).study_work.artwork
    for address in ADDRESSES:
        status = client.get(reverse(address, args=[shown.code])).status_code
        assert status == (200 if revealed else 404)


def test_the_sentence_filters(client):
    picture, text = make_artwork(), make_artwork(medium="text")
    machine = make_artwork("machine")
    old = make_artwork(hung_at=now().replace(year=2020))
    shown = {
        "": {picture, text, machine, old},
        "?by=machine": {machine},
        "?by=human&what=image": {picture, old},
        "?what=text": {text},
        "?hung=year": {picture, text, machine},
        "?hung=month&by=human": {picture, text},
        "?by=angel&what=%00&hung=1%27&page=x": {picture, text, machine, old},
    }
    for query, works in shown.items():
        assert codes(client.get(f"/works/{query}")) == {str(work.code) for work in works}


def test_a_wall_has_twenty_four_works_and_costs_two_queries(client, django_assert_num_queries):
    for _ in range(25):
        make_artwork()
    with django_assert_num_queries(2):
        first = client.get("/works/")
    second = client.get("/works/?page=2")
    assert (len(codes(first)), len(codes(second))) == (24, 1)
    assert 'href="?page=2"' in first.text


def test_htmx_gets_the_wall_alone(client):
    make_artwork()
    page = client.get("/works/", headers={"HX-Request": "true"})
    assert page.text.strip().startswith('<section id="wall"')
    assert "<html" not in page.text
    assert "HX-Request" in page["Vary"]


def test_every_proportion_has_its_class_in_the_style_sheet():
    css = Path("static/css/works.css").read_text()
    shares = dict(re.findall(r"\.(wall-\d+) { --share: ([\d.]+); }", css))
    assert len(shares) == WALLS + 1
    for width, height in [(100, 100), (300, 200), (200, 300), (4, 1), (1, 4), (1000, 201)]:
        share = float(shares[wall_class("image", width, height)])
        assert share == pytest.approx(width / height, rel=0.0125)
    assert wall_class("image", 1, 9) == "wall-0"
    assert wall_class("image", 99, 1) == f"wall-{WALLS}"
    assert float(shares[wall_class("text", 0, 0)]) == pytest.approx(0.8, rel=0.01)


def test_a_picture_is_served_inert_and_without_its_name(client, django_assert_num_queries):
    artwork = make_artwork()
    with django_assert_num_queries(1):
        response = client.get(reverse("work-picture", args=[artwork.code]))
    assert response["Content-Type"] == "image/webp"
    assert response["Content-Disposition"] == 'inline; filename="work.webp"'
    assert response["Cache-Control"] == "private, no-cache"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert not response.has_header("Last-Modified")
    rendition = artwork.renditions.get(kind="display")
    assert response.content == rendition.file.read()
    rendition.file.delete(save=False)
    assert client.get(reverse("work-picture", args=[artwork.code])).status_code == 404


def test_a_picture_is_sent_again_only_when_it_is_another(client):
    """And then at once: what was turned and cut must not be seen as it was."""
    artwork = make_artwork()
    address = reverse("work-thumb", args=[artwork.code])
    tag = client.get(address)["ETag"]
    rendition = artwork.renditions.get(kind="thumb")
    assert str(rendition.file.name).rpartition("/")[2].partition(".")[0] not in tag
    again = client.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert (again["ETag"], again["Cache-Control"]) == (tag, "private, no-cache")
    rendition.file.save("another.webp", ContentFile(ONE_PIXEL))
    after = client.get(address, headers={"If-None-Match": tag})
    assert after.status_code == 200
    assert after["ETag"] != tag


def test_knowing_a_pictures_tag_opens_nothing(client):
    """Of a work that hung once, and whose label is turned over now."""
    study = make_study(1)
    hidden = study.works.first()
    assert hidden
    sign_in(client, make_user(curator=True))
    address = reverse("work-thumb", args=[hidden.artwork.code])
    tag = client.get(address)["ETag"]
    assert Client().get(address, headers={"If-None-Match": tag}).status_code == 404


def test_a_machines_work_tells_its_whole_recipe(client, django_assert_num_queries):
    content = make_artwork(title="Old town")
    hidden = make_study(1).works.first()
    assert hidden
    recipe = {
        "generator": "entropy",
        "version": 3,
        "params": {"size": 512, "jitter_px": 8},
        "seed": 77,
        "run": "11111111-1111-4111-8111-111111111111",
        "run_seed": 7,
        "index": 1,
        "torch": "2.13.0",
        "weights_sha256": "abc123",
        "inputs": [str(content.code), str(hidden.artwork.code)],
    }
    artwork = make_artwork("machine", recipe=recipe)
    make_artwork("machine", recipe=recipe | {"index": 0}, hung=False)
    make_artwork("machine", recipe=recipe | {"index": 2}, hung=False)
    with django_assert_num_queries(7):
        page = client.get(artwork.get_absolute_url()).text
    assert "Number 2 of the 3 works that one run made; 1 of them hang." in page
    assert "Old town" in page
    assert content.get_absolute_url() in page
    assert "a work that is unsigned for now" in page
    assert hidden.artwork.title not in page
    assert str(hidden.artwork.code) not in page
    for words in ("Jitter px", "512", "77", "2.13.0", "Weights (SHA-256)", "abc123"):
        assert words in page


def test_a_persons_work_tells_its_label(client, django_assert_num_queries):
    artwork = make_artwork(credit="Thanks to Bea", source="attic", licence="CC BY 4.0")
    with django_assert_num_queries(4):
        page = client.get(artwork.get_absolute_url()).text
    for words in (artwork.title, artwork.maker.name, "Thanks to Bea", "attic", "CC BY 4.0"):
        assert words in page
    assert "How it was made" not in page


def test_nothing_that_a_label_or_text_says_becomes_markup(client):
    script = "<script>alert(1)</script>"
    artwork = make_artwork(
        medium="text", text=script + "\n", title=script, credit=script, source=script
    )
    for address in ("/works/", artwork.get_absolute_url()):
        page = client.get(address).text
        assert script not in page
        assert "&lt;script&gt;" in page


def test_a_signed_in_member_is_a_visitor_here(client):
    sign_in(client, make_user())
    artwork = make_artwork(hung=False)
    assert client.get(reverse("work-thumb", args=[artwork.code])).status_code == 404


def test_the_entrance_shows_no_noise(client):
    noise, work = make_artwork("machine", source_class="noise"), make_artwork()
    html = client.get("/").text
    assert str(work.code) in html
    assert str(noise.code) not in html
    work.withdraw("Lent elsewhere")
    assert str(noise.code) not in client.get("/").text

"""The machine artists' portraits, on the studio's page and on their own."""

import re
from html import unescape

import pytest
from django.http import QueryDict

from gallery.runs.artists import artists
from gallery.runs.forms import RunForm
from gallery.runs.models import Output, Run
from gallery.works.models import Artwork
from generators.catalog import GENERATORS
from generators.portraits import PORTRAITS
from tests.factories import make_artwork, make_run, make_study, make_user, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    """A client that is signed in as an admin."""
    sign_in(client, make_user("ada", admin=True))
    return client


def painted(generator: str = "gan", **kw) -> Artwork:
    artwork = make_artwork("machine", **kw)
    Output.objects.create(run=make_run(generator=generator, params={}), index=0, artwork=artwork)
    return artwork


def samples(name: str) -> list[Artwork]:
    return next(artist.samples for artist in artists() if artist.generator.name == name)


def test_each_artist_shows_its_three_newest_works_that_hang():
    works = [painted() for _ in range(4)]
    painted(hung=False)
    words = painted("letters", medium="text")
    assert samples("gan") == works[:0:-1]
    assert samples("letters") == [words]
    assert samples("can") == []


def test_a_work_that_an_open_study_asks_about_is_no_sample():
    work = painted(sha256="f" * 64)
    study = make_study(2)
    row = study.works.filter(artwork__origin="machine").first()
    assert row
    Output.objects.create(run=make_run(generator="gan"), index=0, artwork=row.artwork)
    assert samples("gan") == [work]
    study.close()
    assert set(samples("gan")) == {work, row.artwork}


@pytest.mark.parametrize("name", GENERATORS)
def test_its_own_page_tells_all_of_it(admin, name):
    work = painted(name, medium=GENERATORS[name].medium)
    html = admin.get(f"/studio/new/{name}/").text
    for told in (PORTRAITS[name].manner, GENERATORS[name].paper):
        assert told in html
    assert f'href="{PORTRAITS[name].link}"' in html
    assert f'href="{work.get_absolute_url()}"' in html
    assert ("Its knob:" in html) == bool(GENERATORS[name].knob)


def test_the_studio_shows_each_artist_with_its_paper_and_its_works(admin):
    work = painted()
    html = admin.get("/studio/").text
    for portrait in PORTRAITS.values():
        assert f'href="{portrait.link}"' in html
    assert f'href="{work.get_absolute_url()}"' in html
    assert html.count('class="samples plain"') == 1
    assert "for everyone to see yet" not in html


def test_an_artist_without_works_says_so_on_its_page(admin):
    html = admin.get("/studio/new/can/").text
    assert "No work of this artist hangs here for everyone to see yet." in html


def presets(html: str) -> list[str]:
    """The addresses that a page proposes."""
    (nav,) = re.findall(r'<nav class="presets".*?</nav>', html, re.DOTALL)
    return [unescape(address) for address in re.findall(r'href="([^"]+)"', nav)]


@pytest.mark.parametrize("name", GENERATORS)
def test_each_preset_fills_the_form_and_can_be_sent_as_it_is(admin, name):
    content = make_artwork(medium=GENERATORS[name].medium)
    addresses = presets(admin.get(f"/studio/new/{name}/").text)
    assert len(addresses) == len(PORTRAITS[name].presets)
    for address, preset in zip(addresses, PORTRAITS[name].presets, strict=True):
        form = RunForm.filled(GENERATORS[name], QueryDict(address.partition("?")[2]))
        values = {field.name: field.value() for field in form}
        assert values | dict(preset.values) == values
        assert admin.get(address).status_code == 200
        sent = {k: v for k, v in values.items() if v is not None and v is not False}
        if GENERATORS[name].content_for(GENERATORS[name].parse(preset.values)) == "required":
            sent["content"] = str(content.code)
        if GENERATORS[name].most_styles and GENERATORS[name].styles_required:
            sent["styles"] = str(content.code)
        Run.objects.all().delete()  # a person's queue has its bounds
        response = admin.post(f"/studio/new/{name}/", sent)
        assert response.status_code == 302, response.text
        assert Run.objects.get().params.items() >= dict(preset.values).items()


def test_an_address_fills_what_it_names_and_leaves_the_rest(admin):
    html = admin.get("/studio/new/deep_style/?size=256&keep_colours=True&count=3").text
    assert re.search(r'name="size"[^>]*value="256"|value="256"[^>]*name="size"', html)
    assert re.search(r'<input[^>]*name="keep_colours"[^>]*checked', html)
    assert re.search(r'<input[^>]*name="count"[^>]*value="3"|value="3"[^>]*name="count"', html)
    assert not re.search(r'<input[^>]*name="interpolate"[^>]*checked', html)


@pytest.mark.parametrize(
    "query", ["size=wide", "size=", "brush=9", "count=x", "keep_colours=False"]
)
def test_what_an_address_cannot_mean_is_left_out(admin, query):
    html = admin.get(f"/studio/new/deep_style/?{query}").text
    assert re.search(r'<input[^>]*name="size"[^>]*value="512"', html)
    assert not re.search(r'<input[^>]*name="keep_colours"[^>]*checked', html)
    assert 'class="errorlist"' not in html


def test_an_address_out_of_bounds_is_judged_when_it_is_sent(admin):
    response = admin.get("/studio/new/deep_style/?size=9999&count=9999")
    assert (response.status_code, 'value="9999"' in response.text) == (200, True)
    assert admin.post("/studio/new/deep_style/", {"size": "9999"}).status_code == 422


def test_more_works_cost_no_more_queries(django_assert_num_queries):
    for name in ("gan", "can", "letters"):
        for _ in range(5):
            painted(name)
    with django_assert_num_queries(1):
        assert len(artists()) == len(GENERATORS)


def test_a_sample_is_a_picture_with_words_for_it(admin):
    painted()
    html = admin.get("/studio/new/gan/").text
    assert re.search(r'<img src="/works/[^"]+"[^>]*alt="Work 1 by GAN"', html, re.DOTALL)

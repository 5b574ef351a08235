"""The form that commissions a run: works to choose from, and many settings kept calm."""

import re

import pytest

from gallery.runs.models import Input, Run
from tests.factories import make_artwork, make_run, make_user, sign_in

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
DEEP_STYLE = "/studio/new/deep_style/"
INCEPTIONISM = "/studio/new/inceptionism/"
LETTERS = "/studio/new/letters/"


@pytest.fixture
def admin(client):
    """A client that is signed in as an admin."""
    sign_in(client, make_user("ada", admin=True))
    return client


def offered(html: str, name: str) -> list[str]:
    """The codes of the works that `name` offers, in the order of the page."""
    return re.findall(rf'name="{name}"\s+value="([0-9a-f-]{{36}})"', html)


def chosen(html: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}"\s+value="([0-9a-f-]{{36}})"\s+checked', html)


def more(html: str) -> str:
    """The settings that wait behind “More settings”, from the tag on."""
    return html[html.index('<details class="more"') : html.index("</details>")]


def is_open(html: str) -> bool:
    return more(html).partition(">")[0].split()[-1] == "open"


def test_works_by_people_and_machines_are_offered_as_content_and_as_styles(admin):
    works = [make_artwork(), make_artwork("machine")]
    for other in (make_artwork(hung=False), make_artwork(medium="text")):
        assert str(other.code) not in admin.get(DEEP_STYLE).text
    html = admin.get(DEEP_STYLE).text
    for name, kind in (("content", "radio"), ("styles", "checkbox")):
        assert offered(html, name) == [str(work.code) for work in reversed(works)]
        assert len(re.findall(rf'type="{kind}"\s+name="{name}"', html)) == 2


def test_chosen_works_are_queued_in_the_order_of_the_page(admin):
    content, *styles = (make_artwork() for _ in range(4))
    codes = [str(styles[n].code) for n in (1, 2, 0)]
    response = admin.post(DEEP_STYLE, {"count": "1", "content": content.code, "styles": codes})
    run = Run.objects.get()
    assert response["Location"] == run.get_absolute_url()
    used = [(one.role, str(one.artwork.code)) for one in run.inputs.all()]
    assert used == [("content", str(content.code)), *(("style", code) for code in codes)]


def test_a_refused_form_shows_what_was_chosen_first(admin):
    works = [str(make_artwork().code) for _ in range(6)]
    asked = {"count": "1", "content": works[0], "styles": works[:5]}
    response = admin.post(DEEP_STYLE, asked)
    assert response.status_code == 422
    html = response.text
    assert offered(html, "styles")[:5] == chosen(html, "styles") == works[:5]
    assert offered(html, "content")[0] == works[0]
    assert chosen(html, "content") == works[:1]
    at_field = html[html.index('class="contents several"') :]
    assert "takes 4 such works at most" in at_field


@pytest.mark.parametrize(
    ("styles", "sentence"),
    [
        ([], "Choose a work whose manner to take."),
        (["not-a-code"], "is not a valid UUID"),
        (["00000000-0000-4000-8000-000000000000"], "Select a valid choice"),
    ],
)
def test_styles_that_are_no_works_are_refused_at_their_field(admin, styles, sentence):
    content = make_artwork()
    asked = {"count": "1", "content": str(content.code), "styles": styles}
    response = admin.post(DEEP_STYLE, asked)
    assert response.status_code == 422
    assert sentence in response.text[response.text.index('class="contents several"') :]
    assert not Run.objects.exists()


def test_a_guide_is_chosen_like_a_content_or_not_at_all(admin):
    guide = make_artwork()
    html = admin.get(INCEPTIONISM).text
    assert re.search(r'type="radio" name="styles" value="" checked', html)
    plain = admin.post(INCEPTIONISM, {"count": "1", "content": "", "styles": ""})
    assert plain.status_code == 302
    asked = {"count": "1", "objective": "guide"}
    refused = admin.post(INCEPTIONISM, asked)
    assert "choose the guide" in refused.text
    assert admin.post(INCEPTIONISM, {**asked, "styles": str(guide.code)}).status_code == 302
    assert Input.objects.get().artwork == guide


def test_an_estimate_tells_of_works_that_will_not_do(admin):
    asked = {"count": "1", "objective": "guide", "estimate": "yes"}
    html = admin.post(INCEPTIONISM, asked, headers=HTMX).text
    assert "choose the guide" in html


def test_works_are_found_by_title_or_maker_and_the_chosen_ones_stay(admin):
    old = make_artwork(title="Reeds in the rain")
    kept = make_artwork(title="Harbour")
    reeds = make_artwork(title="Rain on reeds")
    by_reed = make_artwork(title="Rain", maker=make_artwork(title="Dusk").maker)
    by_reed.maker.name = "Ann Reed"
    by_reed.maker.save()
    asked = {"find": " REED rain ", "content": str(kept.code), "styles": [str(kept.code)]}
    asked |= {"look": "yes", "size": "300", "count": "7", "interpolate": "on"}
    html = admin.post(DEEP_STYLE, asked).text
    found = [str(work.code) for work in (kept, by_reed, reeds, old)]
    for name in ("content", "styles"):
        assert offered(html, name) == found
        assert chosen(html, name) == [str(kept.code)]
    assert 'value="REED rain"' in html
    assert 'name="size" value="300"' in html
    assert 'name="count" value="7"' in html
    assert re.search(r'name="interpolate"[^>]* checked', html)
    assert not re.search(r'name="keep_colours"[^>]* checked', html)
    assert "errorlist" not in html
    assert not Run.objects.exists()
    fragment = admin.post(DEEP_STYLE, asked, headers=HTMX)
    assert fragment.status_code == 200
    assert fragment.text.strip().startswith('<div id="offers"')
    assert offered(fragment.text, "styles") == found


def test_words_that_find_nothing_are_told(admin):
    make_artwork()
    html = admin.post(DEEP_STYLE, {"look": "yes", "find": "<b>zebra"}).text
    assert "No work that hangs has these words" in html
    assert "<b>zebra" not in html


def test_more_works_cost_no_more_queries(admin, django_assert_max_num_queries):
    for _ in range(70):
        make_artwork()
    with django_assert_max_num_queries(10):
        html = admin.get(DEEP_STYLE).text
    assert len(offered(html, "content")) == len(offered(html, "styles")) == 60
    assert "The newest 60 of 70 works" in html


def test_a_network_is_chosen_from_a_list_and_never_a_path(admin):
    html = admin.get(DEEP_STYLE).text
    assert re.search(r'<option value="tiny-robust" selected>', html)
    work = str(make_artwork().code)
    asked = {"count": "1", "content": work, "styles": work}
    response = admin.post(DEEP_STYLE, {**asked, "network": "file:/etc/secret.safetensors"})
    assert response.status_code == 422
    assert "Select a valid choice" in response.text


def test_proportions_are_asked_for_only_where_they_can_matter(admin):
    assert 'name="aspect"' not in admin.get(DEEP_STYLE).text  # its content has its own
    assert 'name="aspect"' in admin.get(INCEPTIONISM).text
    run = make_run(generator="inceptionism", params={"aspect": 1.0})
    Input.objects.create(run=run, role="content", artwork=make_artwork())
    html = admin.get(f"{INCEPTIONISM}?from={run.code}").text
    assert 'name="aspect" value' not in html


def test_what_can_wait_is_folded_away(admin):
    html = admin.get(DEEP_STYLE).text
    assert not is_open(html)
    for name in ("network", "method", "content_weight", "size", "count"):
        assert html.count(f'name="{name}"') == 1
        assert f'name="{name}"' not in more(html)
    for name in ("weight_4", "redraw", "seed", "interpolate"):
        assert f'name="{name}"' in more(html)
    assert "<details" not in admin.get("/studio/new/entropy/").text


@pytest.mark.parametrize(
    ("name", "value", "opened"),
    [
        ("steps", "12", True),
        ("steps", "150", False),
        ("steps", "many", True),
        ("seed", "7", True),
        ("interpolate", "on", True),
        ("area", "edges", True),
        ("size", "1", False),
    ],
)
def test_it_is_open_where_something_is_wrong_or_changed(admin, name, value, opened):
    untouched = dict(
        re.findall(r'<input[^>]*name="(\w+)" value="([^"]+)"', admin.get(DEEP_STYLE).text)
    )
    untouched |= {"area": "everywhere"}
    html = admin.post(DEEP_STYLE, untouched | {name: value}).text
    assert is_open(html) is opened


def test_the_form_opens_as_a_run_was_asked_for(admin):
    content, *styles = (make_artwork() for _ in range(3))
    params = {"size": 96, "steps": 12, "keep_colours": True, "network": "random", "aspect": 1.0}
    run = make_run(generator="deep_style", params=params, count=3, seed=1234567)
    for position, artwork in enumerate(styles):
        Input.objects.create(run=run, role="style", position=position, artwork=artwork)
    Input.objects.create(run=run, role="content", artwork=content)
    html = admin.get(f"{DEEP_STYLE}?from={run.code}").text
    assert chosen(html, "content") == [str(content.code)]
    assert chosen(html, "styles") == [str(artwork.code) for artwork in styles]
    for name, value in (("size", 96), ("steps", 12), ("count", 3)):
        assert f'name="{name}" value="{value}"' in html
    assert re.search(r'name="keep_colours"[^>]* checked', html)
    assert re.search(r'<option value="random" selected>', html)
    assert is_open(html)
    assert "1234567" not in html  # another seed, or it would only be the same work
    assert "for all 3 works" in html


def test_proportions_that_were_drawn_are_not_asked_for_again(admin):
    run = make_run(params={"size": 96, "aspect": 1.0}, aspects=[0.7])
    html = admin.get(f"/studio/new/entropy/?from={run.code}").text
    aspect = re.search(r'<input[^>]*name="aspect"[^>]*>', html)
    assert aspect
    assert "value=" not in aspect[0]


def test_a_run_that_is_no_run_opens_nothing(admin):
    for code in ("", "x", "00000000-0000-4000-8000-000000000000"):
        assert admin.get(f"{DEEP_STYLE}?from={code}").status_code == 404


def test_a_run_of_an_older_catalog_opens_what_is_left_of_it(admin):
    run = make_run(generator="inceptionism", params={"network": "vgg16", "wit": 3, "size": 9000})
    html = admin.get(f"{INCEPTIONISM}?from={run.code}").text
    assert 'name="size" value="9000"' in html
    assert "on one ordinary processor core" in html


def test_a_generator_of_texts_offers_texts_to_start_from(admin):
    text, other = (make_artwork(medium="text", text=f"Words, {n}.\n") for n in ("one", "two"))
    picture, candidate = make_artwork(), make_artwork(medium="text", hung=False)
    html = admin.get(LETTERS).text
    assert offered(html, "content") == [str(other.code), str(text.code)]
    assert "Words, one." in html
    for work in (picture, candidate):
        assert str(work.code) not in html
    asked = {"count": "2", "variant": "shuffled words", "content": str(text.code)}
    assert admin.post(LETTERS, asked).status_code == 302
    run = Run.objects.get()
    assert run.inputs.get().artwork == text
    assert "Starts from" in admin.get(run.get_absolute_url()).text
    assert chosen(admin.get(f"{LETTERS}?from={run.code}").text, "content") == [str(text.code)]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"variant": "drawn words"}, "choose one"),
        ({"content": "text"}, "No work has a part in this"),
        ({"variant": "drawn words", "content": "picture"}, "Select a valid choice"),
    ],
)
def test_a_text_that_is_missing_or_has_no_part_is_refused_at_its_field(admin, asked, sentence):
    works = {"text": make_artwork(medium="text"), "picture": make_artwork()}
    if "content" in asked:
        asked = asked | {"content": str(works[asked["content"]].code)}
    response = admin.post(LETTERS, {"count": "1", **asked})
    assert response.status_code == 422
    assert sentence in response.text[response.text.index('class="contents"') :]
    assert not Run.objects.exists()

"""The admin's part: who may open and close a study, and what they are shown."""

import pytest

from gallery.studies.blueprints import BLUEPRINTS
from gallery.studies.models import State, Study
from gallery.studies.study_form import filled_in
from gallery.works.models import Artwork
from tests.factories import make_artwork, make_study, make_user, sign_in
from tests.studies.visitors import rate_all, sit_down

pytestmark = pytest.mark.django_db
BARE = {
    name: "" if value is None else value
    for name, value in filled_in(BLUEPRINTS["coherence-surprise"]).items()
    if value is not False
}
WORDS = BARE | {
    "title": "Light and dark",
    "purpose": "?",
    "medium": "image",
    "trials_per_rater": "4",
}


def opened(admin, **change) -> Study:
    """Draft a study and open it, as an admin does."""
    drafted = admin.post("/studies/new/", WORDS | change)
    assert drafted.status_code == 302, drafted.context["form"].errors
    slug = drafted.headers["Location"].split("/")[2]
    assert admin.get(drafted.headers["Location"]).status_code == 200
    response = admin.post(f"/studies/{slug}/open/")
    assert response.headers["Location"] == f"/studies/{slug}/"
    return Study.objects.get(slug=slug)


@pytest.fixture
def admin(client):
    sign_in(client, make_user(admin=True))
    return client


@pytest.fixture
def _works():
    for _ in range(3):
        make_artwork("human")
        make_artwork("machine")


@pytest.mark.parametrize(
    "url", [f"/studies/{page}/" for page in ("new", "some/open", "some/drop", "some/close")]
)
def test_only_admins_open_and_close_studies(client, url):
    assert client.post(url, WORDS).headers["Location"].startswith("/login/")
    for person in (make_user(), make_user(curator=True)):
        sign_in(client, person)
        assert client.post(url, WORDS).status_code == 403
    assert not Study.objects.exists()


@pytest.mark.usefixtures("_works")
def test_an_admin_opens_a_study_of_all_that_hangs(admin):
    assert "<td>3</td>" in admin.get("/studies/new/").content.decode()
    study = opened(admin)
    assert study.slug == "light-and-dark"
    assert study.state == State.OPEN
    assert study.works.count() == 6


@pytest.mark.usefixtures("_works")
def test_two_clicks_on_one_page_open_one_study(admin):
    form = admin.get("/studies/new/").context["form"]
    sent = {**WORDS, "code": form["code"].value(), "per_arm": "2", "trials_per_rater": "2"}
    for _ in range(3):  # the first leaves works for one more, the second does not find any
        admin.post("/studies/new/", sent)
        assert Study.objects.count() == 1
    assert form["code"].value() != admin.get("/studies/new/").context["form"]["code"].value()


def test_an_admin_opens_a_study_on_works_that_nobody_has_seen_signed(admin):
    works = [make_artwork(side, hung=False) for side in ("human", "machine") for _ in range(2)]
    make_artwork("human", hung=False, licence="")
    assert admin.get("/studies/new/").content.decode().count("<td>2</td>") == 2
    opened(admin)
    assert set(Study.objects.get().works.values_list("artwork", flat=True)) == {
        work.pk for work in works
    }
    assert not Artwork.objects.signed_for(()).exists()
    Study.objects.get().close()
    assert Artwork.objects.signed_for(()).count() == 4


@pytest.mark.usefixtures("_works")
def test_an_admin_may_take_so_many_from_each_side(admin):
    assert sorted(
        opened(admin, per_arm="2").works.filter(role="rated").values_list("arm", flat=True)
    ) == ["a", "a", "b", "b"]


@pytest.mark.usefixtures("_works")
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": ""}, "This field is required"),
        ({"trials_per_rater": "5"}, "A sitting shows an even number of works"),
        ({"trials_per_rater": "8"}, "One side has only 3 works"),
        ({"per_arm": "1"}, "One side has only 1 works"),
        ({"per_arm": "0"}, "greater than or equal to 1"),
        ({"medium": "text"}, "There is no work by a"),
        ({"medium": "smell"}, "Select a valid choice"),
        ({"trials_per_rater": "9" * 30}, "A sitting shows an even number of works"),
    ],
)
def test_a_study_that_cannot_be_opened_says_why_and_keeps_the_words(admin, change, sentence):
    response = admin.post("/studies/new/", {**WORDS, **change})
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert 'value="Light and dark"' in page or change.get("title") == ""
    assert not Study.objects.exists()


@pytest.mark.usefixtures("_works")
@pytest.mark.parametrize(("title", "slug"), [("New", "new-2"), ("光", "study"), ("Some", "some-2")])
def test_every_title_gets_an_address_of_its_own(admin, title, slug):
    make_study(1, slug="some")
    admin.post("/studies/new/", {**WORDS, "title": title})
    assert Study.objects.get(title=title).slug == slug


def test_an_admin_closes_a_study_for_good(admin):
    study = make_study(1)
    admin.post(f"/studies/{study.slug}/close/")
    study.refresh_from_db()
    ended = study.closed_at
    assert study.state == State.CLOSED
    admin.post(f"/studies/{study.slug}/close/")
    study.refresh_from_db()
    assert study.closed_at == ended


def test_the_list_shows_admins_progress_and_others_none(admin, django_assert_num_queries):
    study = make_study(2)
    client, rater = sit_down(study)
    rate_all(client, rater)
    sit_down(study)
    text = "2 began, 0 finished, 4 works rated."
    # session, user, second factor twice, studies with their counts
    with django_assert_num_queries(5):
        assert text in admin.get("/studies/").content.decode()
    assert text not in client.get("/studies/").content.decode()


def test_home_asks_for_the_newest_open_study(client):
    page = client.get("/").content.decode()
    assert "No study is open just now" in page
    assert "ratings" not in page.lower()
    study = make_study(8)
    page = client.get("/").content.decode()
    assert "Rate 16 works (5 minutes)" in page
    assert study.get_absolute_url() in page
    assert "No ratings yet: yours will be the first." in page
    sit_down(study, client)
    assert "Go on where you left off" in client.get("/").content.decode()


def test_home_hangs_a_picture_that_no_open_study_holds(client):
    study = make_study(2)
    assert "<img" not in client.get("/").content.decode()
    free = make_artwork("human")
    page = client.get("/").content.decode()
    assert f"/works/{free.code}/picture/" in page
    assert free.title not in page
    assert not any(str(work.artwork.code) in page for work in study.works.all())

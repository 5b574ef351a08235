"""Pictures are turned and cut, for everybody or for raters alone; the original stays."""

import io
from itertools import product

import pytest
from PIL import Image, ImageChops

from gallery.works.decoding import UPRIGHT, developed, master, opened
from gallery.works.framing import TURNS, Framing, before, cut
from gallery.works.ingest import prepare
from gallery.works.models import Artwork, Medium
from gallery.works.reframing import reframe
from gallery.works.services import NotNow, record
from tests.factories import make_study, make_user, sign_in
from tests.works.pictures import encoded, label, noise, quadrants

CHANGES = [None, *Image.Transpose]
SIGNED = Framing(hidden=(0, 0, 20, 0))


def turned(picture: Image.Image, change: Image.Transpose | None) -> Image.Image:
    return picture if change is None else picture.transpose(change)


@pytest.mark.parametrize(("first", "second"), list(product(CHANGES, CHANGES)))
def test_to_cut_first_and_then_turn_is_to_turn_first_and_then_cut(first, second):
    picture, box = noise(40, 80), (0.1, 0.2, 0.7, 0.9)
    cut_last = cut(turned(turned(picture, first), second), box)
    cut_first = turned(turned(cut(picture, before(before(box, second), first)), first), second)
    assert cut_first.size == cut_last.size
    assert cut_first.tobytes() == cut_last.tobytes()


@pytest.mark.parametrize("turn", [0, *TURNS])
@pytest.mark.parametrize("orientation", [1, *UPRIGHT])
def test_a_photograph_is_framed_as_it_is_seen(orientation, turn):
    """Whatever way the camera was held: the corner that is kept is that of the upright picture."""
    upright = quadrants(96, 64)
    as_taken = upright
    for way, change in UPRIGHT.items():
        if way == orientation:
            undo = {5: 5, 6: 8, 7: 7, 8: 6}.get(way, way)
            as_taken = upright.transpose(UPRIGHT[undo]) if undo in UPRIGHT else upright
            assert as_taken.transpose(change).tobytes() == upright.tobytes()
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(as_taken, "PNG", exif=exif)
    framed = master(opened(data), Framing(turn, margins=(0, 45, 45, 0)))
    expected = turned(upright, TURNS.get(turn))
    assert framed.getpixel((2, 2)) == expected.getpixel((2, 2))
    assert framed.size == (round(expected.width * 0.55), round(expected.height * 0.55))


def test_what_is_cut_off_for_raters_is_seen_by_all_others():
    picture = Image.new("RGB", (640, 480), "white")
    picture.paste("red", (0, 400, 640, 480))  # where a signature stands
    _told, [display, _thumb, blind] = developed(encoded(picture), [90], SIGNED)

    def red(webp: bytes) -> bool:
        channels = Image.open(io.BytesIO(webp)).convert("RGB").split()
        bright, dark = channels[0].point(lambda v: v > 200), channels[1].point(lambda v: v < 90)
        return ImageChops.multiply(bright.point(lambda v: 255 * v), dark).getbbox() is not None

    assert red(display)
    assert not red(blind)


@pytest.fixture
def curator(client):
    sign_in(client, make_user("ada", curator=True))
    return client


@pytest.fixture
def work(curator) -> Artwork:
    return record(prepare(Medium.IMAGE, encoded(noise(800, 600))), label())


VALUES = {
    f"{part}_{side}": 0
    for part in ("margins", "hidden")
    for side in ("top", "right", "bottom", "left")
}


def ask(curator, work: Artwork, **values: int):
    return curator.post(f"/hanging/{work.code}/framing/", VALUES | {"turn": 0} | values)


@pytest.mark.django_db(transaction=True)
def test_a_curator_turns_and_cuts_a_picture(curator, work):
    original, files = work.sha256, list(work.renditions.order_by("kind"))
    assert ask(curator, work, turn=90, margins_top=25).status_code == 302
    work.refresh_from_db()
    assert (work.width, work.height) == (600, 600)
    assert work.sha256 == original
    display = work.renditions.get(kind="display")
    assert (display.width, display.height) == (600, 600)
    for file in files:
        assert not file.file.storage.exists(file.file.name)
    assert work.changes.get(deed="framed").by == "ada"
    assert curator.get(f"/hanging/{work.code}/blind/")["Cache-Control"] == "no-store"
    ask(curator, work)
    work.refresh_from_db()
    assert (work.framing, work.width, work.height) == (None, 800, 600)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("values", [{"turn": 45}, {"margins_top": 46}, {"hidden_left": -1}])
def test_what_cannot_be_is_refused_at_its_field(curator, work, values):
    response = ask(curator, work, **values)
    assert response.status_code == 422
    assert 'class="errorlist"' in response.text
    assert Artwork.objects.get().framing is None


@pytest.mark.django_db(transaction=True)
def test_no_more_is_cut_off_than_a_study_can_do_without(curator, work):
    response = ask(curator, work, margins_left=40, margins_top=30, hidden_right=40, hidden_top=10)
    assert "Less than 400 px would be left" in response.text
    assert Artwork.objects.get().framing is None


@pytest.mark.django_db(transaction=True)
def test_what_a_study_has_shown_stays_as_it_was_shown():
    study = make_study(2)
    artwork = Artwork.objects.filter(study_works__study=study)[0]
    with pytest.raises(NotNow, match="it stays so"):
        reframe(artwork, SIGNED, by=make_user())


@pytest.mark.django_db(transaction=True)
def test_a_text_is_not_framed(curator):
    text = record(prepare(Medium.TEXT, b"Words"), label())
    assert ask(curator, text).status_code == 404
    assert "Turn and cut" not in curator.get(f"/hanging/{text.code}/").text

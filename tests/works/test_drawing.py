"""What is drawn here is kept as strokes, and the picture is what the strokes make."""

import io
import json

import pytest
from django.db import IntegrityError, transaction
from PIL import Image

from gallery.works.drawing import MOST_STROKES, PAPER, SIDE, Strokes, TooMuchInk, drawn, strokes_of
from gallery.works.models import Artwork, Drawing
from tests.factories import make_artwork, make_user, sign_in

LABEL = {"maker": "Ada", "title": "A line", "licence": "CC0 1.0", "brief": "One red line"}


def stroke(**values: object) -> dict[str, object]:
    line = [(100.0, 512.0), (900.0, 512.0)]
    usual = {"brush": "pen", "colour": "#ff0000", "width": 40, "at": 0, "points": line}
    return usual | values


def sheet(*strokes: dict[str, object]) -> str:
    return json.dumps({"strokes": strokes})


def picture(*strokes: dict[str, object]) -> Image.Image:
    return Image.open(io.BytesIO(drawn(strokes_of(sheet(*strokes)))))


def test_a_pen_covers_a_wash_lets_through_and_a_rubber_brings_the_paper_back():
    paper = picture(stroke(points=[(5.0, 5.0)])).getpixel((900, 900))
    assert paper == tuple(bytes.fromhex(PAPER[1:]))
    assert picture(stroke()).getpixel((512, 512)) == (255, 0, 0)
    thin = picture(stroke(brush="wash")).getpixel((512, 512))
    assert thin not in {paper, (255, 0, 0)}
    crossing = [(512.0, 0.0), (512.0, 512.0), (512.0, 1000.0)]
    assert picture(stroke(), stroke(brush="rubber", points=crossing)).getpixel((512, 512)) == paper


def test_a_wash_that_crosses_itself_is_no_darker_there():
    loop = [(200.0, 200.0), (800.0, 800.0), (800.0, 200.0), (200.0, 800.0)]
    image = picture(stroke(brush="wash", points=loop))
    assert image.getpixel((500, 500)) == image.getpixel((300, 300))


def test_the_same_strokes_give_the_same_bytes():
    once = strokes_of(sheet(stroke(), stroke(brush="wash", points=[(3.0, 4.0)])))
    assert drawn(once) == drawn(Strokes.model_validate(once.model_dump(mode="json")))
    assert Image.open(io.BytesIO(drawn(once))).size == (SIDE, SIDE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        sheet(),
        sheet(*[stroke()] * (MOST_STROKES + 1)),
        sheet(stroke(points=[])),
        sheet(stroke(points=[[1, 2]] * 5001)),
        sheet(stroke(points=[[1e9, 2]])),
        sheet(stroke(width=float("nan"))),
        sheet(stroke(colour="red")),
        sheet(stroke(colour="#ff0000; url(x)")),
        sheet(stroke(brush="spray")),
        sheet(stroke(width=0)),
        sheet(stroke(more=1)),
    ],
)
def test_what_is_no_drawing_is_refused(text):
    with pytest.raises(ValueError):
        strokes_of(text)


@pytest.fixture
def curator(client):
    sign_in(client, make_user(curator=True))
    return client


@pytest.mark.django_db(transaction=True)
def test_a_drawing_becomes_a_work_by_a_person(curator):
    strokes = sheet(stroke(), stroke(at=75.2, points=[(10.0, 10.0), (10.0, 900.0)]))
    response = curator.post("/hanging/draw/", LABEL | {"strokes": strokes})
    artwork = Artwork.objects.get()
    assert response["Location"] == f"/hanging/{artwork.code}/"
    assert (artwork.origin, artwork.state, artwork.width) == ("human", "candidate", SIDE)
    assert (artwork.drawing.brief, artwork.drawing.seconds) == ("One red line", 75)
    page = curator.get(response["Location"]).text
    assert "Drawn here in 2 strokes." in page
    assert "Asked for: One red line" in page
    assert (artwork.consent, artwork.consent_note) == ("awaited", "")
    again = curator.post("/hanging/draw/", LABEL | {"strokes": strokes})
    assert "This work is here already" in again.text


@pytest.mark.django_db(transaction=True)
def test_whoever_draws_here_agrees_with_a_tick(curator):
    curator.post("/hanging/draw/", LABEL | {"strokes": sheet(stroke()), "agreed": "on"})
    artwork = Artwork.objects.get()
    assert (artwork.consent, artwork.consent_note) == (
        "given",
        "With a tick, as it was drawn here.",
    )
    assert artwork.lacks_nothing


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("missing", ["maker", "licence", "strokes"])
def test_a_refused_drawing_is_not_lost(curator, missing):
    sent = LABEL | {"strokes": sheet(stroke())} | {missing: ""}
    response = curator.post("/hanging/draw/", sent)
    assert response.status_code == 422
    assert missing == "strokes" or "&quot;pen&quot;" in response.text
    assert not Artwork.objects.exists()


@pytest.mark.django_db
def test_the_database_refuses_a_drawing_without_strokes():
    with pytest.raises(IntegrityError), transaction.atomic():
        Drawing.objects.create(artwork=make_artwork(), strokes=[], seconds=1)


def test_a_sheet_that_is_filled_with_broad_washes_is_taken_and_one_that_is_for_a_machine_is_not():
    """Who makes it may not keep everybody waiting, and who draws by hand may not be told so."""
    back_and_forth = [(100 + 8 * n, 200 + 300 * (n % 2)) for n in range(60)]
    washes = [stroke(brush="wash", width=100, points=back_and_forth)] * 120
    assert strokes_of(sheet(*washes))
    with pytest.raises(TooMuchInk):
        strokes_of(sheet(*washes * 10))
    with pytest.raises(TooMuchInk):
        strokes_of(sheet(*[stroke(width=1, points=[(1.0, 1.0)] * 5000)] * 41))

"""Labels go out as a sheet and come back changed, tried first."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gallery.works.models import Artwork
from gallery.works.sheet import SheetRefused, text_of, tried, written
from tests.factories import make_artwork, make_study, make_user, sign_in

pytestmark = pytest.mark.django_db
HEADER = "work,maker,title,year,licence,credit,source,consent,consent_note\r\n"


@pytest.fixture
def curator(client):
    sign_in(client, make_user("ada", curator=True))
    return client


def bring_back(curator, text: str, **more: str):
    file = SimpleUploadedFile("labels.csv", text.encode())
    return curator.post("/hanging/labels/", {"file": file} | more)


def test_a_sheet_that_comes_back_as_it_went_changes_nothing(curator):
    for title in ("=1+1", "'quoted'", "-3°", 'a "word", said', "ж 中"):
        make_artwork(hung=False, title=title)
    make_artwork("machine", hung=False)
    text = b"".join(curator.get("/hanging/labels.csv").streaming_content).decode()
    assert "'=1+1" in text
    assert not [
        row
        for row in tried(text_of(text.encode()), Artwork.objects.all())
        if row.changes or row.problem
    ]


def test_it_is_tried_first_and_then_done(curator):
    work, other = make_artwork(hung=False), make_artwork(hung=False)
    text = f"title;work;credit\n{other.title};{other.code};\nWire;{work.code};Her estate\n"
    page = bring_back(curator, text)
    assert "What would change" in page.text
    assert "1 row changes nothing." in page.text
    assert Artwork.objects.get(pk=work.pk).title != "Wire"
    done = curator.post("/hanging/labels/", {"text": page.context["text"], "do": "1"}, follow=True)
    assert "1 label was changed." in done.text
    work.refresh_from_db()
    assert (work.title, work.credit, work.licence) == ("Wire", "Her estate", "CC0 1.0")
    assert work.changes.get().by == "ada"


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"work": "nobody"}, "There is no work with this code."),
        ({"year": "9" * 41}, "at most 40 characters"),
        ({"maker": ""}, "This field is required."),
        ({"licence": ""}, "A work that hangs needs a licence."),
    ],
)
def test_a_row_that_cannot_be_done_stays_as_it_is(curator, cells, problem):
    work, good = make_artwork(), make_artwork()
    row = {"work": str(work.code), "maker": "Ada", "title": "A", "year": "1", "licence": "CC0"}
    lines = [",".join((row | cells).values()), ",".join((row | {"work": str(good.code)}).values())]
    text = "work,maker,title,year,licence\n" + "\n".join(lines)
    page = bring_back(curator, text)
    assert problem in page.text
    curator.post("/hanging/labels/", {"text": text, "do": "1"})
    assert Artwork.objects.get(pk=work.pk).title == work.title
    assert Artwork.objects.get(pk=good.pk).title == "A"


def test_a_sealed_line_is_told_before_anything_is_done(curator):
    artwork = Artwork.objects.filter(study_works__study=make_study(2))[0]
    page = bring_back(curator, f"work,title\n{artwork.code},Other\n")
    assert "A study has sealed maker, title and year of this work." in page.text
    assert (
        not bring_back(curator, f"work,credit\n{artwork.code},Thanks\n").context["rows"][0].problem
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"title\nWire\n", "no column “work”"),
        (b"", "no column “work”"),
        ("Zoë".encode("latin-1"), "not UTF-8"),
        (b"work\n" + b"x" * 3_000_000, "larger than 2 MB"),
        (b"work\n" + b"x\n" * 5001, "more than 5,000 rows"),
        (b'work\n"' + b"x" * 200_000, "no sheet"),
    ],
)
def test_what_is_no_sheet_is_refused(data, reason):
    with pytest.raises(SheetRefused, match=reason):
        tried(text_of(data), Artwork.objects.all())


def test_a_sheet_is_written_without_holding_it(curator):
    works = (make_artwork(hung=False) for _ in range(2))
    lines = list(written(works))
    assert lines[0] == "\ufeff" + HEADER
    assert len(lines) == 3

"""Spreadsheets come in as strangers send them, and nothing that a file says is believed."""

import io
import random
import tracemalloc
import zipfile
from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gallery.works import ods
from gallery.works.models import Artwork
from gallery.works.ods import OdsRefused, rows_of
from gallery.works.sheet import text_of, tried
from tests.factories import make_artwork, make_user, sign_in

# As LibreOffice 24 opens a content.xml, shortened.
NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "drawing")
)
OPENING = f"<office:document-content {NAMES}><office:body><office:spreadsheet>"
CLOSING = "</office:spreadsheet></office:body></office:document-content>"
# What it writes below and beside the cells that are used.
REST = (
    '<table:table-row table:number-rows-repeated="1048574">'
    '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
)


def cell(text: str, more: str = "") -> str:
    return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def table(*rows: str) -> str:
    return f'<table:table table:name="One"><table:table-column/>{"".join(rows)}{REST}</table:table>'


def packed(
    xml: str | bytes, *, kind: str = ods.MIMETYPE, packing: int = zipfile.ZIP_DEFLATED
) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing) as archive:
        if kind:
            archive.writestr(zipfile.ZipInfo("mimetype"), kind)
        archive.writestr("content.xml", xml)
    return file.getvalue()


def sheet(*rows: str) -> bytes:
    return packed(OPENING + table(*rows) + CLOSING)


def test_cells_hold_what_they_show():
    note = "<office:annotation><text:p>A note</text:p></office:annotation><text:p>Wire</text:p>"
    drawn = "<drawing:frame><text:p>Drawn</text:p></drawing:frame><text:p>Rope</text:p>"
    shown = row(
        cell("1889", 'office:value-type="float" office:value="1889"'),
        "<table:table-cell>" + note + "</table:table-cell>",
        "<table:table-cell>" + drawn + "</table:table-cell>",
        "<table:covered-table-cell/>",
        cell('a<text:s text:c="2"/>b<text:tab/>c <text:span>d</text:span>&amp;e'),
        "<table:table-cell><text:p>two</text:p><text:p>lines</text:p></table:table-cell>",
        '<table:table-cell office:value-type="string" office:string-value="unshown"/>',
        cell("2", 'table:formula="of:=1+1"'),
        '<table:table-cell table:number-columns-repeated="16376"/>',
    )
    assert rows_of(sheet(shown)) == [
        ["1889", "Wire", "Rope", "", "a  b c d&e", "two\nlines", "unshown", "2"]
    ]


def test_what_is_repeated_stands_there_as_often():
    twice = 'table:number-columns-repeated="2"'
    three = 'table:number-rows-repeated="3"'
    group = f"<table:table-row-group>{row(cell('end'))}</table:table-row-group>"
    rows = rows_of(sheet(row(cell("a", twice), cell("b"), more=three), row(more=three), group))
    assert rows == [["a", "a", "b"]] * 3 + [[]] * 3 + [["end"]]


def test_only_the_first_sheet_is_read():
    second = table(row(cell("second")))
    xml = OPENING + table(row(cell("first"))) + second + CLOSING
    assert rows_of(packed(xml)) == [["first"]]
    assert rows_of(packed(OPENING + CLOSING)) == []


def test_what_is_written_here_is_read_as_it_was():
    rows = [["work", "title"], ["1", "=1+1 <b> & “ж 中”"], ["2", "\x00'-3°"], ["", "last"]]
    file = io.BytesIO()
    ods.write(rows, file)
    with zipfile.ZipFile(file) as archive:
        assert archive.infolist()[0].filename == "mimetype"
        assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED
    assert rows_of(file.getvalue()) == [*rows[:2], ["2", "'-3°"], rows[3]]


DOCTYPE = '<!DOCTYPE a [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
MANY = 'table:number-columns-repeated="1048576"'
FULL = 'table:number-rows-repeated="1048576"'
LARGE = "x" * 1_000_000
HOSTILE = {
    "a million full rows": (sheet(row(cell("x"), more=FULL)), "more than 5,000 rows"),
    "a row after a million": (sheet(row(more=FULL), row(cell("x"))), "more than 5,000 rows"),
    "a million full columns": (sheet(row(cell("x", MANY))), "more than 200 columns"),
    "a cell after a million": (
        sheet(row(f"<table:table-cell {MANY}/>", cell("x"))),
        "more than 200 columns",
    ),
    "long cells repeated": (
        sheet(row(cell(LARGE, 'table:number-columns-repeated="200"'))),
        "more than 2 MB of text",
    ),
    "long rows repeated": (
        sheet(row(cell(LARGE), more='table:number-rows-repeated="5000"')),
        "more than 2 MB of text",
    ),
    "spaces counted": (sheet(row(cell('<text:s text:c="999999999"/>'))), "more than 2 MB of text"),
    "much text": (sheet(row(cell("x" * 3_000_000))), "more than 2 MB of text"),
    "a bomb": (packed(OPENING + " " * 20_000_000 + CLOSING), "too large"),
    "many elements": (packed(OPENING + "<table:table>" + "<a/>" * 400_000), "too large"),
    "entities": (packed(DOCTYPE + OPENING + "&b;" + CLOSING), "no spreadsheet writes"),
    "an outer file": (
        packed(f'<!DOCTYPE a SYSTEM "file:///etc/passwd">{OPENING}{CLOSING}'),
        "no spreadsheet writes",
    ),
    "a deep nest": (packed(OPENING + "<table:table>" * 200_000), "damaged"),
    "a wide tag": (
        packed(OPENING + "<a " + " ".join(f'b{n}=""' for n in range(900_000)) + "/>" + CLOSING),
        "damaged",
    ),
    "half of it": (sheet(row(cell("x")))[:200], "damaged"),
    "no XML": (packed("work,title"), "damaged"),
    "an unknown encoding": (packed('<?xml version="1.0" encoding="none"?><a/>'), "damaged"),
    "a packing that takes memory": (
        packed(OPENING + CLOSING, packing=zipfile.ZIP_LZMA),
        "damaged",
    ),
    "an xlsx": (packed("<a/>", kind=""), "no OpenDocument spreadsheet"),
    "a text document": (
        packed(OPENING + CLOSING, kind="application/vnd.oasis.opendocument.text"),
        "no OpenDocument spreadsheet",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_words_and_little_memory(name):
    data, sentence = HOSTILE[name]
    tracemalloc.start()
    try:
        with pytest.raises(OdsRefused, match=sentence):
            rows_of(data)
        assert tracemalloc.get_traced_memory()[1] < 32 * 2**20
    finally:
        tracemalloc.stop()


def test_numbers_that_are_none_repeat_nothing():
    for number in ("-5", "0", "1e9", "", "²", "9" * 5000):
        told = f'table:number-columns-repeated="{number}"'
        assert rows_of(sheet(row(cell("x", told)))) == [["x"]]


def test_damage_anywhere_is_refused_or_harmless():
    whole = sheet(row(cell("work"), cell("title")), *(row(cell(str(n))) for n in range(40)))
    draw = random.Random(5)
    for _ in range(1000):
        data = bytearray(whole)
        for _ in range(draw.randint(1, 6)):
            data[draw.randrange(len(data))] = draw.randrange(256)
        with suppress(OdsRefused):
            rows_of(bytes(data))


@pytest.fixture
def curator(client):
    sign_in(client, make_user("ada", curator=True))
    return client


@pytest.mark.django_db
def test_a_spreadsheet_that_comes_back_as_it_went_changes_nothing(curator):
    for title in ("=1+1", "'=1+1", "'quoted'", "-3°", 'a "word", said', "ж; 中"):
        make_artwork(hung=False, title=title)
    make_artwork("machine", hung=False)
    answer = curator.get("/hanging/labels.ods")
    assert answer.headers["Content-Type"] == ods.MIMETYPE
    data = b"".join(answer.streaming_content)
    rows = tried(text_of(data), Artwork.objects.all())
    assert len(rows) == 7
    assert not [row for row in rows if row.changes or row.problem]


@pytest.mark.django_db
def test_a_spreadsheet_is_tried_first_and_then_done(curator):
    work = make_artwork(hung=False)
    data = sheet(
        row(cell("Work "), cell("title, or name"), cell("title")),
        row(),
        row(cell(str(work.code)), cell("-"), cell("=Wire")),
    )
    page = curator.post("/hanging/labels/", {"file": SimpleUploadedFile("a.ods", data)})
    assert [one.number for one in page.context["rows"]] == [2, 3]
    assert "There is no work with this code." in page.text
    assert Artwork.objects.get().title != "=Wire"
    curator.post("/hanging/labels/", {"text": page.context["text"], "do": "1"})
    assert Artwork.objects.get().title == "=Wire"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["a bomb", "entities", "an xlsx"])
def test_the_page_tells_what_to_do_with_a_file_that_was_refused(curator, name):
    data, sentence = HOSTILE[name]
    page = curator.post("/hanging/labels/", {"file": SimpleUploadedFile("labels.ods", data)})
    assert page.status_code == 422
    assert sentence in page.text

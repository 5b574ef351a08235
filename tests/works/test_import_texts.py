"""Texts of a folder are split into passages as the catalogue or the command says."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError

from gallery.works.models import Artwork
from tests.works.importing import HEADER, catalogue, run, works_in

pytestmark = pytest.mark.django_db

POEMS = "ROSES.\n\nRed ones.\n\n\n\nREEDS.\n\nThey bend.\nThey bend.\n\n\n\nA longer one:\n"
POEMS += "it goes on\n" * 20
SPLIT = ["split", "gap", "shortest", "longest", "headings"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return works_in(tmp_path)


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """A folder with poems.txt and code.txt in it."""
    folder = tmp_path / "works"
    folder.mkdir()
    (folder / "poems.txt").write_text(POEMS)
    (folder / "code.txt").write_text("def one():\n    return 1\n\n\ndef two():\n    return 2\n")
    return folder


def test_texts_are_split_as_the_catalogue_says_and_labelled_with_the_part(texts):
    label = ["Emily", "1890", "Public domain", "thanks", "shelf"]
    listed = catalogue(
        texts,
        ["works/poems.txt", "Poems", *label, "poem", "3", "", "100", ""],
        ["works/code.txt", "", *label, "function", "", "", "", ""],
        header=[*HEADER[:-1], *SPLIT],
    )
    said, refused = run(texts, "--catalogue", listed)
    assert said == "4 hung, 0 kept as candidates, 0 already here, 1 refused, 0 ignored."
    assert refused == [
        "row 2, works/poems.txt, A longer one: it has 234 characters, and at most 100 are wanted"
    ]
    hung = {work.title: work for work in Artwork.objects.hung()}
    assert set(hung) == {"Poems, ROSES", "Poems, REEDS", "code, one", "code, two"}
    reeds = hung["Poems, REEDS"]
    assert reeds.text == "They bend.\nThey bend.\n"
    assert (reeds.maker.name, reeds.year, reeds.licence) == ("Emily", "1890", "Public domain")
    assert (reeds.credit, reeds.source) == ("thanks", "shelf")
    assert hung["code, two"].text == "def two():\n    return 2\n"


def test_passages_come_in_once_whatever_else_is_asked(texts):
    asked = ("--split", "poem", "--gap", "3")
    said, _ = run(texts, *asked, "--longest", "30")
    assert said == "0 hung, 2 kept as candidates, 0 already here, 2 refused, 0 ignored."
    said, _ = run(texts, *asked)
    assert said == "0 hung, 2 kept as candidates, 2 already here, 0 refused, 0 ignored."
    assert Artwork.objects.count() == 4


def test_a_dry_run_splits_as_well(texts):
    said, refused = run(texts, "--split", "function", "--dry-run")
    assert "0 hung, 2 kept as candidates, 0 already here, 1 refused" in said
    assert refused == ["poems.txt: the rule “function” finds nothing in it"]
    assert not Artwork.objects.exists()


def test_the_maker_may_stand_in_the_text(texts):
    (texts / "tang.txt").write_text("鹿柴\n王維\n空山不見人，\n\n春曉\n孟浩然\n春眠不覺曉，\n")
    listed = catalogue(texts, ["tang.txt", "Tang poems", "various"])
    run(texts, "--catalogue", listed, "--split", "poem", "--headings", "title, maker")
    assert {(work.title, work.maker.name) for work in Artwork.objects.all()} == {
        ("Tang poems, 鹿柴", "王維"),
        ("Tang poems, 春曉", "孟浩然"),
    }


def test_a_whole_text_is_kept_as_it_came_if_its_length_will_do(texts):
    (texts / "code.txt").write_bytes(b"short\r\n")
    said, refused = run(texts, "--longest", "100")
    assert said == "0 hung, 1 kept as candidates, 0 already here, 1 refused, 0 ignored."
    assert "at most 100 are wanted" in refused[0]
    assert default_storage.open(Artwork.objects.get().original_path).read() == b"short\r\n"


def test_pictures_are_left_as_they_are(folder):
    said, _ = run(folder, "--split", "poem")
    assert said == "0 hung, 3 kept as candidates, 0 already here, 0 refused, 0 ignored."


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            b"One.\n\ncaf\xe9.\n",
            "code.txt: This text could not be read: byte 10 (0xe9) is not UTF-8.",
        ),
        (b"\xff\xfeo\0n\0", "byte 1 (0xff) is not UTF-8"),
        (b"One.\n\nT\0wo.", "contains NUL"),
        (b"", "code.txt: the rule “sonnet” finds nothing in it"),
        (b"I.\n\nOne\n", "code.txt, 1: it has 1 lines, and a sonnet has 14"),
    ],
)
def test_a_text_that_cannot_be_split_is_refused_and_the_others_go_on(texts, content, reason):
    (texts / "code.txt").write_bytes(content)
    lines = "".join(f"line {n}\n" for n in range(14))
    (texts / "poems.txt").write_text(f"II.\n\n{lines}")
    said, refused = run(texts, "--split", "sonnet")
    assert said == "0 hung, 1 kept as candidates, 0 already here, 1 refused, 0 ignored."
    assert reason in refused[0]


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (["haiku"], "there is no rule “haiku”: split by whole, poem, sonnet"),
        (["poem", "0"], "a gap is 1 to 20 empty lines"),
        (["poem", "two"], "gap is a whole number, not “two”"),
        (["poem", "1", "-1"], "shortest is a whole number, not “-1”"),
        (["poem", "1", "9", "5"], "the shortest passage may not be longer than the longest"),
        (["poem", "1", "", "", "author"], "headings are “title”, “maker” or nothing"),
    ],
)
def test_a_split_that_means_nothing_is_refused_in_its_row_or_at_once(texts, told, reason):
    told += [""] * (5 - len(told))
    listed = catalogue(texts, ["poems.txt", *told], header=["path", *SPLIT])
    said, refused = run(texts, "--catalogue", listed)
    assert said.startswith("0 hung, 0 kept as candidates, 0 already here, 1 refused")
    assert refused[0].startswith("row 2, poems.txt: ")
    assert reason in refused[0]
    flags = [f"--{name}={value}" for name, value in zip(SPLIT, told, strict=True)]
    with pytest.raises(CommandError, match=reason[:20]):
        run(texts, *flags)


def test_a_picture_that_is_to_be_split_is_refused(folder):
    listed = catalogue(folder, ["a.png", "poem"], header=["path", "split"])
    _, refused = run(folder, "--catalogue", listed)
    assert refused == ["row 2, a.png: only a text can be split"]


def test_a_passage_that_may_not_hang_is_refused_with_its_place(texts):
    (texts / "poems.txt").write_text("One.\n\n" + "much too long\n" * 2000)
    (texts / "code.txt").unlink()
    said, refused = run(texts, "--split", "poem")
    assert said == "0 hung, 1 kept as candidates, 0 already here, 1 refused, 0 ignored."
    assert "poems.txt, much too long: This text is longer than 20 kB." in refused[0]

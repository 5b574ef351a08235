"""A folder of works comes in at once, and only once."""

import csv
import io
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from gallery.works.catalogue import entry, rows_of_catalogue
from gallery.works.models import Artwork
from tests.works.faults import killed_at_update
from tests.works.pictures import encoded, noise

pytestmark = pytest.mark.django_db

HEADER = ["path", "title", "creator", "year", "licence", "credit", "source", "shelf"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """works/a.png, works/b.jpg, works/c.txt and, outside of it, other/d.png."""
    for name, data in {
        "works/a.png": encoded(noise()),
        "works/b.jpg": encoded(noise(), "JPEG"),
        "works/c.txt": "“Words”".encode(),
        "other/d.png": encoded(noise()),
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    return tmp_path / "works"


def catalogue(folder: Path, *lines: list[str], header: list[str] = HEADER) -> Path:
    path = folder.parent / "catalogue.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, *lines])
    return path


def run(folder: Path, *options: object) -> tuple[str, list[str]]:
    """The counts, and a line for each refusal."""
    out, err = io.StringIO(), io.StringIO()
    call_command("import_works", folder, *options, stdout=out, stderr=err)
    return out.getvalue().strip(), err.getvalue().splitlines()


def test_a_work_whose_artist_is_waited_for_waits_with_what_was_noted(folder):
    listed = catalogue(
        folder,
        ["a.png", "CC0 1.0", "awaited", ""],
        ["b.jpg", "CC0 1.0", "Given", "By letter, 3 May 2024"],
        ["c.txt", "CC0 1.0", "given", ""],
        header=["path", "licence", "consent", "consent_note"],
    )
    said, refused = run(folder, "--catalogue", listed)
    assert said.startswith("1 hung, 1 kept as candidates, 0 already here, 1 refused")
    assert "Say by whom, when and how" in refused[0]
    assert Artwork.objects.get(state="candidate").consent == "awaited"
    assert Artwork.objects.get(state="hung").consent_note == "By letter, 3 May 2024"


def test_what_the_catalogue_licenses_hangs_and_the_rest_waits(folder):
    listed = catalogue(
        folder,
        ["works/a.png", "Noise", "Ada", "1843", "CC0 1.0", "thanks", "attic", "ignored"],
        ["works/b.jpg", "", "", "", "", "", "", ""],
        ["c.txt", "Words", "Ada", "", "CC0 1.0", "", "", ""],
        ["other/d.png", "Elsewhere", "Bob", "", "CC0 1.0", "", "", ""],
    )
    said, refused = run(folder, "--catalogue", listed)
    assert said == "2 hung, 1 kept as candidates, 0 already here, 0 refused, 1 ignored."
    assert refused == []
    hung = Artwork.objects.get(title="Noise")
    assert (hung.state, hung.maker.name, hung.year) == ("hung", "Ada", "1843")
    assert (hung.licence, hung.credit, hung.source) == ("CC0 1.0", "thanks", "attic")
    assert Artwork.objects.get(medium="text").text == '"Words"\n'
    waiting = Artwork.objects.candidates().get()
    assert waiting.maker.name == "Unknown"


def test_importing_again_brings_in_nothing_twice(folder):
    run(folder)
    said, _ = run(folder)
    assert said == "0 hung, 0 kept as candidates, 3 already here, 0 refused, 0 ignored."
    assert Artwork.objects.count() == 3


def test_a_folder_without_a_catalogue_waits_for_a_licence(folder):
    said, _ = run(folder)
    assert said == "0 hung, 3 kept as candidates, 0 already here, 0 refused, 0 ignored."


def test_the_same_bytes_under_two_names_are_one_work(folder):
    (folder / "copy.png").write_bytes((folder / "a.png").read_bytes())
    said, _ = run(folder)
    assert said == "0 hung, 3 kept as candidates, 1 already here, 0 refused, 0 ignored."


def test_no_hang_leaves_the_decision_to_curators(folder):
    listed = catalogue(folder, ["works/a.png", "Noise", "Ada", "", "CC0 1.0", "", "", ""])
    run(folder, "--catalogue", listed, "--no-hang")
    assert Artwork.objects.get().state == "candidate"


def test_a_file_over_the_limit_is_refused_before_it_is_read(folder):
    """It has holes only, but as bytes it would be a terabyte of memory."""
    with (folder / "endless.png").open("wb") as file:
        file.truncate(2**40)
    said, refused = run(folder)
    assert said == "0 hung, 3 kept as candidates, 0 already here, 1 refused, 0 ignored."
    assert "larger than 25 MB. Save it smaller" in refused[0]


def test_an_import_that_dies_between_keeping_and_hanging_leaves_nothing_half_done(folder):
    listed = catalogue(folder, ["works/c.txt", "Words", "Ada", "", "CC0 1.0", "", "", ""])
    with pytest.raises(KeyboardInterrupt), connection.execute_wrapper(killed_at_update):
        run(folder, "--catalogue", listed)
    assert not Artwork.objects.exists()
    run(folder, "--catalogue", listed)
    assert Artwork.objects.get().state == "hung"


def test_a_dry_run_says_the_same_and_writes_nothing(folder):
    (folder / "bad.png").write_bytes(b"bad")
    said, refused = run(folder, "--dry-run")
    assert "0 hung, 3 kept as candidates, 0 already here, 1 refused" in said
    assert len(refused) == 1
    assert not Artwork.objects.exists()
    assert not default_storage.exists("originals")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (["../other/d.png"], "row 2, ../other/d.png: the path leads out of the folder"),
        (["/etc/hostname"], "row 2, /etc/hostname: the path leads out of the folder"),
        (["works/link.png"], "row 2, works/link.png: the path leads out of the folder"),
        (["works/missing.png"], "row 2, works/missing.png: there is no such file"),
        (["works/loop.png"], "row 2, works/loop.png: the path leads nowhere"),
        (["a" * 256 + ".png"], "the path leads nowhere: it is too long"),
        (["", "no path"], "row 2, no path: the row has no path"),
        (["a.png", "t" * 301], "row 2, a.png: title: Ensure this value has at most 300"),
        (["broken.png"], "it is not a JPEG, PNG, WebP or AVIF picture."),
        (["huge.txt"], "This text is longer than 20 kB."),
    ],
)
def test_a_bad_row_is_refused_with_its_reason_and_the_others_go_on(folder, line, reason):
    (folder / "link.png").symlink_to("/etc/hostname")
    (folder / "loop.png").symlink_to("loop.png")
    (folder / "broken.png").write_bytes(b"broken")
    (folder / "huge.txt").write_bytes(b"a" * 30_000)
    listed = catalogue(folder, line, ["a.png", "Noise"])
    said, refused = run(folder, "--catalogue", listed)
    assert len(refused) == 1
    assert reason in refused[0]
    assert said == "0 hung, 1 kept as candidates, 0 already here, 1 refused, 0 ignored."


def test_links_out_of_the_folder_or_in_a_circle_are_refused_and_the_others_go_on(folder):
    (folder / "link.png").symlink_to(folder.parent / "other" / "d.png")
    (folder / "loop.png").symlink_to("loop.png")
    said, refused = run(folder)
    assert said == "0 hung, 3 kept as candidates, 0 already here, 2 refused, 0 ignored."
    assert refused == [
        "link.png: the path leads out of the folder",
        "loop.png: the path leads nowhere: it is too long, or a link that leads back to itself",
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "has no column “path”"),
        (b"title\nx\n", "has no column “path”"),
        (b"path\ncaf\xe9.png\n", "not UTF-8"),
        (b"path\n" + b"a" * 200_000, "field larger than field limit"),
    ],
)
def test_a_catalogue_that_cannot_be_read_is_refused_with_a_sentence(folder, content, reason):
    path = folder.parent / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=reason):
        run(folder, "--catalogue", path)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_progress_reaches_its_end_whatever_becomes_of_the_rows(folder, monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    listed = catalogue(folder, ["a.png"], ["missing.png"], ["other/d.png"])
    said, _ = run(folder, "--catalogue", listed)
    assert said == "0 hung, 1 kept as candidates, 0 already here, 1 refused, 1 ignored."
    assert "3/3" in terminal.getvalue()


def test_a_missing_folder_or_catalogue_is_said(folder):
    with pytest.raises(CommandError, match="There is no folder"):
        run(folder / "nowhere")
    with pytest.raises(CommandError, match="could not be read"):
        run(folder, "--catalogue", folder / "nowhere.csv")


def test_every_row_of_the_collections_catalogue_is_understood(shared_data):
    path = shared_data / "CATALOGUE.csv"
    listed = rows_of_catalogue(path)
    found = [entry(row, path.parent, shared_data / "paintings") for row in listed]
    paintings = [row for row in listed if row["path"].startswith("paintings/")]
    works = [one for one in found if one]
    assert len(works) == len(paintings) > 600
    assert all(one.label["maker"] and one.label["licence"] for one in works)


POEMS = "ROSES.\n\nRed ones.\n\n\n\nREEDS.\n\nThey bend.\nThey bend.\n\n\n\nA longer one:\n"
POEMS += "it goes on\n" * 20
SPLIT = ["split", "gap", "shortest", "longest", "headings"]


@pytest.fixture
def texts(folder: Path) -> Path:
    """The folder with nothing but works/poems.txt and works/code.txt in it."""
    for path in folder.iterdir():
        path.unlink()
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

"""A folder of works comes in at once, and only once."""

import io
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError
from django.db import connection

from gallery.works.catalogue import entry, rows_of_catalogue
from gallery.works.models import Artwork
from tests.works.faults import killed_at_update
from tests.works.importing import catalogue, run, works_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return works_in(tmp_path)


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

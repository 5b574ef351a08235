"""An export holds every answer, checks itself, and comes only when nothing must stay hidden."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import RequestFactory

from gallery.findings.exports.tables import TABLES
from gallery.findings.views import EXPORTS
from gallery.studies.limits import network_of
from gallery.studies.models import Study, StudyWork
from tests.factories import make_study
from tests.findings.pages import findings_of
from tests.findings.rows import sit

pytestmark = pytest.mark.django_db


def finished(raters: int = 31, **kw) -> Study:
    study = make_study(4, **kw)
    sit(study, raters)
    study.close()
    findings_of(study)
    return study


def unpacked(client, study: Study, folder: Path) -> Path:
    response = client.get(f"/studies/{study.slug}/findings/export/")
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"] == "application/zip"
    data = b"".join(response.streaming_content)
    zipfile.ZipFile(io.BytesIO(data)).extractall(folder)
    return folder / study.slug


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_it_holds_every_answer_and_every_column_is_in_the_codebook(client, tmp_path):
    study = finished()
    folder = unpacked(client, study, tmp_path)
    ratings = rows(folder / "ratings.csv")
    assert len(ratings) == 31 * 8 * 2
    assert {row["counted"] for row in ratings} == {"1"}
    assert len(rows(folder / "guesses.csv")) == 31 * 8
    assert {row["origin"] for row in rows(folder / "works.csv")} == {"human", "machine"}
    assert len(rows(folder / "raters.csv")) == 31
    assert pq.read_table(folder / "ratings.parquet").num_rows == len(ratings)
    told = {(row["file"], row["column"]) for row in rows(folder / "codebook.csv")}
    for table in TABLES:
        with (folder / f"{table.name}.csv").open() as file:
            head = next(csv.reader(file))
        assert {(table.name, name) for name in head} == {t for t in told if t[0] == table.name}
    findings = json.loads((folder / "findings.json").read_text())
    assert findings["raters"] == 31
    assert {look["item"] for look in findings["looks"]} == {"coherence", "surprise"}
    assert json.loads((folder / "protocol.json").read_text())["study"]


@pytest.mark.any_database
def test_the_unpacked_archive_finds_the_same_from_its_csv_files_alone(client, tmp_path):
    folder = unpacked(client, finished(40), tmp_path)
    command = [sys.executable, "recompute.py"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.count("the same") == 2


@pytest.mark.any_database
def test_a_falsified_answer_is_noticed(client, tmp_path):
    folder = unpacked(client, finished(40), tmp_path)
    path = folder / "ratings.csv"
    head, *lines = path.read_text().splitlines()
    changed = [line.replace(",coherence,6,", ",coherence,1,") for line in lines]
    path.write_text("\n".join([head, *changed]) + "\n")
    command = [sys.executable, "recompute.py"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "NOT THE SAME" in run.stdout


def test_nobody_is_named(client, tmp_path):
    study = finished()
    folder = unpacked(client, study, tmp_path)
    whole = "".join(path.read_text() for path in folder.glob("*.csv"))
    for code in study.raters.values_list("code", flat=True):
        assert code not in whole
    numbers = [int(row["rater"]) for row in rows(folder / "raters.csv")]
    assert sorted(numbers) == list(range(1, 32))


@pytest.mark.parametrize("title", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1"])
def test_no_cell_is_a_formula(client, tmp_path, title):
    study = make_study(4)
    sit(study, 10)
    work = study.works.first()
    assert work
    type(work.artwork).objects.filter(pk=work.artwork_id).update(title=title)
    study.close()
    findings_of(study)
    folder = unpacked(client, study, tmp_path)
    cells = [cell for path in folder.glob("*.csv") for row in rows(path) for cell in row.values()]
    assert not [cell for cell in cells if cell and cell[0] in "=+-@\t\r"]
    assert f"'{title}" in cells


def test_an_open_study_exports_nothing(client):
    study = make_study(4)
    sit(study, 31)
    findings_of(study)
    response = client.get(f"/studies/{study.slug}/findings/export/")
    assert response.status_code == 409
    assert "once the study is closed" in response.text
    with pytest.raises(CommandError, match="once the study is closed"):
        call_command("export_study", study.slug)


def test_works_that_another_open_study_asks_about_keep_their_secret(client):
    study = finished()
    other = make_study(1)
    held = study.works.first()
    assert held
    address = f"/studies/{study.slug}/findings/"
    assert held.artwork.title in client.get(address).text
    StudyWork.objects.create(study=other, artwork=held.artwork, arm="a")
    response = client.get(f"{address}export/")
    assert response.status_code == 409
    assert "Another study is asking about works of this one" in response.text
    assert held.artwork.title not in client.get(address).text
    other.close()
    held.artwork.maker.name = "Somebody new"
    held.artwork.maker.save()
    assert "Somebody new" in client.get(address).text


def test_the_command_writes_the_same_archive(tmp_path, capsys):
    study = finished()
    call_command("export_study", study.slug, out=str(tmp_path / "new"))
    names = zipfile.ZipFile(tmp_path / "new" / f"{study.slug}.zip").namelist()
    assert f"{study.slug}/recompute.py" in names
    with pytest.raises(CommandError, match="no study"):
        call_command("export_study", "nowhere")


def test_no_table_is_ever_whole_in_memory():
    """The rows come from cursors, a batch at a time, so the archive comes in many pieces."""
    from gallery.findings.exports import bundle

    study, before = finished(), bundle.ROWS_AT_ONCE
    bundle.ROWS_AT_ONCE = 20
    try:
        pieces = list(bundle.stream(study))
    finally:
        bundle.ROWS_AT_ONCE = before
    assert len(pieces) > 40


def test_a_network_that_fetches_too_often_is_told_to_wait_and_another_is_not(client, settings):
    study = finished()
    settings.RATE_LIMITS = True
    cache.clear()
    ours = network_of(RequestFactory().get("/", REMOTE_ADDR="127.0.0.1"))
    cache.set(f"exports:{ours}", EXPORTS.most, EXPORTS.seconds)
    address = f"/studies/{study.slug}/findings/export/"
    refused = client.get(address)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "600"
    assert "Wait ten minutes, then fetch yours again" in refused.text
    assert client.get(address, REMOTE_ADDR="192.0.2.1").status_code == 200
    assert client.get(f"/studies/{study.slug}/findings/").status_code == 200

"""Pictures in words, by somebody who does not know who made them: for every work or for none."""

import csv

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from gallery.studies.models import Study
from gallery.studies.services import StudyRefused, open_draft
from gallery.works.models import Description
from tests.factories import make_study
from tests.studies.visitors import sit_down

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Study:
    return make_study(2, state="draft", slug="told", rules={"descriptions": True})


def filled(folder, text="A hill under a dark sky", leave_out=0):
    """The sheet as a describer hands it back."""
    path = folder / "descriptions.csv"
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", newline="") as file:
        sheet = csv.DictWriter(file, ["picture", "description"])
        sheet.writeheader()
        for number, row in enumerate(rows):
            told = "" if number < leave_out else f"{text} {number}"
            sheet.writerow(row | {"description": told})
    return path


def test_a_describer_gets_blind_pictures_under_names_that_say_nothing(draft, tmp_path):
    call_command("describe_study", "told", "--export", str(tmp_path))
    names = {path.name for path in tmp_path.glob("*.webp")}
    assert names == {f"{work.code}.webp" for work in draft.works.all()}
    sheet = (tmp_path / "descriptions.csv").read_text()
    for work in draft.works.select_related("artwork__maker"):
        for secret in (work.artwork.title, str(work.artwork.code), work.artwork.maker.name):
            assert secret not in sheet


def test_what_they_say_is_read_out_for_every_work(draft, tmp_path):
    call_command("describe_study", "told", "--export", str(tmp_path))
    call_command("describe_study", "told", "--sheet", str(filled(tmp_path)))
    assert open_draft(draft)
    client, rater = sit_down(draft)
    for trial in rater.trials.all():
        page = client.get("/studies/told/sitting/").content.decode()
        assert f'alt="{trial.study_work.artwork.description.text}"' in page
        client.post(f"/trials/{trial.code}/answer/", {"coherence": 1, "surprise": 1})


def test_a_study_that_reads_out_some_does_not_open(draft, tmp_path):
    call_command("describe_study", "told", "--export", str(tmp_path))
    call_command("describe_study", "told", "--sheet", str(filled(tmp_path, leave_out=1)))
    with pytest.raises(StudyRefused, match="Not every picture"):
        open_draft(draft)
    assert Study.objects.get(pk=draft.pk).is_draft


def test_a_study_that_reads_out_none_says_the_same_of_every_work():
    study = make_study(2)
    for work in study.works.all()[:2]:
        Description.objects.create(artwork=work.artwork, text="A hill")
    client, _ = sit_down(study)
    assert 'alt="The work"' in client.get(f"/studies/{study.slug}/sitting/").content.decode()


@pytest.mark.parametrize(
    ("sheet", "because"),
    [("picture,description\nother.webp,A hill\n", "no picture"), (None, "cannot be read")],
)
def test_a_wrong_sheet_changes_nothing_and_says_why(draft, tmp_path, sheet, because):
    path = tmp_path / "sheet.csv"
    if sheet:
        path.write_text(sheet)
    with pytest.raises(CommandError, match=because):
        call_command("describe_study", "told", "--sheet", str(path))
    assert not Description.objects.exists()
    with pytest.raises(CommandError, match="no study with the address"):
        call_command("describe_study", "nowhere", "--sheet", str(path))


def test_the_database_refuses_a_description_without_words(draft):
    artwork = draft.works.earliest("pk").artwork
    with pytest.raises(IntegrityError), transaction.atomic():
        Description.objects.create(artwork=artwork, text="")

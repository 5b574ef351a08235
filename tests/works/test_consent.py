"""A work by a living artist does not hang without the artist's consent on record."""

import json

import pytest
from django.db import IntegrityError, connection, transaction

from gallery.studies.services import StudyRefused, available, draft_study, open_draft
from gallery.works.history import Change
from gallery.works.models import Artwork, Medium, State
from gallery.works.services import NotNow, relabel, take_in
from tests.factories import make_artwork, make_user, sign_in
from tests.works.pictures import encoded, label, noise

pytestmark = pytest.mark.django_db

WRONG = {
    "artwork_consent_is_known": {"consent": "hardly"},
    "artwork_hangs_only_if_no_consent_is_awaited": {"consent": "awaited"},
    "artwork_says_how_consent_was_given": {"consent": "given"},
}
LABEL = {"maker": "Ada", "title": "A line", "licence": "CC0 1.0", "credit": "her"}


@pytest.fixture
def ada():
    return make_user("ada", curator=True)


@pytest.fixture
def curator(client, ada):
    sign_in(client, ada)
    return client


@pytest.mark.parametrize("rule", WRONG)
def test_the_database_refuses_what_makes_no_sense(rule):
    artwork = make_artwork()
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Artwork.objects.filter(pk=artwork.pk).update(**WRONG[rule])


@pytest.mark.parametrize("told", [{"consent": "not needed"}, {"consent_note": "It said so"}])
def test_the_database_asks_no_machine(told):
    artwork = make_artwork("machine")
    refusal = "artwork_asks_consent_of_people_only"
    with pytest.raises(IntegrityError, match=refusal), transaction.atomic():
        Artwork.objects.filter(pk=artwork.pk).update(**told)


def test_a_work_hangs_once_its_artist_has_said_yes(curator, client):
    work = make_artwork(hung=False, consent="awaited")
    page = curator.get(f"/hanging/{work.code}/").text
    assert "waits for their consent" in page
    refused = curator.post(f"/hanging/{work.code}/hang/")
    assert refused.status_code == 422
    assert "This field is required." in refused.text
    curator.post(f"/hanging/{work.code}/hang/", {"consent_note": "By letter, 3 May 2024"})
    work.refresh_from_db()
    assert (work.state, work.consent) == ("hung", "given")
    assert work.changes.get().after["consent_note"] == "By letter, 3 May 2024"
    client.logout()
    shown = client.get(work.get_absolute_url()).text
    assert "Shown with the artist's consent" in shown.replace("&#x27;", "'")
    assert "3 May 2024" not in shown


def test_a_work_of_which_nothing_is_noted_hangs_by_its_licence(curator):
    work = make_artwork(hung=False)
    assert "artist lives" not in curator.get(f"/hanging/{work.code}/").text.split("<details")[0]
    curator.post(f"/hanging/{work.code}/hang/")
    work.refresh_from_db()
    assert (work.state, work.consent) == ("hung", "unstated")


def test_of_many_one_that_awaits_consent_stays_where_it_is(curator):
    works = [make_artwork(hung=False, consent=told) for told in ("awaited", "not needed")]
    sent = {"work": [str(work.code) for work in works], "deed": "hang"}
    answer = curator.post("/hanging/selected/", sent, follow=True).text
    assert "1 of 2 works was changed." in answer
    assert "awaits consent" in answer
    assert [Artwork.objects.get(pk=work.pk).state for work in works] == ["candidate", "hung"]


def test_consent_is_noted_for_many_at_once(curator):
    works = [make_artwork(hung=False, consent="awaited") for _ in range(2)]
    machine = make_artwork("machine", hung=False)
    codes = [str(work.code) for work in [*works, machine]]
    label = {"consent": "given", "consent_note": "By mail from all, May"}
    curator.post("/hanging/selected/", {"work": codes, "deed": "label"} | label)
    told = {(work.consent, work.consent_note) for work in Artwork.objects.by_people()}
    assert told == {("given", "By mail from all, May")}
    curator.post("/hanging/selected/", {"work": codes, "deed": "label", "year": "1999"})
    assert set(Artwork.objects.values_list("consent", "year")) == {
        ("given", "1999"),
        ("unstated", "1999"),
    }


def test_consent_without_who_gave_it_changes_nothing(curator):
    work = make_artwork(hung=False)
    sent = {"work": [str(work.code)], "deed": "label", "consent": "given"}
    answer = curator.post("/hanging/selected/", sent, follow=True).text
    assert "Say by whom, when and how the artist of" in answer
    page = curator.post(f"/hanging/{work.code}/label/", LABEL | {"consent": "given"})
    assert page.status_code == 422
    assert "Say by whom, when and how the artist consented." in page.text
    work.refresh_from_db()
    assert work.consent == "unstated"


def test_a_work_that_hangs_is_withdrawn_before_its_artist_is_asked(curator, ada):
    work = make_artwork()
    with pytest.raises(NotNow, match="Withdraw it first"):
        relabel(work, {"consent": "awaited"}, by=ada)
    work.withdraw("Her heirs asked", by=ada)
    assert relabel(work, {"consent": "awaited"}, by=ada)
    row = f"work,consent\n{make_artwork().code},Awaited\n{make_artwork().code},perhaps\n"
    rows = curator.post("/hanging/labels/", {"text": row}).context["rows"]
    assert "This work hangs." in rows[0].problem
    assert "Write one of these: unstated" in rows[1].problem


def test_an_empty_cell_of_a_sheet_notes_nothing(curator):
    work = make_artwork(hung=False, consent="awaited")
    text = f"work,consent,consent_note\n{work.code},,\n"
    curator.post("/hanging/labels/", {"text": text, "do": "1"})
    assert Artwork.objects.get(pk=work.pk).consent == "unstated"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("address", "file"), [("/hanging/new/", "text"), ("/hanging/many/", "chosen")]
)
def test_whoever_brings_in_works_says_whether_the_artist_is_waited_for(curator, address, file):
    from django.core.files.uploadedfile import SimpleUploadedFile

    sent = (
        {"text": "A line."}
        if file == "text"
        else {"chosen": SimpleUploadedFile("line.txt", b"A line.")}
    )
    curator.post(address, LABEL | {"consent": "awaited"} | sent)
    work = Artwork.objects.get()
    assert (work.consent, work.state) == ("awaited", "candidate")


def test_no_study_takes_a_work_that_awaits_consent(ada):
    works = [make_artwork(origin, hung=False) for origin in ("human", "machine") for _ in "ab"]
    study = draft_study(
        title="Waiting",
        slug="waiting",
        purpose="To wait.",
        medium=Medium.IMAGE,
        artwork_ids=[work.pk for work in works],
        trials_per_rater=4,
        seed=1,
    )
    relabel(works[0], {"consent": "awaited"}, by=ada)
    assert works[0].pk not in available(Medium.IMAGE)
    with pytest.raises(StudyRefused, match="await their artist"):
        open_draft(study)
    assert not Artwork.objects.filter(state=State.HUNG).exists()


@pytest.mark.django_db(transaction=True)
def test_a_history_from_before_consent_was_noted_is_whole_and_shows_what_is_forged(ada):
    work = take_in(Medium.IMAGE, encoded(noise()), label(), added_by=ada)
    entry = work.changes.get()
    entry.delete()
    entry.pk, entry.after = None, {k: v for k, v in entry.after.items() if "consent" not in k}
    entry.digest = entry.computed("")
    entry.save(force_insert=True)
    assert not list(Change.objects.broken())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE works_artwork SET consent = 'not needed'")
    assert [code for code, _complaint in Change.objects.broken()] == [str(work.code)]
    assert "consent" not in json.dumps(entry.after)

"""What was done with a work is written once, and shows if somebody rewrites it."""

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from gallery.works.history import Change, Deed
from gallery.works.ingest import prepare
from gallery.works.models import Artwork, Medium
from gallery.works.services import NotNow, record, relabel, withdraw
from tests.factories import make_artwork, make_study, make_user
from tests.works.pictures import encoded, label, noise

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada():
    return make_user("ada", curator=True)


@pytest.fixture
def work(ada) -> Artwork:
    """Brought in, hung, and its licence put right."""
    artwork = record(prepare(Medium.IMAGE, encoded(noise())), label(title="Noise"), added_by=ada)
    artwork.hang(by=ada)
    relabel(artwork, {"licence": "CC BY 4.0"}, by=ada)
    return artwork


def deeds(artwork: Artwork) -> list[tuple[str, str]]:
    return list(artwork.changes.order_by("number").values_list("deed", "by"))


def unguarded(sql: str, *values: str) -> None:
    """Change the database as somebody would who has its password."""
    on_postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if on_postgres:
            cursor.execute("ALTER TABLE works_change DISABLE TRIGGER USER")
        else:
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'change_is_never_changed'")
            trigger = cursor.fetchone()[0]
            cursor.execute("DROP TRIGGER change_is_never_changed")
        cursor.execute(sql, values)
        cursor.execute("ALTER TABLE works_change ENABLE TRIGGER USER" if on_postgres else trigger)


def test_each_deed_is_on_record_with_who_did_it(work, ada):
    withdraw(work, "The family asked for it", by=ada)
    assert deeds(work) == [(deed, "ada") for deed in ("came", "hung", "labelled", "withdrawn")]
    assert work.changes.latest("number").reason == "The family asked for it"
    assert not list(Change.objects.broken())
    call_command("verify_history")


def test_a_withdrawn_work_hangs_nowhere_and_can_hang_again(work, ada, client):
    address = work.get_absolute_url()
    assert client.get(address).status_code == 200
    withdraw(work, "To be cleaned", by=ada)
    assert client.get(address).status_code == 404
    work.hang(by=ada)
    assert client.get(address).status_code == 200


def test_a_work_is_withdrawn_for_a_reason(work):
    with pytest.raises(IntegrityError), transaction.atomic():
        work.withdraw("")
    assert Artwork.objects.get(pk=work.pk).state == "hung"


def test_what_changes_nothing_is_not_on_record(work, ada):
    before = len(deeds(work))
    assert not relabel(work, {"licence": "CC BY 4.0"}, by=ada)
    assert not work.hang(by=ada)
    assert not work.discard(by=ada)
    assert len(deeds(work)) == before


def test_the_database_refuses_to_change_an_entry(work):
    with pytest.raises(IntegrityError, match="change_is_never_changed"), transaction.atomic():
        Change.objects.filter(artwork=work).update(by="somebody else")


@pytest.mark.parametrize("field", ["number", "deed"])
def test_the_database_refuses_an_entry_that_makes_no_sense(work, field):
    change = work.changes.earliest("number")
    change.pk, change.number = None, 9
    setattr(change, field, {"number": 1, "deed": "repainted"}[field])
    with pytest.raises(IntegrityError), transaction.atomic():
        change.save(force_insert=True)


def test_the_database_keeps_a_work_that_has_a_history(work):
    with pytest.raises(ProtectedError):
        work.delete()


@pytest.mark.parametrize(
    ("sql", "values", "complaint"),
    [
        ("UPDATE works_change SET reason = %s WHERE number = 2", ["because"], "entry 2"),
        ("UPDATE works_change SET by = %s WHERE number = 1", ["eve"], "entry 1"),
        ("DELETE FROM works_change WHERE number = 2", [], "entry 2"),
        ("DELETE FROM works_change WHERE number = 3", [], "not as its last entry says"),
        ("UPDATE works_artwork SET title = %s", ["Silence"], "not as its last entry says"),
    ],
)
def test_what_is_rewritten_behind_its_back_is_found(work, sql, values, complaint):
    column = connection.ops.quote_name("by")
    unguarded(sql.replace(" by ", f" {column} "), *values)
    [(code, wrong)] = Change.objects.broken()
    assert code == str(work.code)
    assert complaint in wrong
    with pytest.raises(CommandError, match="1 work"):
        call_command("verify_history")


def test_the_label_that_a_study_has_sealed_stays(ada):
    study = make_study(2)
    artwork = study.works.get(pk=study.works.values_list("pk")[:1]).artwork
    for line in ("maker", "title", "year"):
        with pytest.raises(NotNow, match="sealed"):
            relabel(artwork, {line: "Another"}, by=ada)
    assert relabel(artwork, {"credit": "With thanks"}, by=ada)


def test_a_work_that_an_open_study_shows_is_not_withdrawn(ada):
    study = make_study(2)
    artwork = study.works.get(pk=study.works.values_list("pk")[:1]).artwork
    with pytest.raises(NotNow, match="Close the study first"):
        withdraw(artwork, "To be cleaned", by=ada)
    study.close()
    assert withdraw(artwork, "To be cleaned", by=ada)


def test_a_generator_keeps_its_name(ada):
    artwork = make_artwork("machine")
    assert not relabel(artwork, {"maker": "Somebody"}, by=ada)
    assert relabel(artwork, {"title": "A dream"}, by=ada)


def test_another_maker_is_another_maker(ada):
    first, second = make_artwork(), make_artwork()
    relabel(first, {"maker": second.maker.name}, by=ada)
    assert Artwork.objects.get(pk=first.pk).maker == second.maker
    assert first.maker == second.maker
    assert deeds(first) == [(Deed.LABELLED, "ada")]

"""The gallery with its works in a bucket: what comes in, what is shown, what is kept; and what is
said and done while the bucket is away."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from gallery.keeping.files import stored
from gallery.runs import painting as painting_module
from gallery.runs.child import Child
from gallery.runs.measuring import Measuring
from gallery.runs.models import Run
from gallery.runs.painting import Painting, patiently
from gallery.storage import StorageAway
from gallery.works.ingest import Busy, prepare
from gallery.works.models import Artwork, Kind, Measures, Medium
from gallery.works.services import take_in
from tests.factories import make_run, make_user
from tests.works.pictures import encoded, label, noise

pytestmark = pytest.mark.django_db(transaction=True)

PICTURE = encoded(noise(), "JPEG", quality=81)


@pytest.fixture
def hung(bucket):
    work = take_in(Medium.IMAGE, PICTURE, label())
    work.hang()
    return work


@pytest.fixture
def breaks(monkeypatch, bucket):
    """From the call after the first `after` of a verb on, the bucket is away."""

    def after(calls: int, verb: str) -> None:
        asked, whole = itertools.count(), getattr(bucket, verb)

        def broken(*arguments: object) -> object:
            if next(asked) >= calls:
                raise StorageAway("The bucket works is away")
            return whole(*arguments)

        monkeypatch.setattr(bucket, verb, broken)

    return after


def test_a_work_is_taken_in_and_shown(hung, bucket, client):
    sha256 = hashlib.sha256(PICTURE).hexdigest()
    with bucket.open(f"originals/{sha256[:2]}/{sha256}") as original:
        assert original.read() == PICTURE
    shown = client.get(f"/works/{hung.code}/thumb/")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/webp")
    with bucket.open(hung.renditions.get(kind=Kind.THUMB).file.name) as rendition:
        assert rendition.read() == shown.content


def test_a_wall_asks_the_bucket_nothing(hung, breaks, client):
    for verb in ("_open", "_head"):
        breaks(0, verb)
    assert client.get("/works/").status_code == 200


def test_a_picture_is_one_request(hung, breaks, client):
    breaks(1, "_open")
    breaks(0, "_head")
    assert client.get(f"/works/{hung.code}/thumb/").status_code == 200


def test_a_picture_of_a_bucket_that_is_away_is_asked_for_again_later(hung, breaks, client):
    breaks(0, "_open")
    answer = client.get(f"/works/{hung.code}/thumb/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "The store room does not answer" in answer.content.decode()


def uploaded(client):
    return client.post(
        "/hanging/new/",
        {"file": SimpleUploadedFile("noise.jpg", PICTURE, "image/jpeg"), **label()},
    )


@pytest.mark.parametrize("files_kept", [0, 1, 2, 3])
def test_an_upload_that_could_not_be_kept_is_refused_whole(bucket, breaks, client, files_kept):
    client.force_login(make_user("grace", curator=True))
    breaks(files_kept, "save")
    answer = uploaded(client)
    assert answer.status_code == 503
    assert "Send it again in a minute." in answer.content.decode()
    assert not Artwork.objects.exists()
    assert not [name for name in stored() if name.startswith("renditions/")]


def test_of_a_vain_upload_nothing_stands_in_the_way_of_the_next(bucket, breaks, monkeypatch):
    with monkeypatch.context() as away:
        away.setattr(bucket, "endpoint_url", "http://127.0.0.1:9")
        away.setattr(bucket, "_connections", SimpleNamespace())
        with pytest.raises(Busy, match="does not answer"):
            prepare(Medium.IMAGE, PICTURE)
    assert take_in(Medium.IMAGE, PICTURE, label()).pk


def test_the_doctor_finds_what_is_missing_wrong_and_stray(hung, bucket, capsys):
    bucket.save("renditions/aa/stray.webp", ContentFile(b"stray"))
    bucket.save(hung.original_path, ContentFile(b"changed"))
    lost = hung.renditions.get(kind=Kind.THUMB).file.name
    bucket.delete(lost)
    with pytest.raises(CommandError, match=r"1 missing, 1 wrong; .* 1 too new"):
        call_command("doctor")
    told = capsys.readouterr().out
    assert f"missing {lost}" in told
    assert f"wrong   {hung.original_path}" in told
    assert "new     renditions/aa/stray.webp" in told


def test_the_doctor_makes_no_diagnosis_while_the_bucket_is_away(hung, breaks):
    breaks(0, "_open")
    with pytest.raises(CommandError, match=r"away\. Not all files were looked at"):
        call_command("doctor")


def painted() -> Run:
    run = Run.objects.claim("worker")
    assert run
    asyncio.run(Painting(run, Child()).carry_out())
    run.refresh_from_db()
    return run


@pytest.fixture
def hurried(monkeypatch):
    monkeypatch.setattr(painting_module, "AWAY_PAUSE", 0.01)
    monkeypatch.setattr(painting_module, "AWAY_SECONDS", 0.3)


def test_a_run_whose_content_cannot_be_fetched_goes_back_to_the_queue(hung, breaks, hurried):
    run = make_run(generator="inceptionism")
    run.inputs.create(role="content", artwork=hung)
    breaks(0, "_open")
    run = painted()
    assert (run.state, run.tries, run.error) == ("queued", 0, "")
    assert run.attempts.get().outcome == "The store room does not answer."


def test_what_was_painted_is_kept_as_soon_as_the_bucket_is_back(hurried):
    answers = iter([StorageAway("away"), Busy("Send it again."), "kept"])

    async def keep() -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return str(answer)

    assert asyncio.run(patiently(keep)) == "kept"


def test_a_work_is_not_given_up_because_the_bucket_was_away(hung, breaks):
    breaks(0, "_open")
    for _ in range(4):
        with pytest.raises(StorageAway):
            asyncio.run(Measuring(Child()).measure_next())
    assert not Measures.objects.exists()

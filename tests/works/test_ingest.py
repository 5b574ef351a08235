"""What comes in is stored whole, once, and under names that say nothing."""

import hashlib
import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from gallery.works.arms import arms
from gallery.works.ingest import IngestRefused, abandon, prepare
from gallery.works.models import Artwork, Medium
from gallery.works.services import AlreadyHere, accession, machine_maker, person, record, take_in
from gallery.works.stimulus import stimulus
from tests.factories import make_artwork
from tests.works.pictures import encoded, label, noise, webp_chunks

pytestmark = pytest.mark.django_db
PICTURE = encoded(noise(), "JPEG", quality=81)


def stored(folder: str = "renditions") -> list[str]:
    if not default_storage.exists(folder):
        return []
    folders, _ = default_storage.listdir(folder)
    return [name for one in folders for name in default_storage.listdir(f"{folder}/{one}")[1]]


def test_a_picture_is_kept_as_it_came_and_shown_as_renditions():
    prepared = prepare(Medium.IMAGE, PICTURE)
    assert (prepared.width, prepared.height, prepared.jpeg_quality) == (64, 48, 81)
    assert prepared.sha256 == hashlib.sha256(PICTURE).hexdigest()
    artwork = record(prepared, label())
    assert default_storage.open(artwork.original_path).read() == PICTURE
    assert {one.kind for one in artwork.renditions.all()} == {"display", "thumb", "blind"}
    for rendition in artwork.renditions.all():
        assert re.fullmatch(r"renditions/[0-9a-f]{2}/[0-9a-f]{32}\.webp", str(rendition.file.name))
        assert webp_chunks(rendition.file.read()) == [b"VP8 "]


def test_the_same_bytes_are_one_file():
    for _ in range(2):
        accession(
            prepare(Medium.IMAGE, PICTURE),
            maker=machine_maker("Entropy"),
            recipe={"generator": "entropy"},
        )
    assert len(stored("originals")) == 1
    assert len(stored()) == 6


def test_what_was_prepared_in_vain_is_deleted():
    abandon(prepare(Medium.IMAGE, PICTURE))
    assert stored() == []


@pytest.mark.django_db(transaction=True)
def test_it_refuses_to_work_while_a_transaction_waits():
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        prepare(Medium.IMAGE, PICTURE)


def test_a_text_is_normalised_and_kept_as_it_came():
    artwork = take_in(Medium.TEXT, "“Hi”\r\n".encode(), label())
    assert artwork.text == '"Hi"\n'
    assert default_storage.open(artwork.original_path).read() == "“Hi”\r\n".encode()


def test_too_large_a_file_is_refused_before_it_is_read(settings):
    settings.UPLOAD_LIMIT_BYTES = 2**20
    with pytest.raises(IngestRefused, match=r"larger than 1 MB\. Save it smaller"):
        prepare(Medium.IMAGE, PICTURE + bytes(2**20))


def test_no_picture_is_refused_with_a_sentence():
    sentence = "This work could not be read: it is not a JPEG, PNG, WebP or AVIF picture."
    with pytest.raises(IngestRefused) as refusal:
        prepare(Medium.IMAGE, b"hello")
    assert str(refusal.value) == sentence
    assert stored("originals") == []


def test_a_persons_work_is_taken_once_and_the_first_is_named():
    first = take_in(Medium.IMAGE, PICTURE, label(title="First"))
    with pytest.raises(AlreadyHere, match="“First” by Ada") as refusal:
        take_in(Medium.IMAGE, PICTURE, label(title="Second", maker="Bob"))
    assert refusal.value.artwork == first


def test_of_two_who_send_the_same_work_at_once_one_is_told_and_leaves_nothing():
    mine, theirs = prepare(Medium.IMAGE, PICTURE), prepare(Medium.IMAGE, PICTURE)
    first = record(mine, label())
    with pytest.raises(AlreadyHere):
        record(theirs, label())
    assert list(Artwork.objects.all()) == [first]
    assert len(stored()) == 3


def test_makers_of_one_name_are_one_among_people_and_another_among_machines():
    assert person("Ada") == person("Ada")
    assert person("Ada") != machine_maker("Ada")


def test_the_jpeg_pass_follows_peoples_uploads():
    for quality in range(50, 71):
        make_artwork(jpeg_quality=quality)
    make_artwork("machine", jpeg_quality=1)
    assert sorted(Artwork.objects.qualities_of_uploads()) == list(range(50, 71))


def test_a_rater_is_given_the_blind_rendition_or_the_words_and_no_more(
    django_assert_num_queries,
):
    picture = take_in(Medium.IMAGE, PICTURE, label(title="Secret"))
    text = take_in(Medium.TEXT, b"words", label(title="Secret"))
    with django_assert_num_queries(1):
        seen = stimulus(picture.pk)
    blind = picture.renditions.get(kind="blind")
    assert (seen.medium, seen.picture().read(), seen.text) == ("image", blind.file.read(), "")
    with django_assert_num_queries(1):
        assert stimulus(text.pk).text == "words\n"
    with pytest.raises(Artwork.DoesNotExist):
        stimulus(0)


def test_arms_split_by_origin_and_the_seed_draws_which_is_a():
    people = {make_artwork().pk for _ in range(3)}
    machines = {make_artwork("machine").pk for _ in range(2)}
    drawn: list[str] = []
    for seed in range(20):
        split = arms(people | machines, seed)
        assert split == arms(people | machines, seed)
        of_people = {split[pk] for pk in people}
        assert len(of_people) == len({split[pk] for pk in machines}) == 1
        assert of_people != {split[pk] for pk in machines}
        drawn += of_people
    assert set(drawn) == {"a", "b"}


@pytest.mark.parametrize(("origin", "missing"), [("human", "machine"), ("machine", "person")])
def test_one_side_alone_has_no_arms(origin, missing):
    with pytest.raises(ValueError, match=f"no work by a {missing}"):
        arms([make_artwork(origin).pk], 1)


def test_a_file_is_whole_or_absent(monkeypatch):
    class Torn(ContentFile):  # type: ignore[type-arg]
        def chunks(self, chunk_size=None):
            yield b"half"
            raise OSError("disk gone")

    with pytest.raises(OSError, match="disk gone"):
        default_storage.save("originals/aa/torn", Torn(b""))
    assert not default_storage.exists("originals/aa/torn")
    assert default_storage.listdir("")[1] == []


def test_a_file_never_replaces_another():
    first = default_storage.save("originals/aa/one", ContentFile(b"1"))
    second = default_storage.save("originals/aa/one", ContentFile(b"2"))
    assert first != second
    assert default_storage.open(first).read() == b"1"

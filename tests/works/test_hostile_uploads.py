"""Every hostile file of the collection, through the real upload page."""

import resource
from time import monotonic

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gallery.works.models import Artwork
from tests.factories import make_user
from tests.works.pictures import webp_chunks

pytestmark = pytest.mark.any_database

BATCHES = 8
SECONDS = 12
CHILD_KB = 600 * 1024


def largest_child() -> int:
    """Peak memory in kB of the largest child that ever ended here."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


@pytest.mark.django_db
@pytest.mark.parametrize("batch", range(BATCHES))
def test_each_becomes_a_clean_picture_or_a_sentence(client, shared_data, batch):
    client.force_login(make_user(curator=True))
    files = sorted((shared_data / "hostile" / "given").iterdir())[batch::BATCHES]
    assert len(files) > 25
    before = largest_child()
    for path in files:
        sent = SimpleUploadedFile(path.name, path.read_bytes())
        started = monotonic()
        response = client.post("/hanging/new/", {"maker": "M", "licence": "CC0", "file": sent})
        assert monotonic() - started < SECONDS, path.name
        if response.status_code == 302:
            assert_clean(client, Artwork.objects.latest("pk"))
        else:
            assert response.status_code == 422, path.name
            (reasons,) = response.context["form"].errors.values()
            assert str(reasons[0]).endswith("."), path.name
    assert largest_child() in range(CHILD_KB) or largest_child() == before


def assert_clean(client, artwork: Artwork) -> None:
    for name in ("work-picture", "work-thumb", "work-blind"):
        picture = client.get(reverse(name, args=[artwork.code]))
        assert webp_chunks(picture.content) == [b"VP8 "]
    assert client.get(reverse("work-preview", args=[artwork.code])).status_code == 200

"""Hostile files of the collection through the real upload page: an eighth of them here, every one
in `make soak`. Another eighth is taken in by tests/soak/test_soak.py."""

import re
import resource
from time import monotonic

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gallery.works.models import Artwork
from tests.factories import make_user, sign_in
from tests.works.pictures import encoded, noise, webp_chunks

pytestmark = pytest.mark.any_database

BATCHES = 8
NOW = [4]
SECONDS = 12
CHILD_KB = 600 * 1024


def largest_child() -> int:
    """Peak memory in kB of the largest child that ever ended here."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


@pytest.mark.django_db
@pytest.mark.parametrize(
    "batch",
    [pytest.param(n, marks=[] if n in NOW else [pytest.mark.soak]) for n in range(BATCHES)],
)
def test_each_becomes_a_clean_picture_or_a_sentence(client, shared_data, batch):
    sign_in(client, make_user(curator=True))
    files = sorted((shared_data / "hostile" / "given").iterdir())[batch::BATCHES]
    assert len(files) > 25
    # A child begins as this process, and Linux counts that as the child's: it may be anything.
    before = max(largest_child(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
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
    assert largest_child() <= max(CHILD_KB, before)


def assert_clean(client, artwork: Artwork) -> None:
    for name in ("work-picture", "work-thumb", "work-blind"):
        picture = client.get(reverse(name, args=[artwork.code]))
        assert webp_chunks(picture.content) == [b"VP8 "]
    assert client.get(reverse("work-preview", args=[artwork.code])).status_code == 200


NAMES = [
    "../../../../etc/passwd",
    "..\\..\\boot.ini",
    "/absolute.jpg",
    "C:\\work.jpg",
    "nul\0.jpg",
    "work.jpg\0.html",
    "work\u202egpj.exe",
    "x" * 300 + ".jpg",
    "CON.jpg",
    "🖼️🎨.png",
    "work.jpg.",
    "work.jpg ",
    " .jpg",
    ".htaccess",
    "work.php",
    "work.svg",
    "work.jpg; filename*=UTF-8''other.html",
    "%2e%2e%2fwork.jpg",
    "<script>alert(1)</script>.jpg",
    "work\r\nSet-Cookie: a=b.jpg",
    "renditions/../originals/00/work.jpg",
]
STORED = re.compile(r"(originals|renditions)/[0-9a-f/]+(\.webp)?")


def body(name: str, data: bytes) -> bytes:
    """A form as any program may send it: no client of ours makes the name tame first."""
    fields = {"maker": "M", "licence": "CC0"}
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in fields.items()
    ]
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    parts.append(head.encode() + b"Content-Type: image/jpeg\r\n\r\n" + data + b"\r\n--x--\r\n")
    return b"".join(parts)


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_no_name_decides_where_a_file_is_stored(client, name):
    sign_in(client, make_user(curator=True))
    sent = body(name, encoded(noise(), "JPEG"))
    response = client.post("/hanging/new/", sent, content_type="multipart/form-data; boundary=x")
    stored = [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
    for path in stored:
        assert STORED.fullmatch(str(path.relative_to(settings.MEDIA_ROOT)))
    assert (response.status_code, len(stored)) in {(302, 4), (422, 0)}
    everything = [path for path in settings.MEDIA_ROOT.parent.rglob("*") if path.is_file()]
    assert everything == stored

"""AVIF pictures are read with the same care as others: in the child, by size, first frame only."""

import random
import struct
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from gallery.works.decoding import MEMORY_BYTES, MOST_AVIF_PIXELS, Unreadable, master, opened
from gallery.works.models import Artwork
from gallery.works.sandbox import NotDeveloped, Sandbox
from tests.factories import make_user, sign_in
from tests.works.pictures import encoded, noise, quadrants, webp_chunks

pytestmark = pytest.mark.any_database

AVIF: dict[str, Any] = {"format": "AVIF", "speed": 10, "quality": 90, "subsampling": "4:4:4"}


def claiming(data: bytes, width: int, height: int) -> bytes:
    """The same file with another size in its header (the box `ispe`); the coded frame keeps its."""
    at = data.index(b"ispe") + 8
    return data[:at] + struct.pack(">II", width, height) + data[at + 8 :]


def corners(picture: Image.Image) -> list[tuple[int, int, int]]:
    """Of a rendition, to the nearest full colour."""
    places = [(x, y) for y in (8, -8) for x in (8, -8)]
    width, height = picture.size
    pixels = [picture.convert("RGB").getpixel((x % width, y % height)) for x, y in places]
    return [tuple(255 * (part > 127) for part in pixel) for pixel in pixels]  # type: ignore[union-attr,misc]


RED, LIME, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


@pytest.mark.django_db(transaction=True)
def test_an_avif_becomes_a_work_like_any_other_upright(client):
    sign_in(client, make_user(curator=True))
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn, which AVIF keeps as a property of the picture
    data = encoded(quadrants(), **AVIF, exif=exif)
    sent = {"maker": "M", "licence": "CC0", "file": SimpleUploadedFile("work.avif", data)}
    assert client.post("/hanging/new/", sent).status_code == 302
    artwork = Artwork.objects.get()
    assert (artwork.width, artwork.height, artwork.jpeg_quality) == (32, 48, None)
    display = artwork.renditions.get(kind="display")
    with display.file.open("rb") as file:
        picture = Image.open(file)
        assert corners(picture) == [BLUE, RED, WHITE, LIME]
    blind = client.get(f"/hanging/{artwork.code}/blind/").content
    assert webp_chunks(blind) == [b"VP8 "]


def test_what_is_transparent_stands_on_grey_and_only_the_first_frame_counts():
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("blue", "red", "red")]
    clear = Image.new("RGBA", (40, 40), (255, 0, 0, 0))
    with Sandbox() as sandbox:
        moving = encoded(frames[0], **AVIF, save_all=True, append_images=frames[1:])
        assert sandbox.develop(moving, []).width == 40
        assert sandbox.develop(encoded(clear, **AVIF), []).height == 40
    picture = opened(moving)
    picture.load()
    assert corners(picture) == [BLUE] * 4


@pytest.mark.parametrize(
    ("width", "height", "reason"),
    [
        (5001, 5000, "avif"),
        (9000, 9000, "pixels"),
        (20_001, 20, "long"),
        (15, 64, "small"),
    ],
)
def test_an_avif_is_refused_by_the_size_it_tells_before_it_is_decoded(width, height, reason):
    assert MOST_AVIF_PIXELS == 5000 * 5000
    with pytest.raises(Unreadable, match=reason):
        opened(claiming(encoded(noise(), **AVIF), width, height))


def test_a_frame_larger_than_told_is_made_as_small_as_told_in_no_more_memory_than_the_child_has():
    large = encoded(Image.new("RGB", (4000, 3000), "teal"), **AVIF)
    with Sandbox() as sandbox:
        for width, height in ((64, 48), (4000, 64)):
            read = sandbox.develop(claiming(large, width, height), [])
            assert (read.width, read.height) == (width, height)
        assert sandbox._child
        status = Path(f"/proc/{sandbox._child.pid}/status").read_text()
    peak = next(line.split()[1] for line in status.splitlines() if line.startswith("VmPeak"))
    assert int(peak) * 1024 < MEMORY_BYTES


def test_other_files_of_the_same_kind_of_box_are_no_pictures():
    whole = encoded(noise(), **AVIF)
    for brand, reason in ((b"heic", "format"), (b"isom", "format"), (b"mif1", None)):
        data = whole[:8] + brand + whole[12:]
        if reason is None:
            assert opened(data).size == (64, 48)
        else:
            with pytest.raises(Unreadable, match=reason):
                opened(data)
    for half in (whole[:40], whole[:300], whole[: len(whole) // 2]):
        with pytest.raises(Unreadable, match="damaged"):
            master(opened(half))


def test_damage_anywhere_costs_nothing_but_the_picture():
    whole = encoded(quadrants(), **AVIF)
    draw = random.Random(7)
    with Sandbox() as sandbox:
        for _ in range(100):
            data = bytearray(whole)
            for _ in range(draw.randint(1, 4)):
                data[draw.randrange(12, len(data))] = draw.randrange(256)
            with suppress(NotDeveloped):
                sandbox.develop(bytes(data), [])
            assert sandbox._child, "damage is told, and ends nobody"
        assert sandbox.develop(whole, []).width == 48

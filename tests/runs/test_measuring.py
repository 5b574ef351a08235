"""A worker measures what hangs, between runs, whoever made it and whatever is killed."""

import json
from typing import Any

import pytest

from gallery.runs.measuring import MOST_TRIES
from generators.measures import NEIGHBOURS, PICTURE_CODECS, TEXT_CODECS
from tests.faults.witness import ask, kill, request, wait_for, wait_for_painter
from tests.servers import Gallery, wait_until

pytestmark = pytest.mark.any_database

QUICK = {"PAINT_LEASE_SECONDS": "3", "PAINT_BEAT_SECONDS": "0.5", "PAINT_TICK_SECONDS": "0.5"}
HANG = """
import io
from pathlib import Path
from django.conf import settings
from PIL import Image
from gallery.runs.measuring import BROKE_OFF, VERSION
from gallery.works.ingest import prepare
from gallery.works.models import Kind, Measures, Rendition
from gallery.works.services import accession, machine_maker, person

def hang(medium, data, maker, recipe=None):
    artwork = accession(prepare(medium, data), maker=maker, licence="CC0 1.0", recipe=recipe)
    artwork.hang()
    return artwork

def png(number):
    file = io.BytesIO()
    Image.effect_noise((96, 64 + number), 10 + 5 * number).convert("RGB").save(file, "PNG")
    return file.getvalue()

ada, dreams = person("Ada"), machine_maker("Dreams")
first = png(0)
hang("image", first, ada)
lost = hang("image", png(1), ada)
for number in range(2, 12):
    hang("image", png(number), ada)
hang("image", first, dreams, {"generator": "dreams"})  # a copy
text = hang("text", b"The tide comes in, the tide goes out.", ada)
Measures.objects.create(artwork=text, version=VERSION, reason=BROKE_OFF)  # by an earlier worker
hang("text", b"The tide came in, the tide went out.", dreams, {"generator": "dreams"})
hang("image", png(12), ada)
Rendition.objects.get(artwork=lost, kind=Kind.DISPLAY).file.delete(save=False)
"""
TELL = """
import json
from gallery.works.models import Artwork
def told(work):
    rows = work.measures.all()
    return [
        {"medium": work.medium, "origin": work.origin, "reason": row.reason,
         "nearest": row.nearest_id and places[row.nearest_id], "distance": row.distance,
         "novelty": row.novelty, "lengths": row.lengths, "entropy": row.permutation_entropy,
         "features": len(bytes(row.features))}
        for row in rows
    ]
works = list(Artwork.objects.hung().order_by("hung_at", "pk"))
places = {work.pk: place for place, work in enumerate(works)}
print(json.dumps([told(work) for work in works]))
"""
WORKS = 16
LASTS = "reason not like 'Measuring it broke off%'"
GIVEN_UP = f"select count(*) from works_measures where not {LASTS}"


def measured(gallery: Gallery) -> int:
    return int(ask(gallery, f"select count(*) from works_measures where {LASTS}")[0][0])


@pytest.fixture(scope="module")
def wall(tmp_path_factory, furnished) -> list[dict[str, Any]]:
    """The measures of each work in the order of hanging, after two workers shared the work and the
    first lost its painter."""
    gallery = Gallery(tmp_path_factory.mktemp("wall") / "gallery", **QUICK).furnish(furnished)
    gallery.python(HANG)
    workers = [gallery.worker() for _ in range(2)]
    try:
        kill(wait_for_painter(workers[0].pid))
        wait_until(lambda: measured(gallery) >= WORKS, seconds=60, what="the last measures")
        code = request(gallery, generator="letters", params={}, count=1)
        wait_for(gallery, code, state="done")  # and they still paint
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    told = json.loads(gallery.python(TELL))
    assert [len(rows) for rows in told] == [1] * WORKS  # one set each, whoever was quicker
    return [rows[0] for rows in told]


def test_pictures_and_texts_by_people_and_machines_are_measured(wall):
    for row in wall:
        if not row["reason"]:
            codecs = PICTURE_CODECS if row["medium"] == "image" else TEXT_CODECS
            assert set(row["lengths"]) == set(codecs)
            assert (row["entropy"] is None) is (row["medium"] == "text")
            assert row["features"] > 0
    assert {row["origin"] for row in wall} == {"human", "machine"}


def test_a_copy_is_nearest_to_its_original(wall):
    copy = wall[12]
    assert copy["nearest"] == 0
    assert copy["distance"] == pytest.approx(0, abs=1e-5)
    assert wall[14]["nearest"] == 13  # the only other text


def test_a_work_is_compared_with_all_that_hung_before_it_and_no_other(wall):
    before = {"image": 0, "text": 0}
    for place, row in enumerate(wall):
        if row["reason"]:
            continue
        earlier = before[row["medium"]]
        assert (row["nearest"] is None) is (earlier == 0)
        assert row["nearest"] is None or row["nearest"] < place
        assert (row["novelty"] is None) is (earlier < NEIGHBOURS)
        before[row["medium"]] += 1


def test_a_work_whose_file_is_missing_is_told_so_and_does_not_stop_the_others(wall):
    assert [place for place, row in enumerate(wall) if row["reason"]] == [1]
    assert wall[1]["reason"] == "The file of this work is missing."


def test_what_an_earlier_worker_gave_up_is_tried_again(wall):
    assert (wall[13]["medium"], wall[13]["reason"]) == ("text", "")


def test_a_work_that_cannot_be_measured_stands_aside(tmp_path, furnished):
    hasty = QUICK | {"PAINT_OUTPUT_SECONDS": "0.01"}
    gallery = Gallery(tmp_path / "gallery", **hasty).furnish(furnished)
    gallery.python("from tests.factories import make_artwork; make_artwork(medium='text')")
    worker = gallery.worker()
    try:
        wait_until(lambda: ask(gallery, GIVEN_UP) == [(1,)], seconds=60, what="giving up")
    finally:
        worker.kill()
        worker.wait()
    assert (gallery.folder / "worker.log").read_text().count("was not measured") == MOST_TRIES

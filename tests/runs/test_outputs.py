"""What becomes of a finished output, and of one that comes too late."""

import io
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError
from PIL import Image

from gallery.runs.models import LeaseLost, Output, Run
from gallery.runs.services import LICENCE, keep_output
from gallery.works.ingest import IngestRefused
from gallery.works.models import Artwork
from tests.factories import make_run, make_user

pytestmark = pytest.mark.django_db

RECIPE = {"generator": "entropy", "seed": 5}


def png() -> bytes:
    file = io.BytesIO()
    Image.effect_noise((80, 60), 50).convert("RGB").save(file, "PNG")
    return file.getvalue()


def claimed(**kw) -> Run:
    make_run(**kw)
    run = Run.objects.claim("w1")
    assert run is not None
    return run


def renditions() -> list[Path]:
    return list(Path(settings.MEDIA_ROOT).glob("renditions/**/*.webp"))


def test_an_output_becomes_a_candidate_with_its_recipe():
    user = make_user()
    run = claimed(count=2, requested_by=user)
    artwork = keep_output(run, 1, png(), RECIPE)
    artwork.refresh_from_db()
    assert (artwork.state, artwork.origin, artwork.medium) == ("candidate", "machine", "image")
    assert (artwork.width, artwork.height) == (80, 60)
    assert (str(artwork.maker), artwork.licence, artwork.recipe) == ("Entropy", LICENCE, RECIPE)
    assert (artwork.title, artwork.added_by) == ("", user)
    assert artwork.output.index == 1
    assert len(renditions()) == 3


def test_two_outputs_have_one_maker():
    run = claimed(count=2)
    one, two = (keep_output(run, index, png(), RECIPE) for index in range(2))
    assert one.maker == two.maker


def test_a_text_becomes_a_text():
    artwork = keep_output(claimed(generator="letters", params={}), 0, b"qwz xv\nab", RECIPE)
    assert (artwork.medium, artwork.text.split()) == ("text", ["qwz", "xv", "ab"])


@pytest.mark.parametrize("lose", [Run.cancel, Run.release])
def test_an_output_that_comes_too_late_leaves_nothing(lose):
    run = claimed()
    lose(Run.objects.get() if lose is Run.cancel else run)
    stale = Run.objects.get()
    stale.worker, stale.attempt = "w1", 1
    with pytest.raises(LeaseLost):
        keep_output(stale, 0, png(), RECIPE)
    assert not Artwork.objects.exists()
    assert not renditions()


def test_a_second_output_of_one_index_leaves_nothing():
    run = claimed()
    keep_output(run, 0, png(), RECIPE)
    with pytest.raises(IntegrityError):
        keep_output(run, 0, png(), RECIPE)
    assert Output.objects.count() == Artwork.objects.count() == 1
    assert len(renditions()) == 3


def test_an_output_that_ingest_refuses_leaves_nothing():
    with pytest.raises(IngestRefused):
        keep_output(claimed(), 0, b"no picture", RECIPE)
    assert not Artwork.objects.exists()

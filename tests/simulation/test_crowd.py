"""Simulated raters sit real studies over real HTTP, and no public page ever counts them."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from django.core.management import CommandError, call_command

from gallery.studies.models import Rater
from tests.factories import make_study
from tests.servers import Gallery

SESSION = {
    "preview": 2,
    "practice": 1,
    "anchors": 2,
    "repeats": 1,
    "instructed": True,
    "rest_after": 3,
    "facts": True,
}


PAIRS = {"mode": "pairs", "pairs": ["surprise"], "guess": {"timing": "none"}}
STUDIES = {"whole": {"session": SESSION}, "some": {}, "pairs": PAIRS, "hidden": {}}
DRAFT = """
from gallery.studies.freezing import freeze
from tests.factories import add_works, make_study
for slug, rules in {studies!r}.items():
    study = make_study(4, state="draft", slug=slug, simulated=True, rules=rules)
    add_works(study, preview=2, practice=1, noise=1, plain=1)
    freeze(study)
"""
COUNT = """
import json
from gallery.studies.models import *
study = Study.objects.get(slug="{slug}")
mine = dict(trial__rater__study=study)
named = Rating.objects.filter(item="instructed", **mine)
print(json.dumps(dict(
    revealed=study.raters.filter(revealed_at__isnull=False).count(),
    left=study.raters.exclude(left_at=None).count(),
    rated=Trial.objects.rated().filter(rater__study=study).count(),
    skipped=Trial.objects.filter(rater__study=study).exclude(skip_reason="").count(),
    ratings=Rating.objects.exclude(item="instructed").filter(**mine).count(),
    guesses=Guess.objects.filter(**mine).count(),
    choices=Choice.objects.filter(**mine).count(),
    named=[rating.value == rating.trial.instructed for rating in named],
    answers=list(Rating.objects.filter(**mine).order_by("pk").values_list("value", flat=True)),
)))
"""


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory, furnished: Path) -> Iterator[Gallery]:
    """A gallery of its own: raters come from several threads, and so does its server."""
    gallery = Gallery(tmp_path_factory.mktemp("simulated")).furnish(furnished)
    gallery.python(DRAFT.format(studies=STUDIES))
    gallery.start()
    yield gallery
    gallery.stop()


def simulated(gallery: Gallery, slug: str, *options: str) -> Any:
    """What a crowd left in a study of its own, and what the command said."""
    told = gallery.manage("simulate_raters", slug, "--at-once", "2", *options).stdout
    assert "lost 0" in told
    return json.loads(gallery.python(COUNT.format(slug=slug))) | {"told": told}


@pytest.mark.any_database
def test_every_answer_is_taken_and_every_rater_comes_to_the_end(gallery: Gallery):
    effect = ["--effect", "coherence=0.4,surprise=-0.3"]
    found = simulated(gallery, "whole", "--raters", "3", *effect)
    assert "coherence +0.4, surprise -0.3" in found["told"]
    assert found["revealed"] == 3
    assert found["rated"] == 3 * (1 + 8 + 2 + 1)
    assert found["ratings"] == 2 * found["rated"]
    assert found["guesses"] == 3 * 8
    assert found["named"] == [True] * 3


@pytest.mark.any_database
def test_some_leave_and_some_skip_in_a_gallery_that_runs(gallery: Gallery):
    options = [
        "--raters",
        "8",
        "--leave",
        "0.6",
        "--skip",
        "0.2",
        "--careless",
        "0.5",
        "--seed",
        "5",
    ]
    found = simulated(gallery, "some", *options, "--url", gallery.url)
    assert found["left"] > 0
    assert f"left early {found['left']}" in found["told"]
    assert found["skipped"] > 0
    assert f"skipped {found['skipped']}" in found["told"]


@pytest.mark.any_database
def test_pairs_are_answered_too(gallery: Gallery):
    assert simulated(gallery, "pairs", "--raters", "3")["choices"] == 3 * 4


@pytest.mark.any_database
def test_no_public_page_counts_a_simulated_answer(gallery: Gallery):
    assert simulated(gallery, "hidden", "--raters", "2")["ratings"] > 0

    def page(path: str) -> str:
        with urlopen(gallery.url + path) as response:
            return html.unescape(response.read().decode())

    assert "so far" not in page("/")
    assert "/studies/hidden/" not in page("/") + page("/studies/")
    assert "only a program's" in page("/studies/hidden/")
    assert "only a program's" in page("/studies/hidden/findings/")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("study", "options", "because"),
    [
        ({"slug": "real"}, {}, "People sit this study"),
        ({"slug": "shut", "simulated": True, "state": "closed"}, {}, "not open"),
        ({"slug": "play", "simulated": True}, {"effect": "a lot"}, "Write the effect as"),
    ],
)
def test_it_refuses_what_it_must_not_or_cannot_do(study, options, because):
    made = make_study(1, **study)
    with pytest.raises(CommandError, match=because):
        call_command("simulate_raters", made.slug, **options)
    assert not Rater.objects.exists()


@pytest.mark.django_db
def test_it_says_so_where_there_is_no_such_study():
    with pytest.raises(CommandError, match="no study with the address"):
        call_command("simulate_raters", "nowhere")

"""When findings are computed anew, what is kept of each look, what the database refuses."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from gallery.findings.models import Finding, Look
from gallery.findings.services import NEW_SITTINGS, compute_findings, compute_next
from tests.factories import make_study
from tests.findings.rows import sit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_minute_later():
    cache.clear()


def later() -> None:
    """As if a minute had passed."""
    cache.clear()


def test_the_first_count_comes_at_once_and_another_after_five_more_sittings():
    study = make_study(2)
    sit(study, 31)
    assert compute_next()
    later()
    assert not compute_next()
    sit(study, NEW_SITTINGS - 1)
    later()
    assert not compute_next()
    sit(study, 1)
    later()
    assert compute_next()
    assert Finding.objects.get().document["raters"] == 36


def test_a_few_new_answers_are_counted_after_a_while():
    study = make_study(2)
    sit(study, 31)
    assert compute_next()
    sit(study, 1)
    Finding.objects.update(computed_at=now() - timedelta(minutes=11))
    later()
    assert compute_next()


def test_a_study_that_closed_is_counted_at_once():
    study = make_study(2)
    sit(study, 31)
    assert compute_next()
    study.close()
    later()
    assert compute_next()
    assert Finding.objects.get().document["final"]


def test_within_a_minute_nothing_is_counted_twice():
    study = make_study(2)
    sit(study, 31)
    assert compute_next()
    sit(study, 20)
    assert not compute_next()


def test_what_an_older_version_kept_is_counted_anew_and_no_error(client):
    study = make_study(2)
    sit(study, 31)
    assert compute_next()
    Finding.objects.update(document={"raters": 31}, mark="open:31:1:0:0:an older shape")
    text = client.get(f"/studies/{study.slug}/findings/").text
    assert "The answers are being counted" in text
    later()
    assert compute_next()
    assert (
        "The answers are being counted" not in client.get(f"/studies/{study.slug}/findings/").text
    )


def test_drafts_are_never_counted():
    make_study(2, state="draft")
    assert not compute_next()


def test_every_look_is_kept_and_the_last_one_happens_once():
    study = make_study(8)
    sit(study, 31)
    compute_findings(study)
    sit(study, 10)
    compute_findings(study)
    assert list(Look.objects.filter(item="coherence").values_list("raters", "final")) == [
        (31, False),
        (41, False),
    ]
    study.close()
    compute_findings(study)
    compute_findings(study)
    last = Look.objects.get(item="coherence", final=True)
    wide = Look.objects.filter(item="coherence", final=False).last()
    assert wide
    assert last.high - last.low < wide.high - wide.low


@pytest.mark.parametrize(
    "change", [{"low": 2.0}, {"high": -2.0}, {"error": 0.0}, {"estimate": 5.0}]
)
def test_a_look_has_its_estimate_inside(change):
    values = {"estimate": 0.1, "error": 0.2, "low": -0.5, "high": 0.7} | change
    counts = {"raters": 30, "answers": 300, "final": False, "item": "coherence"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Look.objects.create(study=make_study(1), **counts, **values)


def test_the_look_at_the_end_happens_once():
    values = {"estimate": 0.1, "error": 0.2, "low": -0.5, "high": 0.7, "final": True}
    counts = {"raters": 30, "answers": 300, "item": "coherence"}
    study = make_study(1)
    Look.objects.create(study=study, **counts, **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Look.objects.create(study=study, **counts, **values)


def test_a_finding_takes_some_time():
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.create(study=make_study(1), mark="", seconds=-1, document={})

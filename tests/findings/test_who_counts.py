"""Which answers count, how long findings are kept, and who may see them."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from django.utils.timezone import now

from gallery.findings.answers import counted_raters, read
from gallery.findings.counting import compute
from gallery.findings.services import findings_of as kept_of
from tests.factories import make_rater, make_study
from tests.findings.pages import findings_of, guesses_of, page
from tests.findings.rows import sit
from tests.studies.visitors import sit_down

pytestmark = pytest.mark.django_db


def test_recognised_works_are_left_out_and_counted(client):
    study = make_study(3)
    knows = {1: "yes", 4: "maybe"}
    sit(study, 30, recognised=lambda rater, work, _: knows.get(work, "") if rater < 5 else "no")
    found = findings_of(study)
    assert (found.trials, found.recognised, found.raters) == (30 * 6 - 10, 10, 30)
    assert guesses_of(study).total == 170
    assert (
        "Left out: 0 works that visitors skipped, and 10 that the visitors had seen before"
        in page(client, study)
    )


def test_skipped_works_are_left_out_and_counted(client):
    study = make_study(3)
    sit(study, 30, skip=lambda rater, work, _: work == 2 and rater < 7)
    found = findings_of(study)
    assert (found.trials, found.skipped) == (173, 7)
    assert "Left out: 7 works that visitors skipped, and 0" in page(client, study)


def test_a_sitting_counts_only_once_it_is_finished(client):
    """Else its rater could see on which side an answer was added, before guessing."""
    study = make_study(3)
    sit(study, 12)
    before = findings_of(study)
    sit(study, 20, finished=False)
    after = findings_of(study)
    assert after.quality
    assert after.quality.started == 32
    assert replace(after, quality=before.quality) == before


def test_a_closed_study_counts_unfinished_sittings_too():
    study = make_study(2)
    sit(study, 12)
    sit(study, 3, finished=False)
    assert findings_of(study).raters == 12
    study.close()
    assert findings_of(study).raters == 15


def test_a_closed_study_counts_sittings_of_five_rated_works_or_more():
    study = make_study(4)
    sit(study, 12)
    sit(study, 3, finished=False, skip=lambda rater, work, _: work > 5)
    study.close()
    sit(study, 20, finished=False, skip=lambda rater, work, _: work > 4)
    assert findings_of(study).raters == 15


def test_new_answers_and_erased_ones_are_counted():
    study = make_study(2)
    people = sit(study, 12)
    assert findings_of(study).raters == 12
    people[3].delete()
    assert findings_of(study).raters == 11
    sit(study, 1)
    assert findings_of(study).raters == 12


def test_what_is_kept_is_what_would_be_computed():
    study = make_study(3)
    sit(study, 31)
    found = findings_of(study)
    assert kept_of(study) == found
    assert replace(found, quality=None) == compute(read(study))


def test_the_page_reads_what_is_kept_and_computes_nothing(client, django_assert_num_queries):
    study = make_study(3)
    sit(study, 40)
    page(client, study)
    with django_assert_num_queries(2):  # the study, its findings
        client.get(f"/studies/{study.slug}/findings/")
    study.close()
    page(client, study)
    with django_assert_num_queries(
        4
    ):  # and the works that it names, and which of them this reader may know
        client.get(f"/studies/{study.slug}/findings/")


def test_before_the_first_count_the_page_says_so(client):
    study = make_study(3)
    sit(study, 40)
    text = client.get(f"/studies/{study.slug}/findings/").text
    assert "The answers are being counted" in text


def test_other_studies_do_not_count():
    study, other = make_study(2), make_study(2)
    sit(study, 11)
    sit(other, 13)
    assert findings_of(study).raters == 11
    assert findings_of(other).trials == 13 * 4


def test_whoever_is_in_the_middle_of_a_sitting_is_sent_back_to_it(client):
    study = make_study(2)
    sit(study, 31)
    client.post(f"/studies/{study.slug}/begin/")
    response = client.get(f"/studies/{study.slug}/findings/")
    assert response.status_code == 403
    assert "You are in the middle of this study" in response.text
    assert f"/studies/{study.slug}/sitting/" in response.text
    assert "points" not in response.text
    study.raters.filter(revealed_at=None).update(revealed_at=now())
    assert client.get(f"/studies/{study.slug}/findings/").status_code == 200


def test_a_sitting_too_old_to_go_on_does_not_bar_the_page(client):
    study = make_study(2)
    client.post(f"/studies/{study.slug}/begin/")
    study.raters.update(consented_at=now() - timedelta(days=31))
    assert client.get(f"/studies/{study.slug}/findings/").status_code == 200


def test_an_unknown_study_has_no_findings(client):
    assert client.get("/studies/no-such-study/findings/").status_code == 404


def test_it_only_reads(client):
    study = make_study(2)
    make_rater(study)
    assert client.post(f"/studies/{study.slug}/findings/").status_code == 405


def test_whoever_ended_early_counts_from_five_rated_works_on():
    study = make_study(8, trials_per_rater=16)
    for rated in (4, 5):
        client, rater = sit_down(study)
        for trial in rater.trials.all()[:rated]:
            client.post(f"/trials/{trial.code}/answer/", {"coherence": 1, "surprise": 1})
        client.post(f"/studies/{study.slug}/sitting/leave/")
    assert list(counted_raters(study)) == [study.raters.latest("pk")]
    study.close()
    assert list(counted_raters(study)) == [study.raters.latest("pk")]


def test_one_network_cannot_move_the_model_however_often_it_sits():
    """Sixty sittings that praise machines alone, from one network."""
    study = make_study(6)
    sit(study, 40)
    before = findings_of(study).scales[0].model
    bots = sit(study, 60, answer=lambda r, w, m: (4 + (r + w) % 4 if m else 1 + (r + 2 * w) % 4, 4))
    study.raters.filter(pk__in=[bot.pk for bot in bots]).update(network="one network")
    after = compute(read(study)).scales[0].model
    unbounded = compute(replace(read(study), weights=np.ones(100))).scales[0].model
    assert before and after and unbounded  # noqa: PT018 - all three are there
    assert abs(after.difference.estimate - before.difference.estimate) < 0.5  # a sixth
    assert abs(unbounded.difference.estimate - before.difference.estimate) > 1.0

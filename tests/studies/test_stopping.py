"""A study ends by its own rule, says why, and never ends for a result."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localdate

from gallery.studies.models import Ending, State, Study
from gallery.studies.stopping import stop_next, why_stop
from tests.factories import make_study, make_user, sign_in
from tests.studies.visitors import finish, rate_all, sit_down

pytestmark = pytest.mark.django_db


def study_until(**rule) -> Study:
    return make_study(1, rules={"stopping": {"ratings_per_work": 2, "raters": 2} | rule})


def test_it_goes_on_until_every_work_and_the_study_have_enough():
    study = study_until()
    for _ in range(2):
        assert not stop_next()
        finish(*sit_down(study))
    assert stop_next()
    study.refresh_from_db()
    assert (study.state, study.ended_by) == (State.CLOSED, Ending.ENOUGH)
    assert not stop_next()


def test_raters_who_did_not_finish_do_not_end_it():
    study = study_until()
    for _ in range(3):
        rate_all(*sit_down(study))
    assert why_stop(study) is None


def test_it_ends_once_its_last_day_is_over_and_not_on_it():
    today = localdate()
    open_still = study_until(last_day=today.isoformat())
    over = study_until(last_day=(today - timedelta(days=1)).isoformat())
    assert stop_next()
    assert not stop_next()
    assert Study.objects.get(pk=open_still.pk).is_open
    assert Study.objects.get(pk=over.pk).ended_by == Ending.LAST_DAY


def test_a_simulated_study_is_closed_by_hand_alone():
    make_study(1, simulated=True, rules={"stopping": {"last_day": "2020-01-01"}})
    assert not stop_next()


def test_the_list_says_why_a_study_ended(client):
    make_study(1).close()
    assert "an admin closed it" in client.get("/studies/").content.decode()


def as_shown(client: Client, page: str) -> dict[str, Any]:
    """What a browser would send of a form that nobody has touched."""
    form = client.get(page).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {
        name: value for name, value in values.items() if value is not None and value is not False
    }


def test_an_admin_writes_the_next_version_from_the_one_that_is_open(client):
    study = make_study(2, trials_per_rater=4, rules={"hypothesis": "People surprise more."})
    sign_in(client, make_user(admin=True))
    page = f"/studies/{study.slug}/next/"
    sent = as_shown(client, page)
    assert sent["hypothesis"] == "People surprise more."
    drafted = client.post(page, sent | {"hypothesis": "Machines surprise more."})
    told = client.get(drafted.headers["Location"]).content.decode()
    assert "-protocol.hypothesis: People surprise more." in told
    assert "+protocol.hypothesis: Machines surprise more." in told
    following = Study.objects.get(previous=study)
    assert client.post(f"/studies/{following.slug}/open/").status_code == 302
    study.refresh_from_db()
    assert (study.state, study.ended_by) == (State.CLOSED, Ending.NEXT)
    assert client.get(page).status_code == 404  # it has a next version already


def test_works_are_sorted_into_strata_that_anybody_sees(client):
    study = make_study(2, trials_per_rater=4)
    sign_in(client, make_user(admin=True))
    page = f"/studies/{study.slug}/next/"
    client.post(page, as_shown(client, page))
    following = Study.objects.get(previous=study)
    assert set(following.works.values_list("stratum", flat=True)) == {"wide"}

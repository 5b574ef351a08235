"""The pages on which admins see, add, pause and delete what comes by itself."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localtime, now

from gallery.runs.models import Run, Schedule
from gallery.runs.schedules.services import start_due
from generators.catalog import GENERATORS
from tests.factories import make_artwork, make_run, make_schedule, make_user, sign_in

pytestmark = pytest.mark.django_db

LIST = "/studio/schedules/"
NEW = "/studio/schedules/new/entropy/"
ASKED = {"name": "Noise", "hour": "4", "every_days": "2", "count": "3", "size": "64"}


@pytest.fixture
def admin(client):
    """A client that is signed in as an admin."""
    sign_in(client, make_user("ada", admin=True))
    return client


def words(html: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", html).split())


def test_an_admin_adds_a_schedule_and_finds_it_listed(admin):
    response = admin.post(NEW, ASKED | {"most_works": "30", "most_minutes": "60"})
    assert (response.status_code, response["Location"]) == (302, LIST)
    schedule = Schedule.objects.get()
    assert (schedule.hour, schedule.every_days, schedule.count) == (4, 2, 3)
    assert (schedule.params, str(schedule.created_by)) == ({"size": 64}, "ada")
    assert now() < schedule.next_at <= now() + timedelta(days=1)
    assert localtime(schedule.next_at).hour == 4
    told = words(admin.get(LIST).text)
    for part in ("Noise", "3 works by Entropy", "every 2 days at 4:00.", "0 of at most 30 works."):
        assert part in told
    assert not Run.objects.exists()


@pytest.mark.parametrize("name", GENERATORS)
def test_every_artist_can_be_scheduled_and_then_starts(admin, name):
    for _ in range(2):
        make_artwork(medium=GENERATORS[name].medium)
    address = reverse("schedule-new", args=[name])
    html = admin.get(address).text
    asked = {"name": "Nightly", "hour": "3", "every_days": "1", "count": "1"}
    if re.search(r'name="draws_inputs"[^>]*checked', html):
        asked["draws_inputs"] = "on"
    assert admin.post(address, asked).status_code == 302
    Schedule.objects.update(next_at=now() - timedelta(hours=1))
    assert start_due() == 1
    assert Run.objects.get().generator == name


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"hour": "24"}, "less than or equal to 23"),
        ({"every_days": "0"}, "greater than or equal to 1"),
        ({"every_days": "32"}, "less than or equal to 31"),
        ({"size": "1"}, "greater than or equal to 64"),
        ({"most_works": "2"}, "This has no room for the works of one turn."),
        ({"most_minutes": "0"}, "greater than or equal to 1"),
        ({"draws_inputs": "on"}, "it starts from no work: let none be drawn."),
        ({"variant": "colours of the content"}, "It needs works to start from: let them be drawn."),
    ],
)
def test_a_schedule_that_could_never_start_is_refused_at_its_field(admin, change, sentence):
    response = admin.post(NEW, ASKED | change)
    assert response.status_code == 422
    assert sentence in response.text
    assert not Schedule.objects.exists()


def test_a_whole_turn_is_bounded_as_any_run_is(admin):
    response = admin.post(
        "/studio/schedules/new/inceptionism/",
        ASKED | {"size": "1024", "steps": "100", "count": "100"},
    )
    assert response.status_code == 422
    assert "the limit" in response.text


def test_an_unknown_artist_is_not_found(admin):
    assert admin.get("/studio/schedules/new/rembrandt/").status_code == 404


def test_it_is_paused_goes_on_and_is_deleted(admin):
    schedule = make_schedule(name="Nightly")
    admin.post(reverse("schedule-pause", args=[schedule.code]))
    assert "Paused" in words(admin.get(LIST).text)
    admin.post(reverse("schedule-resume", args=[schedule.code]))
    assert "Next:" in words(admin.get(LIST).text)
    admin.post(reverse("schedule-delete", args=[schedule.code]))
    assert "Nothing comes by itself yet." in words(admin.get(LIST).text)


def change(schedule: Schedule) -> str:
    return reverse("schedule-change", args=[schedule.code])


def filled_in(html: str) -> dict[str, str]:
    """What a browser would send back of a form of which nothing was touched."""
    fields = re.findall(r'<input[^>]*name="(\w+)"[^>]*>', html)
    tags = {name: re.search(rf'<input[^>]*name="{name}"[^>]*>', html) for name in fields}
    sent = {}
    for name, tag in tags.items():
        if tag and ("checkbox" not in tag[0] or "checked" in tag[0]):
            value = re.search(r'value="([^"]*)"', tag[0])
            sent[name] = value[1] if value else "on" if "checkbox" in tag[0] else ""
    for name, options in re.findall(r'<select[^>]*name="(\w+)".*?>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = chosen[1] if chosen else ""
    return sent


@pytest.mark.parametrize("name", GENERATORS)
def test_saving_what_the_form_shows_changes_nothing(admin, name):
    asked = {"name": "Nightly", "hour": "3", "every_days": "2", "count": "1", "most_works": "9"}
    html = admin.get(reverse("schedule-new", args=[name])).text
    asked |= {"draws_inputs": "on"} if re.search(r'"draws_inputs"[^>]*checked', html) else {}
    assert admin.post(reverse("schedule-new", args=[name]), asked).status_code == 302
    before = Schedule.objects.values().get()
    address = change(Schedule.objects.get())
    assert admin.post(address, filled_in(admin.get(address).text)).status_code == 302
    assert Schedule.objects.values().get() == before


def test_a_schedule_is_changed_from_its_next_turn_on(admin):
    schedule = make_schedule(params={"size": 64}, count=3, skipped="Nothing hangs.")
    run = make_run(schedule=schedule)
    came = schedule.next_at
    asked = ASKED | {"name": "More noise", "hour": "3", "every_days": "1", "count": "5"}
    response = admin.post(change(schedule), asked | {"size": "128", "most_works": "20"})
    assert response["Location"] == LIST
    schedule.refresh_from_db()
    assert (schedule.name, schedule.count, schedule.most_works) == ("More noise", 5, 20)
    assert (schedule.params, schedule.skipped) == ({"size": 128}, "")
    assert schedule.next_at == came
    assert run.params == Run.objects.get().params


@pytest.mark.parametrize("told", [{"hour": "9"}, {"every_days": "5"}])
def test_another_hour_or_other_days_count_from_now(admin, told):
    schedule = make_schedule(next_at=now() + timedelta(days=20))
    asked = ASKED | {"hour": "3", "every_days": "1"} | told
    assert admin.post(change(schedule), asked).status_code == 302
    schedule.refresh_from_db()
    assert now() < schedule.next_at <= now() + timedelta(days=1)
    assert localtime(schedule.next_at).hour == int(asked["hour"])


def test_a_paused_schedule_stays_paused_when_it_is_changed(admin):
    schedule = make_schedule(active=False)
    admin.post(change(schedule), ASKED)
    schedule.refresh_from_db()
    assert (schedule.active, schedule.name) == (False, "Noise")


def test_a_change_that_will_not_do_is_refused_at_its_field_and_changes_nothing(admin):
    schedule = make_schedule(name="Nightly")
    response = admin.post(change(schedule), ASKED | {"size": "1"})
    assert response.status_code == 422
    assert "greater than or equal to 64" in response.text
    schedule.refresh_from_db()
    assert schedule.name == "Nightly"


def test_one_whose_artist_is_gone_is_listed_and_cannot_be_changed(admin):
    schedule = make_schedule(generator="rembrandt")
    assert change(schedule) + '"' not in admin.get(LIST).text
    assert admin.get(change(schedule)).status_code == 404


@pytest.mark.parametrize("verb", ["change", "pause", "resume", "delete"])
def test_one_that_is_gone_is_not_found(admin, verb):
    schedule = make_schedule()
    schedule.delete()
    assert admin.post(reverse(f"schedule-{verb}", args=[schedule.code])).status_code == 404


def test_a_used_up_budget_is_told_before_a_turn_fails_for_it(admin):
    schedule = make_schedule(most_works=1)
    make_run(schedule=schedule)
    told = words(admin.get(LIST).text)
    assert "This month 1 of at most 1 works." in told
    assert "This month’s budget is used up. It goes on next month." in told


def test_why_the_last_turn_made_no_run_is_told(admin):
    make_schedule(skipped="No work by a person hangs here that it could start from.")
    told = words(admin.get(LIST).text)
    assert "The last turn made no run: No work by a person hangs here" in told


def test_a_run_tells_which_schedule_asked_for_it(admin):
    run = make_run(schedule=make_schedule(name="Nightly dream"))
    assert "Nightly dream" in admin.get(run.get_absolute_url()).text


def test_the_studio_leads_to_the_schedules(admin):
    assert f'href="{LIST}"' in admin.get("/studio/").text


def test_more_schedules_cost_no_more_queries(admin, django_assert_max_num_queries):
    for _ in range(8):
        make_run(schedule=make_schedule())
    with django_assert_max_num_queries(6):
        admin.get(LIST)

"""What comes by itself: once for each turn, within its budget, and told where it does not."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import localtime, now

from gallery.runs.models import Run, Schedule
from gallery.runs.models.schedule import slot_after
from gallery.runs.schedules.services import start_due
from tests.conftest import database_like
from tests.factories import make_artwork, make_run, make_schedule, make_user
from tests.servers import Gallery, wait_until

pytestmark = pytest.mark.django_db

QUICK = {"size": 64, "octaves": 1, "steps": 2, "layer": "shallow", "network": "random"}
GREY = {"variant": "colours of the content"}


def overdue(days: float = 0.1, **kw) -> Schedule:
    """One whose turn was so many days ago."""
    turn = now() - timedelta(days=days)
    return make_schedule(next_at=turn, hour=localtime(turn).hour, **kw)


def test_a_turn_that_has_come_makes_a_run_that_names_its_schedule():
    ada = make_user("ada")
    schedule = overdue(params={"size": 64}, count=2, created_by=ada)
    assert start_due() == 1
    run = Run.objects.get()
    assert (run.schedule, run.requested_by, run.count) == (schedule, ada, 2)
    assert run.params["size"] == 64
    schedule.refresh_from_db()
    assert schedule.next_at > now()
    assert schedule.last_run_at
    assert schedule.skipped == ""


def test_it_is_started_once_and_then_waits_for_its_next_turn():
    overdue()
    assert [start_due(), start_due()] == [1, 0]
    make_schedule()  # not due
    assert start_due() == 0


def test_a_missed_night_is_made_up_once_and_not_three_times():
    schedule = overdue(3.1)
    assert [start_due(), start_due(), start_due()] == [1, 0, 0]
    schedule.refresh_from_db()
    assert now() < schedule.next_at <= now() + timedelta(days=1)


def test_a_turn_of_every_third_day_keeps_to_its_days():
    schedule = overdue(3.1, every_days=3)
    start_due()
    before = localtime(schedule.next_at)
    schedule.refresh_from_db()
    after = localtime(schedule.next_at)
    assert ((after.date() - before.date()).days, after.hour) == (6, before.hour)


@pytest.mark.parametrize(
    ("moment", "slot"),
    [
        (datetime(2026, 3, 1, 2, 59, tzinfo=UTC), datetime(2026, 3, 1, 3, tzinfo=UTC)),
        (datetime(2026, 3, 1, 3, 0, tzinfo=UTC), datetime(2026, 3, 3, 3, tzinfo=UTC)),
        (datetime(2026, 3, 8, 0, 0, tzinfo=UTC), datetime(2026, 3, 9, 3, tzinfo=UTC)),
    ],
)
def test_turns_lie_at_their_hour_on_their_days(moment, slot):
    assert slot_after(moment, hour=3, every_days=2, first=date(2026, 3, 1)) == slot


def test_the_hour_is_that_of_the_gallerys_clock_also_when_clocks_are_changed(settings):
    settings.TIME_ZONE = "Europe/Berlin"
    before = datetime(2026, 3, 28, 2, 0, tzinfo=UTC)  # three o'clock, winter
    after = slot_after(before, hour=3, every_days=1, first=date(2026, 3, 28))
    assert after == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)  # three o'clock, summer


def test_a_paused_schedule_makes_no_run_and_makes_nothing_up():
    schedule = overdue()
    schedule.pause()
    assert start_due() == 0
    schedule.resume()
    assert start_due() == 0
    schedule.refresh_from_db()
    assert schedule.active
    assert schedule.next_at > now()


def test_a_schedule_that_is_paused_between_two_looks_makes_no_run():
    schedule = overdue()
    Schedule.objects.filter(pk=schedule.pk).update(active=False)
    assert not schedule.take_turn()


def test_a_turn_within_the_budget_is_had_and_one_beyond_it_is_not():
    schedule = overdue(count=2, most_works=5)
    for _ in range(2):
        make_run(schedule=schedule, count=1)
    assert start_due() == 1
    schedule.refresh_from_db()
    Schedule.objects.filter(pk=schedule.pk).update(next_at=now() - timedelta(hours=1))
    assert start_due() == 0
    last = schedule.last_run_at
    schedule.refresh_from_db()
    assert schedule.skipped == "This month’s budget is used up. It goes on next month."
    assert schedule.next_at > now()
    assert schedule.last_run_at == last  # nothing was started


def test_what_was_made_before_this_month_is_not_of_its_budget():
    schedule = overdue(most_works=1)
    make_run(schedule=schedule, created=now() - timedelta(days=40))
    assert start_due() == 1


@pytest.mark.parametrize(("minutes", "started"), [(9, 1), (11, 0)])
def test_minutes_of_painting_are_a_budget_too(minutes, started):
    schedule = overdue(most_minutes=10)
    run = make_run(schedule=schedule)
    begun = now()
    for number, part in enumerate((minutes - 4, 4), 1):
        ended = begun + timedelta(minutes=part)
        run.attempts.create(number=number, started=begun, ended=ended, outcome="Finished.")
    use = Schedule.objects.all().use()[schedule.pk]
    assert use.minutes == pytest.approx(minutes)
    assert use.works == 1
    assert start_due() == started


def test_a_painter_that_is_at_it_still_counts():
    schedule = overdue(most_minutes=10)
    run = make_run(schedule=schedule)
    run.attempts.create(number=1, started=now() - timedelta(minutes=30))
    assert start_due() == 0


def test_inputs_are_drawn_from_hung_works_by_people_of_its_medium():
    works = {make_artwork() for _ in range(3)}
    make_artwork(hung=False)
    make_artwork(medium="text")
    make_artwork("machine")
    drawn = set()
    for _ in range(30):
        schedule = overdue(generator="inceptionism", params=QUICK, draws_inputs=True)
        start_due()
        run = Run.objects.get(schedule=schedule)
        (used,) = run.inputs.with_artworks()
        assert used.role == "content"
        drawn.add(used.artwork)
    assert drawn == works


def test_content_and_style_are_two_works():
    make_artwork()
    make_artwork()
    overdue(generator="deep_style", params={"size": 64}, draws_inputs=True)
    assert start_due() == 1
    content, style = Run.objects.get().inputs.all()
    assert (content.role, style.role) == ("content", "style")
    assert content.artwork != style.artwork


def test_a_guide_is_drawn_where_one_is_asked_for():
    make_artwork()
    make_artwork()
    params = {**QUICK, "objective": "guide"}
    overdue(generator="inceptionism", params=params, draws_inputs=True)
    assert start_due() == 1
    assert {one.role for one in Run.objects.get().inputs.all()} == {"content", "style"}


def test_with_too_little_hung_it_is_skipped_and_the_reason_is_kept():
    make_artwork()
    none = overdue(generator="letters", params={"variant": "drawn words"}, draws_inputs=True)
    one = overdue(generator="deep_style", draws_inputs=True)
    assert start_due() == 0
    for schedule in (none, one):
        schedule.refresh_from_db()
        assert schedule.skipped == "No work by a person hangs here that it could start from."
        assert schedule.next_at > now()
    assert not Run.objects.exists()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"generator": "rembrandt"}, "There is no generator “rembrandt”."),
        ({"params": {"size": 1}}, "Enter 64 or more."),
        ({"params": GREY}, "Entropy works on a work that hangs here: choose one."),
    ],
)
def test_what_can_be_asked_for_no_more_is_told_in_english(values, sentence):
    schedule = overdue(**values)
    assert start_due() == 0
    schedule.refresh_from_db()
    assert sentence in schedule.skipped


def test_a_refused_turn_does_not_keep_others_from_theirs():
    overdue(2, generator="rembrandt")
    overdue(1)
    assert start_due() == 1


def test_a_deleted_schedule_leaves_its_runs():
    schedule = overdue()
    start_due()
    schedule.delete()
    assert Run.objects.get().schedule is None


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("schedule_has_a_name", {"name": ""}),
        ("schedule_comes_at_an_hour", {"hour": 24}),
        ("schedule_comes_every_day_to_every_month", {"every_days": 0}),
        ("schedule_comes_every_day_to_every_month", {"every_days": 32}),
        ("schedule_asks_for_one_to_a_hundred_outputs", {"count": 0}),
        ("schedule_asks_for_one_to_a_hundred_outputs", {"count": 101}),
        ("schedule_has_room_for_one_turn_a_month", {"count": 3, "most_works": 2}),
        ("schedule_has_minutes_or_no_cap_of_them", {"most_minutes": 0}),
    ],
)
def test_the_database_refuses_a_schedule_that_makes_no_sense(name, values):
    schedule = make_schedule()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Schedule.objects.filter(pk=schedule.pk).update(**values)


# Two workers, each a thread with a connection of its own, look at the same moment.
RACE = """
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from django.db import connection
from django.utils.timezone import now
from gallery.runs.models import Run, Schedule
from gallery.runs.schedules.services import start_due
from tests.factories import make_schedule

for number in range(20):
    make_schedule(name=f"s{number}", params={"size": 64}, next_at=now() - timedelta(days=number))
pistol = Barrier(4)

def work(_number):
    connection.ensure_connection()
    pistol.wait()
    try:
        return start_due()
    finally:
        connection.close()

with ThreadPoolExecutor(4) as workers:
    started = list(workers.map(work, range(4)))
once = [schedule.runs.count() for schedule in Schedule.objects.all()]
print(sum(started), Run.objects.count(), set(once), Schedule.objects.due().count())
"""


def race(gallery: Gallery) -> None:
    assert gallery.python(RACE).split() == ["20", "20", "{1}", "0"]


@pytest.mark.any_database
def test_two_workers_at_once_start_each_turn_once_on_sqlite(tmp_path, furnished):
    race(Gallery(tmp_path / "gallery").furnish(furnished))


@pytest.mark.any_database
def test_two_workers_at_once_start_each_turn_once_on_postgres(tmp_path, postgres_with_tables):
    race(Gallery(tmp_path / "gallery", DATABASE_URL=database_like(postgres_with_tables)))


DUE = """
from datetime import timedelta
from django.utils.timezone import now
from tests.factories import make_schedule
make_schedule(name="nightly", params={"size": 64}, next_at=now() - timedelta(hours=1))
"""
MADE = "from gallery.runs.models import Output\nprint(Output.objects.filter(run__schedule__name"
MADE += "='nightly').count())"


@pytest.mark.any_database
def test_a_worker_starts_and_paints_what_is_due(tmp_path, furnished):
    gallery = Gallery(tmp_path / "gallery", PAINT_TICK_SECONDS="0.5").furnish(furnished)
    gallery.python(DUE)
    gallery.manage("paintworker", "--until-empty")  # someone waits: nothing is started for them
    assert gallery.python(MADE).strip() == "0"
    worker = gallery.worker()
    try:
        wait_until(lambda: gallery.python(MADE).strip() == "1", what="the night's work")
    finally:
        worker.terminate()
        worker.wait(20)

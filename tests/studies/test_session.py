"""What surrounds the works of a sitting: each part comes once, in its place."""

import re
from collections import Counter

import pytest

from gallery.studies.freezing import freeze
from gallery.studies.looking import look_ms, reading_ms
from gallery.studies.models import GuessTiming, Kind, Rater, Rating, Study
from tests.factories import add_works, make_study
from tests.studies.visitors import HTMX, guess_all, rate_all, sit_down

pytestmark = pytest.mark.django_db
SESSION = {
    "preview": 4,
    "practice": 2,
    "anchors": 2,
    "repeats": 2,
    "instructed": True,
    "rest_after": 5,
    "facts": True,
}


def full_study(works: int = 8, **rules) -> Study:
    """Every part of a session, drawn from works that are made for it."""
    session = SESSION | rules.pop("session", {})
    study = make_study(works, state="draft", rules={"session": session} | rules)
    add_works(study, preview=4, practice=2, noise=2, plain=2)
    freeze(study)
    return study


def page_of(client, study: Study) -> str:
    page: str = client.get(f"/studies/{study.slug}/sitting/").content.decode()
    return page


def action_of(page: str) -> str:
    found = re.search(r'<form method="post" class="answers"[^>]*?action="([^"]+)"', page)
    assert found, page
    return found[1]


def filled(page: str) -> dict[str, str]:
    """Some point for every question on the page; the one that is named, where one is."""
    fields = dict.fromkeys(
        re.findall(r'name="(coherence|surprise|quality|liking|guess)"', page), "4"
    )
    if named := re.search(r'data-point="(\d)"', page):
        fields["instructed"] = named[1]
    return fields


def walk(client, study: Study) -> list[str]:
    """Go through a whole sitting as its pages ask; the kinds of pages that came."""
    seen: list[str] = []
    for _ in range(100):
        response = client.get(f"/studies/{study.slug}/sitting/")
        if response.status_code == 302:
            return seen
        page = response.content.decode()
        action = action_of(page)
        kind = "practice" if "Practice" in page else action.rstrip("/").rpartition("/")[2]
        seen.append(kind)
        assert client.post(action, filled(page)).status_code == 302
    raise AssertionError(seen)


def test_a_whole_sitting_has_every_part_in_its_place():
    study = full_study()
    client, rater = sit_down(study)
    Rater.objects.update(guess_timing=GuessTiming.AFTER)
    seen = walk(client, study)
    works = 16 + 2 + 2
    assert seen[:3] == ["preview", "practice", "practice"]
    assert seen[3 : 3 + 5] == ["answer"] * 5
    assert seen[8] == "rest"
    assert seen[9:] == ["answer"] * (works - 5) + ["guess"] * 16 + ["facts"]
    rater.refresh_from_db()
    assert rater.revealed_at
    kinds = Counter(rater.trials.values_list("kind", flat=True))
    assert kinds == {"practice": 2, "rated": 16, "anchor": 2, "repeat": 2}
    page = client.get(f"/studies/{study.slug}/reveal/").content.decode()
    assert "Your two marks lay 0.0 points apart" in page
    assert page.count("An end of the scale") == 2
    assert page.count('class="wall-label"') == 18  # practice and repeats are not turned over


def test_repeats_come_late_enough_and_anchors_one_in_each_half():
    study = full_study()
    for _ in range(20):
        _, rater = sit_down(study)
        trials = list(rater.trials.exclude(kind=Kind.PRACTICE))
        place = {t.study_work_id: n for n, t in enumerate(trials) if t.kind == Kind.RATED}
        for n, trial in enumerate(trials):
            if trial.kind == Kind.REPEAT:
                assert n - place[trial.study_work_id] >= 8
        roles = Counter(t.study_work.role for t in trials if t.kind == Kind.ANCHOR)
        assert roles == {"noise": 1, "plain": 1}
        named = [t for t in trials if t.instructed]
        assert len(named) == 1
        assert named[0].kind == Kind.RATED


def test_the_odds_with_which_each_work_was_drawn_are_stored():
    study = make_study(8, trials_per_rater=4)
    _, rater = sit_down(study)
    drawn = list(rater.trials.values_list("study_work__arm", "allocation_p"))
    sizes = Counter(arm for arm, _p in drawn)
    assert all(p == sizes[arm] / 8 for arm, p in drawn)


def test_a_share_of_raters_guesses_beside_rating():
    study = full_study(guess={"timing": "after", "interleaved_share": 0.5})
    timings = Counter(sit_down(study)[1].guess_timing for _ in range(40))
    assert set(timings) == {"after", "interleaved"}
    client, rater = sit_down(study)
    Rater.objects.filter(pk=rater.pk).update(guess_timing=GuessTiming.INTERLEAVED)
    seen = walk(client, study)
    assert "guess" not in seen
    assert rater.trials.filter(kind=Kind.RATED, guess__value=4).count() == 16


def test_a_guess_alone_is_a_sitting_too():
    study = make_study(3, rules={"scales": [], "guess": {"timing": "interleaved"}})
    client, rater = sit_down(study)
    assert walk(client, study) == ["answer"] * 6
    assert rater.trials.filter(guess__value=4).count() == 6
    assert "You took 3 of 6" in client.get(f"/studies/{study.slug}/reveal/").content.decode()


def test_a_scale_of_five_points_offers_and_takes_five():
    study = make_study(1, rules={"scales": [{"item": "liking", "points": 5}]})
    client, rater = sit_down(study)
    page = page_of(client, study)
    assert page.count('name="liking"') == 5
    refused = client.post(action_of(page), {"liking": "6"})
    assert refused.status_code == 422
    assert "Choose one of the five points." in refused.content.decode()
    assert client.post(action_of(page), {"liking": "5"}).status_code == 302
    assert rater.trials.rated().count() == 1


def test_the_row_that_names_its_answer_must_be_answered_too():
    study = full_study(session={"preview": 0, "practice": 0, "rest_after": 0})
    client, rater = sit_down(study)
    named = rater.trials.get(instructed__isnull=False)
    assert named.instructed
    for trial in rater.trials.filter(position__lt=named.position):
        client.post(f"/trials/{trial.code}/answer/", {"coherence": 1, "surprise": 1})
    page = page_of(client, study)
    assert f"choose {named.instructed} here" in page
    half = client.post(action_of(page), {"coherence": 1, "surprise": 1})
    assert half.status_code == 422
    wrong = 1 + named.instructed % 7
    client.post(action_of(page), {"coherence": 1, "surprise": 1, "instructed": wrong})
    assert Rating.objects.get(trial=named, item="instructed").value == wrong


def test_facts_are_optional_and_asked_once():
    study = make_study(1, rules={"session": {"facts": True}})
    client, rater = sit_down(study)
    rate_all(client, rater)
    guess_all(client, rater)
    assert "a little about you" in page_of(client, study)
    address = f"/studies/{study.slug}/sitting/facts/"
    client.post(address, {"age": "30-44", "training": "", "belief": "9"})  # no such belief
    rater.refresh_from_db()
    assert rater.facts == {}
    assert rater.revealed_at
    client.post(address, {"age": "60-"})
    rater.refresh_from_db()
    assert rater.facts == {}


def test_facts_that_were_told_are_kept_and_given_back():
    study = make_study(1, rules={"session": {"facts": True}})
    client, rater = sit_down(study)
    rate_all(client, rater)
    guess_all(client, rater)
    client.post(f"/studies/{study.slug}/sitting/facts/", {"age": "30-44", "belief": "2"})
    rater.refresh_from_db()
    assert rater.facts == {"age": "30-44", "belief": "2"}
    held = client.post("/answers/export/", {"code": rater.code}).json()
    assert held["about_you"] == rater.facts


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_whoever_leaves_keeps_every_answer_and_sees_the_labels_of_what_was_rated(headers):
    study = make_study(4)
    client, rater = sit_down(study)
    for trial in rater.trials.all()[:3]:
        client.post(f"/trials/{trial.code}/answer/", {"coherence": 1, "surprise": 1})
    client.post(f"/studies/{study.slug}/sitting/leave/", headers=headers)
    rater.refresh_from_db()
    assert rater.revealed_at
    assert rater.left_at
    page = client.get(f"/studies/{study.slug}/reveal/").content.decode()
    assert page.count("it stays unsigned") == 5
    late = rater.trials.unanswered().earliest("position")
    client.post(f"/trials/{late.code}/answer/", {"coherence": 1, "surprise": 1})
    assert Rating.objects.count() == 6


def test_a_stranger_can_pass_no_card_and_leave_nothing(client):
    study = full_study()
    sit_down(study)
    for page in ("preview", "rest", "facts", "leave"):
        assert client.post(f"/studies/{study.slug}/sitting/{page}/").status_code == 404
    assert client.get(f"/studies/{study.slug}/sitting/preview/1/").status_code == 404


def test_the_preview_shows_works_that_are_not_rated_to_their_rater():
    study = full_study()
    client, _ = sit_down(study)
    page = page_of(client, study)
    shown = re.findall(r'src="([^"]+/preview/\d+/)"', page)
    assert len(shown) == 4
    heads = {str(list(client.get(one).headers.items())) for one in shown}
    assert len(heads) == 1
    assert client.get(f"/studies/{study.slug}/sitting/preview/5/").status_code == 404


def test_time_left_is_told_once_the_raters_pace_is_known():
    study = make_study(8)
    client, rater = sit_down(study)
    for n, trial in enumerate(rater.trials.all()[:6]):
        page = page_of(client, study)
        assert ("minutes left" in page) is (n >= 5)
        marks = {"coherence": 1, "surprise": 1, "rt_ms": "20000"}
        client.post(f"/trials/{trial.code}/answer/", marks)
    assert "about 5 minutes left" in page_of(client, study)  # 10 works of 21 s, 16 guesses of 5 s


def test_a_work_whose_label_was_read_meanwhile_is_marked_as_informed():
    old = make_study(1)
    elsewhere, revealed = sit_down(old)
    rate_all(elsewhere, revealed)
    guess_all(elsewhere, revealed)
    old.close()
    study = make_study(1)
    shared = old.works.get(arm="a").artwork
    study.works.filter(arm="a").update(artwork=shared)
    client, rater = sit_down(study)
    client.post("/answers/", {"code": revealed.code})
    rate_all(client, rater)
    informed = {t.study_work.artwork_id: t.informed for t in rater.trials.all()}
    assert informed.pop(shared.pk) is True
    assert set(informed.values()) == {False}
    assert rater.trials.counted().count() == 1


@pytest.mark.any_database
def test_a_text_is_looked_at_for_a_quarter_of_its_reading_time():
    assert reading_ms("word " * 240) == pytest.approx(60_000)
    assert reading_ms("字" * 300) == pytest.approx(60_000)
    assert look_ms("word " * 240, 2000) == 15_000
    assert look_ms("few words", 2000) == 2000
    assert look_ms("", 1500) == 1500


def test_whoever_had_answered_all_when_the_study_closed_still_gets_the_labels():
    study = make_study(1, rules={"session": {"facts": True}})
    client, rater = sit_down(study)
    rate_all(client, rater)
    guess_all(client, rater)
    study.close()
    assert "a little about you" in page_of(client, study)
    client.post(f"/studies/{study.slug}/sitting/facts/", {"age": "60-"})
    assert client.get(f"/studies/{study.slug}/reveal/").status_code == 200


@pytest.mark.parametrize("page", ["facts", "leave"])
def test_a_sitting_that_was_erased_meanwhile_is_left_alone(page):
    study = make_study(1, rules={"session": {"facts": True}})
    client, rater = sit_down(study)
    rater.delete()
    assert client.post(f"/studies/{study.slug}/sitting/{page}/").status_code == 404

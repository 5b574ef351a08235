"""The sitting: each answer kept once, at once, whole; the same work until it is answered."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from gallery.studies.models import Guess, Rater, Rating, Study, Trial
from tests.factories import make_study
from tests.studies.visitors import HTMX, finish, guess_all, rate_all, shown, sit_down

pytestmark = pytest.mark.django_db
MARKS = {"coherence": "3", "surprise": "6"}


@pytest.fixture
def study():
    return make_study(3)


@pytest.fixture
def visitor(study):
    return sit_down(study)


def stored() -> tuple[int, int, int]:
    answered = Trial.objects.exclude(answered_at=None).count()
    return answered, Rating.objects.count(), Guess.objects.count()


def sitting_page(client: Client, study: Study) -> str:
    response = client.get(f"/studies/{study.slug}/sitting/")
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_a_sitting_keeps_the_language_in_which_it_began(study, visitor, headers):
    client, rater = visitor
    elsewhere = headers | {"Accept-Language": "zh-hans"}
    url = f"/studies/{study.slug}/sitting/"
    response = client.get(url, headers=elsewhere)
    assert response.headers["Content-Language"] == "en"
    page = response.content.decode()
    assert "How surprising is this work?" in page
    assert headers or '<html lang="en">' in page
    refused = client.post(f"/trials/{rater.trials.first().code}/answer/", {}, headers=elsewhere)
    assert "Choose one of the seven points." in refused.content.decode()
    Rater.objects.update(language="zh-hans")
    response = client.get(url, headers=headers | {"Accept-Language": "en"})
    assert response.headers["Content-Language"] == "zh-hans"
    assert "How surprising is this work?" not in response.content.decode()


def test_a_picture_whose_file_is_gone_is_a_clear_404(study, visitor):
    client, rater = visitor
    trial = rater.trials.first()
    for rendition in trial.study_work.artwork.renditions.all():
        rendition.file.delete(save=False)
    assert shown(sitting_page(client, study)) == trial
    assert client.get(f"/trials/{trial.code}/picture/").status_code == 404


def test_the_same_work_is_shown_until_it_is_answered(study, visitor):
    client, rater = visitor
    first, second, *_ = rater.trials.all()
    assert shown(sitting_page(client, study)) == first
    assert shown(sitting_page(client, study)) == first
    client.post(f"/trials/{first.code}/answer/", MARKS)
    assert shown(sitting_page(client, study)) == second


def test_both_answers_are_kept_with_the_time_they_took(visitor):
    client, rater = visitor
    trial = rater.trials.first()
    sent = {**MARKS, "recognised": "maybe", "rt_ms": "5120"}
    assert client.post(f"/trials/{trial.code}/answer/", sent).status_code == 302
    trial.refresh_from_db()
    assert dict(trial.ratings.values_list("item", "value")) == {"coherence": 3, "surprise": 6}
    assert (trial.recognised, trial.rt_ms, trial.skip_reason) == ("maybe", 5120, "")


@pytest.mark.parametrize("clock", ["-5", "1e3", "NaN", "9" * 40, "soon", "\u0663"])
def test_a_wild_clock_is_dropped_and_the_answer_kept(visitor, clock):
    client, rater = visitor
    trial = rater.trials.first()
    client.post(f"/trials/{trial.code}/answer/", {**MARKS, "rt_ms": clock})
    trial.refresh_from_db()
    assert trial.rt_ms is None
    assert trial.ratings.count() == 2


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"coherence": "3"},
        {"surprise": "3"},
        *({"coherence": "3", "surprise": bad} for bad in ["0", "8", "3.0", "3 ", "NaN", "三"]),
        {"coherence": "3\0", "surprise": "3"},
        {**MARKS, "recognised": "often"},
    ],
)
def test_half_or_broken_answers_store_nothing_and_show_the_same_work(visitor, sent):
    client, rater = visitor
    trial = rater.trials.first()
    response = client.post(f"/trials/{trial.code}/answer/", sent)
    assert response.status_code == 422
    assert shown(response.content.decode()) == trial
    assert stored() == (0, 0, 0)


def test_a_refused_answer_says_so_and_keeps_the_choices(visitor):
    client, rater = visitor
    url = f"/trials/{rater.trials.first().code}/answer/"
    page = client.post(url, {"coherence": "3", "recognised": "yes"}, headers=HTMX).content.decode()
    assert page.count("Choose one of the seven points.") == 1
    assert page.count(" checked") == 2
    assert "<html" not in page


def test_a_second_answer_of_any_kind_changes_nothing_and_leads_on(study, visitor):
    client, rater = visitor
    trial = rater.trials.first()
    url = f"/trials/{trial.code}"
    client.post(f"{url}/answer/", MARKS)
    kept = list(Rating.objects.values())
    for again in (
        ("answer", {"coherence": "7", "surprise": "7"}),
        ("answer", {"coherence": "9"}),
        ("skip", {"reason": "unwell"}),
        ("skip", {}),
        ("guess", {"guess": "1"}),
    ):
        response = client.post(f"{url}/{again[0]}/", again[1])
        assert response.status_code == 302, again
        assert shown(sitting_page(client, study)).position == 2
    assert list(Rating.objects.values()) == kept
    assert stored() == (1, 2, 0)


def test_htmx_gets_the_next_work_in_the_same_answer(visitor):
    client, rater = visitor
    first, second, *_ = rater.trials.all()
    response = client.post(f"/trials/{first.code}/answer/", MARKS, headers=HTMX)
    page = response.content.decode()
    assert response.status_code == 200
    assert shown(page) == second
    assert page.lstrip().startswith("<section")


def test_the_next_picture_is_fetched_early(study, visitor):
    client, rater = visitor
    _, second, *_ = rater.trials.all()
    assert f'rel="prefetch" href="/trials/{second.code}/picture/"' in sitting_page(client, study)


def test_a_work_may_be_passed_over_with_a_reason_only(study, visitor):
    client, rater = visitor
    trial = rater.trials.first()
    for sent in ({}, {"reason": "bored"}):
        assert client.post(f"/trials/{trial.code}/skip/", sent).status_code == 422
    assert stored() == (0, 0, 0)
    client.post(f"/trials/{trial.code}/skip/", {"reason": "cannot_see"})
    trial.refresh_from_db()
    assert trial.skip_reason == "cannot_see"
    assert stored() == (1, 0, 0)


def test_guesses_wait_until_every_work_is_answered(visitor):
    client, rater = visitor
    first = rater.trials.first()
    client.post(f"/trials/{first.code}/answer/", MARKS)
    assert client.post(f"/trials/{first.code}/guess/", {"guess": "1"}).status_code == 302
    assert stored() == (1, 2, 0)


@pytest.mark.parametrize("guess", ["0", "7", "", "x"])
def test_a_broken_guess_stores_nothing(visitor, guess):
    client, rater = visitor
    rate_all(client, rater)
    response = client.post(f"/trials/{rater.trials.first().code}/guess/", {"guess": guess})
    assert response.status_code == 422
    assert "Choose one of the six points." in response.content.decode()
    assert not Guess.objects.exists()


def test_each_work_rated_is_guessed_at_once_in_the_same_order(study, visitor):
    client, rater = visitor
    skipped = rater.trials.first()
    client.post(f"/trials/{skipped.code}/skip/", {"reason": "unwell"})
    rate_all(client, rater)
    for number, trial in enumerate(rater.trials.rated(), 1):
        page = sitting_page(client, study)
        assert "Who made this?" in page
        assert f"{number} of 5" in page
        assert shown(page) == trial
        for guess in (number, 6):
            client.post(f"/trials/{trial.code}/guess/", {"guess": guess})
    assert list(Guess.objects.order_by("pk").values_list("value", flat=True)) == [1, 2, 3, 4, 5]


def test_the_last_guess_and_no_earlier_one_lifts_the_blindness(study, visitor):
    client, rater = visitor
    reveal = f"/studies/{study.slug}/reveal/"
    rate_all(client, rater)
    *others, last = rater.trials.all()
    for trial in others:
        client.post(f"/trials/{trial.code}/guess/", {"guess": "2"})
        assert client.get(reveal).status_code == 302
    response = client.post(f"/trials/{last.code}/guess/", {"guess": "2"}, headers=HTMX)
    assert response.headers["HX-Redirect"] == reveal
    rater.refresh_from_db()
    assert rater.revealed_at
    assert client.get(reveal).status_code == 200
    assert client.get(f"/studies/{study.slug}/sitting/").headers["Location"] == reveal


def test_who_passes_every_work_over_ends_the_sitting(study, visitor):
    client, rater = visitor
    for trial in rater.trials.all():
        client.post(f"/trials/{trial.code}/skip/", {"reason": "cannot_judge"})
    page = client.get(f"/studies/{study.slug}/reveal/").content.decode()
    assert "You passed every work over" in page
    assert page.count("You passed this one over; it stays unsigned.") == 6


def test_the_reveal_counts_what_was_taken_for_what_it_was(study, visitor):
    client, rater = visitor
    rate_all(client, rater)
    guess_all(client, rater, guess=4)  # "guessing a person", for three people and three machines
    page = client.get(f"/studies/{study.slug}/reveal/").content.decode()
    assert "You took 3 of 6 for what they were." in page
    for work in study.works.all():
        assert work.artwork.title in page
        assert work.artwork.maker.name in page
    assert page.count("and so it was") == 3
    assert rater.spelled_code in page


def test_the_reveal_shows_your_mark_among_the_others(study, visitor):
    client, rater = visitor
    other, their_rater = sit_down(study)
    rate_all(other, their_rater, coherence=7, surprise=1)
    finish(client, rater)
    page = client.get(f"/studies/{study.slug}/reveal/").content.decode()
    assert page.count("You: 4 of 7, beside 1 other") == 12
    assert page.count('class="yours" cx="350"') == 12
    assert page.count('class="others" cx="650" cy="50" r="40.0"') == 6


def test_nobody_else_can_see_or_answer_a_trial(visitor):
    _, rater = visitor
    trial = rater.trials.first()
    other, _ = sit_down(trial.rater.study)
    for client in (other, Client()):
        assert client.get(f"/trials/{trial.code}/picture/").status_code == 404
        for verb, sent in (("answer", MARKS), ("skip", {"reason": "unwell"}), ("guess", {})):
            assert client.post(f"/trials/{trial.code}/{verb}/", sent).status_code == 404
    assert stored() == (0, 0, 0)


def test_a_forged_cookie_is_nobody(study, visitor):
    _, rater = visitor
    forger = Client()
    for forged in (rater.code, f"{rater.code}:1tMZ0a:AAAA", ""):
        forger.cookies[f"rater-{study.slug}"] = forged
        assert forger.get(f"/studies/{study.slug}/sitting/").status_code == 302
        assert forger.get(f"/trials/{rater.trials.first().code}/picture/").status_code == 404


def test_without_a_cookie_the_sitting_leads_to_the_landing_page(client, study):
    response = client.get(f"/studies/{study.slug}/sitting/")
    assert response.headers["Location"] == study.get_absolute_url()


def test_an_unknown_study_or_trial_is_a_clear_404(client):
    for url in ("/studies/nowhere/", "/studies/nowhere/sitting/", "/studies/nowhere/reveal/"):
        assert client.get(url).status_code == 404
    unknown = "/trials/00000000-0000-4000-8000-000000000000"
    assert client.get(f"{unknown}/picture/").status_code == 404
    assert client.post(f"{unknown}/answer/", MARKS).status_code == 404
    assert client.post("/studies/nowhere/begin/").status_code == 404


@pytest.mark.parametrize("reason", ["closed", "old"])
def test_a_sitting_that_is_over_says_so_and_stores_nothing(study, visitor, reason):
    client, rater = visitor
    trial = rater.trials.first()
    if reason == "closed":
        study.close()
    else:
        Rater.objects.update(consented_at=now() - timedelta(days=30, minutes=1))
    responses = [client.get(f"/studies/{study.slug}/sitting/")]
    for verb, sent in (("answer", MARKS), ("skip", {"reason": "unwell"}), ("guess", {"guess": 1})):
        responses.append(client.post(f"/trials/{trial.code}/{verb}/", sent))
    for response in responses:
        assert response.status_code == 410
        text = response.content.decode()
        assert {"closed": "This study is closed", "old": "more than 30 days ago"}[reason] in text
    assert not trial.record(coherence=1, surprise=1)
    assert not trial.skip("unwell")
    assert stored() == (0, 0, 0)


def test_a_closed_study_still_shows_the_labels_to_who_finished(study, visitor):
    client, rater = visitor
    finish(client, rater)
    study.close()
    assert client.get(f"/studies/{study.slug}/reveal/").status_code == 200
    late = Client().post(f"/studies/{study.slug}/begin/")
    assert late.status_code == 410
    assert "takes no more answers" in late.content.decode()


def test_a_sitting_page_costs_a_fixed_number_of_queries(study, visitor, django_assert_num_queries):
    client, rater = visitor
    picture = f"/trials/{rater.trials.first().code}/picture/"
    with django_assert_num_queries(5):  # study, rater, two trials, their count, the stimulus
        sitting_page(client, study)
    with django_assert_num_queries(3):  # the visitor's raters, the trial, the stimulus
        client.get(picture)


def test_an_answer_costs_a_fixed_number_of_queries(study, visitor, django_assert_num_queries):
    """Raters, trial; begin, rater, answer, ratings, is there more, commit; the next page's four."""
    client, _rater = visitor
    trial = shown(sitting_page(client, study))
    with django_assert_num_queries(12):
        client.post(f"/trials/{trial.code}/answer/", MARKS, headers=HTMX)


def test_texts_are_read_on_the_page_itself(client):
    study = make_study(2, medium="text")
    client, rater = sit_down(study)
    page = sitting_page(client, study)
    trial = shown(page)
    assert trial.study_work.artwork.text in page
    assert "/picture/" not in page
    assert client.get(f"/trials/{trial.code}/picture/").status_code == 404
    finish(client, rater)
    assert client.get(f"/studies/{study.slug}/reveal/").status_code == 200

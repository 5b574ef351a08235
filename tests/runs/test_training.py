"""A run that trains: what it may learn from, and what it leaves for later runs."""

import hashlib
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from gallery.runs.models import Checkpoint, Input, Interim, LeaseLost, Role, Run, Task
from gallery.runs.refusals import RunRefused
from gallery.runs.services import repeat_run, request_run
from gallery.runs.training import keep_checkpoint, keep_interim, request_training
from tests.factories import make_artwork, make_run, make_user

pytestmark = pytest.mark.django_db

TRAIN = "/studio/train/char_rnn/"
VERSE = "The moon is up, the night is long, and all the hills are still.\n" * 40
ASKED = {"minutes": "1", "units": "32", "dropout": "0", "steps": "0"}


@pytest.fixture
def admin(client):
    """A client that is signed in as an admin."""
    client.force_login(make_user("ada", admin=True))
    return client


@pytest.fixture
def verses():
    return [
        make_artwork(medium="text", text=VERSE, title=title, licence=licence)
        for title, licence in (("Dawn", "CC0 1.0"), ("Dusk", "public domain"))
    ]


@pytest.fixture
def weights(tmp_path) -> Path:
    path = tmp_path / "weights.safetensors"
    path.write_bytes(b"numbers")
    return path


def claimed(**values) -> Run:
    """A training run in the hands of a worker."""
    make_run(task=Task.TRAIN, leaves="Verses", generator="char_rnn", params={}, **values)
    run = Run.objects.claim("worker")
    assert run
    return run


def test_it_learns_from_hung_texts_by_people_and_remembers_which(verses):
    make_artwork("machine", medium="text", text=VERSE)
    make_artwork(medium="text", text=VERSE, hung=False)
    run = request_training(generator="char_rnn", params={}, name=" Our  verses ")
    assert run.trains
    assert run.leaves == "Our verses"
    assert [used.artwork for used in run.inputs.lessons()] == verses
    assert not run.inputs.to_paint_from().exists()


def test_words_choose_what_it_learns_from(verses):
    run = request_training(generator="char_rnn", params={}, name="One", words="dusk")
    assert [used.artwork for used in run.inputs.lessons()] == [verses[1]]


def test_too_little_to_learn_from_is_refused_with_what_is_needed():
    make_artwork(medium="text", text="Too short.\n")
    with pytest.raises(RunRefused, match="11 characters together: between 2000"):
        request_training(generator="char_rnn", params={}, name="Short")
    make_artwork()
    with pytest.raises(RunRefused, match="These are 1 pictures: between 200"):
        request_training(generator="gan", params={}, name="One")
    assert not Run.objects.exists()


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"name": "  "}, "Give it a name"),
        ({"name": "Ours", "params": {"units": 4}}, "Enter 16 or more"),
        ({"name": "Ours", "params": {"steps": 1_000_000}}, "the limit is"),
        ({"name": "Ours", "generator": "entropy"}, "no trainer"),
    ],
)
def test_what_cannot_be_trained_is_refused(verses, asked, sentence):
    with pytest.raises(RunRefused, match=sentence):
        request_training(**{"generator": "char_rnn", "params": {}} | asked)
    assert not Run.objects.exists()


def test_a_name_is_given_once(verses):
    request_training(generator="char_rnn", params={}, name="Ours")
    with pytest.raises(RunRefused, match="one of this name"):
        request_training(generator="char_rnn", params={}, name="Ours")


def test_what_it_left_is_kept_with_its_hash_and_the_rights_of_what_it_learnt(verses, weights):
    run = claimed()
    for position, artwork in enumerate(verses):
        Input.objects.create(run=run, role=Role.LESSON, position=position, artwork=artwork)
    left = keep_checkpoint(run, weights, {"held_out_nats": "1.5"})
    assert left.sha256 == hashlib.sha256(b"numbers").hexdigest()
    assert left.file.read() == b"numbers"
    assert left.facts == {
        "held_out_nats": "1.5",
        "works": "2",
        "licences": "CC0 1.0; public domain",
    }


def test_a_stale_worker_leaves_neither_a_row_nor_a_file(weights, settings):
    run = claimed()
    Run.objects.filter(pk=run.pk).update(attempt=run.attempt + 1)
    with pytest.raises(LeaseLost):
        keep_checkpoint(run, weights, {})
    with pytest.raises(LeaseLost):
        keep_interim(run, weights)
    assert not Checkpoint.objects.exists()
    assert not Interim.objects.exists()
    kept = [
        *Path(settings.MEDIA_ROOT).glob("checkpoints/*"),
        *Path(settings.MEDIA_ROOT).glob("interim/*"),
    ]
    assert not [path for path in kept if str(run.code) in path.name]


def test_a_newer_state_takes_the_place_of_the_one_before(weights):
    run = claimed()
    keep_interim(run, weights)
    first = Interim.objects.get(run=run)
    weights.write_bytes(b"more numbers")
    keep_interim(run, weights)
    second = Interim.objects.get(run=run)
    assert second.file.read() == b"more numbers"
    assert not first.file.storage.exists(first.file.name)
    keep_checkpoint(run, weights, {})
    assert not Interim.objects.exists()
    assert not second.file.storage.exists(second.file.name)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("run_task_is_known", {"task": "dream"}),
        ("run_names_what_it_leaves_iff_it_trains", {"task": "train"}),
        ("run_names_what_it_leaves_iff_it_trains", {"leaves": "Something"}),
        (
            "run_that_trains_asks_for_one_checkpoint_from_nothing",
            {"task": "train", "leaves": "Two", "count": 2},
        ),
        (
            "run_that_trains_asks_for_one_checkpoint_from_nothing",
            {"task": "train", "leaves": "Shaped", "aspects": [1.0]},
        ),
    ],
)
def test_the_database_refuses_a_training_that_makes_no_sense(name, values):
    run = make_run()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Run.objects.filter(pk=run.pk).update(**values)


def test_the_database_refuses_a_second_checkpoint_of_a_run_or_of_a_name(weights):
    run = claimed()
    left = keep_checkpoint(run, weights, {})
    copy = {"generator": "char_rnn", "name": "Other", "size": 1, "sha256": "0" * 64}
    with pytest.raises(IntegrityError), transaction.atomic():
        Checkpoint.objects.create(run=run, **copy)
    other = make_run(task=Task.TRAIN, leaves="Verses", generator="char_rnn")
    with pytest.raises(IntegrityError), transaction.atomic():
        Checkpoint.objects.create(run=other, **copy | {"name": left.name})
    for wrong in ({"name": ""}, {"sha256": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Checkpoint.objects.create(run=other, **copy | wrong)


def test_many_works_may_be_learnt_from_but_none_twice():
    run = claimed()
    works = [make_artwork(medium="text") for _ in range(6)]
    for position, artwork in enumerate(works):
        Input.objects.create(run=run, role=Role.LESSON, position=position, artwork=artwork)
    with pytest.raises(IntegrityError), transaction.atomic():
        Input.objects.create(run=run, role=Role.LESSON, position=6, artwork=works[0])


def test_later_runs_sample_from_it_and_so_do_their_repetitions(weights):
    left = keep_checkpoint(claimed(), weights, {})
    run = request_run(generator="char_rnn", params={"temperature": 0.5}, checkpoint=left)
    assert run.checkpoint == left
    assert run.params["writer"] == "checkpoint: Verses"
    again = repeat_run(run, None)
    assert again.checkpoint == left
    assert again.params["temperature"] == 0.5


def test_no_other_generator_samples_from_it(weights):
    left = keep_checkpoint(claimed(), weights, {})
    with pytest.raises(RunRefused, match="another generator"):
        request_run(generator="gan", params={}, checkpoint=left)


def test_the_form_tells_what_would_be_learnt_from_as_words_are_typed(admin, verses):
    page = admin.get(TRAIN).text
    assert "2 texts with 5,120 characters together." in page
    assert "Dawn" in page
    told = admin.post(
        TRAIN, {**ASKED, "find": "dusk", "look": "yes"}, headers={"HX-Request": "true"}
    ).text
    assert "1 text with 2,560 characters." in told
    assert "About 60 seconds" in told
    assert "Dawn" not in told
    nothing = admin.post(TRAIN, {**ASKED, "find": "sonnet", "look": "yes"}).text
    assert "Between 2,000 and" in nothing
    assert not Run.objects.exists()


def test_a_training_is_begun_from_the_form(admin, verses):
    answer = admin.post(TRAIN, {**ASKED, "name": "Ours", "find": "", "seed": "5"})
    run = Run.objects.get()
    assert answer.url == run.get_absolute_url()
    assert (run.leaves, run.seed, run.params["units"]) == ("Ours", 5, 32)
    page = admin.get(run.get_absolute_url()).text
    assert "A training that leaves “Ours”" in page
    assert "The 2 works it learns from" in page
    assert "Make it again" not in page


def test_the_form_says_at_the_field_what_will_not_do(admin, verses):
    answer = admin.post(TRAIN, {**ASKED, "name": "", "units": "4"})
    assert answer.status_code == 422
    assert "Give it a name" in answer.text
    answer = admin.post(TRAIN, {**ASKED, "name": "Ours", "find": "nothing like it"})
    assert "0 characters together" in answer.text


def test_a_preset_fills_the_form(admin):
    assert 'value="60"' in admin.get(f"{TRAIN}?preset=long").text


def test_what_was_left_is_shown_downloaded_and_offered(admin, weights):
    run = claimed()
    left = keep_checkpoint(run, weights, {"held_out_bits": "2.1", "weights_sha256": "x"})
    run.finish()
    page = admin.get(run.get_absolute_url()).text
    assert "It left “Verses”" in page
    assert "2.1" in page
    file = admin.get(left.weights_url)
    assert b"".join(file.streaming_content) == b"numbers"
    assert "verses.safetensors" in file["Content-Disposition"]
    assert "Verses" in admin.get("/studio/").text
    form = admin.get(f"/studio/new/char_rnn/?checkpoint={left.code}").text
    assert f'<option value="checkpoint:{left.code}" selected>Verses</option>' in form
    sent = {"writer": f"checkpoint:{left.code}", "count": "1", "temperature": "0.7"}
    assert admin.post("/studio/new/char_rnn/", sent).status_code == 302
    asked = Run.objects.exclude(pk=run.pk).get()
    assert asked.checkpoint == left
    like = admin.get(f"/studio/new/char_rnn/?from={asked.code}").text
    assert f'<option value="checkpoint:{left.code}" selected>Verses</option>' in like


def test_only_admins_train(client, verses):
    client.force_login(make_user("cora", curator=True))
    assert client.get(TRAIN).status_code == 403
    client.logout()
    assert "/login/" in client.get(TRAIN).url


def test_what_cannot_be_trained_has_no_page(admin):
    assert admin.get("/studio/train/entropy/").status_code == 404

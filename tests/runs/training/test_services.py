"""Requesting trainings, and what a worker may keep of them."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError
from django.db.models import ProtectedError

from gallery.runs.models import Bookmark, Checkpoint, LeaseLost, Run
from gallery.runs.refusals import RunRefused
from gallery.runs.services import repeat_run, request_run
from gallery.runs.training.collection import Collection
from gallery.runs.training.services import (
    keep_bookmark,
    keep_checkpoint,
    repeat_training,
    request_training,
)
from gallery.works.models import Artwork, Maker
from generators.training.trainers import TRAINERS
from tests.factories import make_artwork, make_run, make_user

pytestmark = pytest.mark.django_db

TRAINER = TRAINERS["char_rnn"]


def make_text(characters: int = 1500, **kw: Any) -> Artwork:
    return make_artwork(medium="text", text="Ab " * (characters // 3), **kw)


def ask(words: str = "", **asked: Any) -> Run:
    known: dict[str, Any] = {"generator": "char_rnn", "params": {"steps": 9}, "name": "Cats"}
    return request_training(collection=Collection(TRAINER, words), **(known | asked))


def refusal(words: str = "", **asked: Any) -> dict[str, str]:
    """The sentence at each field."""
    with pytest.raises(RunRefused) as refused:
        ask(words, **asked)
    assert not Run.objects.exists()
    return refused.value.fields


@pytest.fixture
def trained() -> Run:
    """A training that a worker has claimed."""
    make_text()
    make_text()
    ask()
    run = Run.objects.claim("w1")
    assert run
    return run


@pytest.fixture
def learnt(tmp_path: Path) -> Path:
    path = tmp_path / "learnt.safetensors"
    path.write_bytes(b"weights")
    return path


def left_by(run: Run, path: Path) -> Checkpoint:
    checkpoint = keep_checkpoint(run, path, {"steps": "9"})
    run.finish()
    return checkpoint


def test_it_learns_from_hung_works_by_people_alone_in_the_order_of_their_hanging():
    hung = [make_text(), make_text(), make_text()]
    make_text(hung=False)
    make_text(origin="machine")
    make_artwork()
    run = ask()
    assert [one.artwork for one in run.inputs.lessons()] == hung
    assert (run.task, run.name, run.count, run.params["steps"]) == ("train", "Cats", 1, 9)


def test_the_words_choose_the_collection():
    make_text(title="A dog")
    cats = [make_text(title="A cat"), make_text(title="Two cats")]
    assert [one.artwork for one in ask("cat").inputs.lessons()] == cats


@pytest.mark.parametrize(
    ("hang", "words", "sentence"),
    [
        (lambda: None, "", "No such work by a person hangs here yet"),
        (make_text, "nobody", "No work by a person that hangs here has these words"),
        (lambda: make_text(1200), "", "too little to learn from: 1,200 characters, and at least 2"),
    ],
)
def test_a_collection_that_will_not_do_is_refused_with_a_sentence(hang, words, sentence):
    hang()
    assert sentence in refusal(words)["find"]


@pytest.mark.parametrize(
    ("asked", "field", "sentence"),
    [
        ({"params": {"units": 1}}, "units", "16 or more"),
        ({"params": {"minutes": 1000}}, "minutes", "240.0 or less"),
        ({"params": {"steps": 1_000_000}}, "", "and the limit is 240"),
        ({"params": {"size": 3}}, "size", "no such parameter"),
        ({"name": "  "}, "name", "Give it a name"),
        ({"name": "n" * 61}, "name", "at most 60 characters"),
        ({"seed": -1}, "seed", "A seed is a whole number"),
        ({"generator": "entropy"}, "", "cannot be trained"),
    ],
)
def test_what_will_not_do_is_refused_at_its_field(asked, field, sentence):
    make_text(3000)
    assert sentence in refusal(**asked)[field]


def test_a_person_has_only_so_many_runs_waiting(monkeypatch):
    make_text(3000)
    monkeypatch.setattr("gallery.runs.services.MOST_PENDING", 1)
    ada = make_user("ada")
    ask(requested_by=ada)
    with pytest.raises(RunRefused, match="runs waiting"):
        ask(requested_by=ada)


def test_a_saved_state_takes_the_place_of_the_one_before_it_and_gives_the_tries_back(
    trained, learnt
):
    Run.objects.filter(pk=trained.pk).update(tries=3)
    keep_bookmark(trained, learnt)
    first = str(Bookmark.objects.get().file)
    learnt.write_bytes(b"better weights")
    keep_bookmark(trained, learnt)
    second = Bookmark.objects.get()
    assert second.sha256 == hashlib.sha256(b"better weights").hexdigest()
    assert second.file.read() == b"better weights"
    assert not default_storage.exists(first)
    assert Run.objects.get().tries == 1


def test_a_checkpoint_takes_the_place_of_the_saved_state(trained, learnt):
    keep_bookmark(trained, learnt)
    state = str(Bookmark.objects.get().file)
    left = left_by(trained, learnt)
    assert left.sha256 == hashlib.sha256(b"weights").hexdigest()
    assert left.facts == {"steps": "9", "works": 2, "makers": 2, "licences": {"CC0 1.0": 2}}
    assert not Bookmark.objects.exists()
    assert not default_storage.exists(state)


def test_a_stale_worker_can_add_neither_a_state_nor_a_checkpoint(trained, learnt):
    Run.objects.update(attempt=2, worker="w2")  # another has taken over
    with pytest.raises(LeaseLost):
        keep_bookmark(trained, learnt)
    with pytest.raises(LeaseLost):
        keep_checkpoint(trained, learnt, {})
    assert not Checkpoint.objects.exists()
    assert not Bookmark.objects.exists()
    for folder in ("bookmarks", "checkpoints"):
        assert default_storage.listdir(folder)[1] == []


def test_a_cancelled_training_keeps_no_checkpoint(trained, learnt):
    assert trained.cancel()
    with pytest.raises(LeaseLost):
        keep_checkpoint(trained, learnt, {})


def test_even_the_worker_that_holds_the_run_adds_no_second_checkpoint(trained, learnt):
    keep_checkpoint(trained, learnt, {})
    with pytest.raises(IntegrityError):
        keep_checkpoint(trained, learnt, {})
    assert len(default_storage.listdir("checkpoints")[1]) == 1


def test_a_training_is_repeated_on_the_same_works_with_another_seed(trained):
    make_text()  # hung later
    again = repeat_training(trained, None)
    assert again.seed != trained.seed
    assert (again.name, again.params) == (trained.name, trained.params)
    lessons = [one.artwork_id for one in trained.inputs.lessons()]
    assert [one.artwork_id for one in again.inputs.lessons()] == lessons


def test_a_training_whose_works_hang_no_more_is_not_repeated(trained):
    Artwork.objects.filter(pk=trained.inputs.lessons()[0].artwork_id).update(
        state="discarded", hung_at=None
    )
    with pytest.raises(RunRefused, match="hang here no more"):
        repeat_training(trained, None)


def test_a_run_paints_with_a_checkpoint_and_so_does_its_repetition(trained, learnt):
    left = left_by(trained, learnt)
    run = request_run(generator="char_rnn", params={"writer": left.source})
    assert run.checkpoint == left
    assert repeat_run(run, None).checkpoint == left
    assert request_run(generator="char_rnn", params={"writer": "tang"}).checkpoint is None


@pytest.mark.parametrize("source", ["file:/etc/secret.safetensors", "file:CODE.safetensors"])
def test_a_file_that_is_no_checkpoint_is_refused(source):
    code = "00000000-0000-4000-8000-000000000000"
    with pytest.raises(RunRefused, match="no such checkpoint") as refused:
        request_run(generator="char_rnn", params={"writer": source.replace("CODE", code)})
    assert set(refused.value.fields) == {"writer"}


def test_a_checkpoint_of_another_generator_is_refused(learnt):
    make_run(generator="entropy", task="train", name="Noise")
    claimed = Run.objects.claim("w1")
    assert claimed
    left = Checkpoint.objects.create(run=claimed, file="x.safetensors", sha256="0" * 64, size=1)
    with pytest.raises(RunRefused, match="no such checkpoint"):
        request_run(generator="char_rnn", params={"writer": left.source})


def test_what_was_painted_with_a_checkpoint_keeps_it(trained, learnt):
    left = left_by(trained, learnt)
    request_run(generator="char_rnn", params={"writer": left.source})
    with pytest.raises(ProtectedError):
        left.delete()


def test_each_maker_is_counted_once(learnt):
    maker = Maker.objects.create(name="Ada", origin="human")
    for _ in range(2):
        make_text(maker=maker)
    ask()
    claimed = Run.objects.claim("w1")
    assert claimed
    assert keep_checkpoint(claimed, learnt, {}).facts["makers"] == 1

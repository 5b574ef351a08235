"""Training a writer: interrupted by force it ends with the same bytes, and it learns."""

import hashlib
import os
import signal
import subprocess
import sys
import time

import pytest
import torch

from generators.nets.written import open_writer
from generators.refused import Refused
from generators.training.char_rnn import main, standard_library, train
from generators.training.checkpoint import told_by
from generators.training.writer import Lesson, Training
from tests.generators.char_rnn.writers import TEXT

PATIENCE = 100.0  # seconds
STEPS = 40


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text(TEXT, "utf-8")
    return path


def command(text, output, *more):
    fixed = [text, "--output", output, "--units", 32, "--dropout", 0.2, "--steps", STEPS]
    fixed += ["--no-card"]
    return [str(word) for word in (*fixed, *more)]


def child(arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "generators.training.char_rnn", *arguments],
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        stderr=subprocess.PIPE,
        text=True,
    )


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.timeout(300)
def test_killed_and_resumed_it_ends_with_the_same_bytes(text, tmp_path):
    undisturbed, disturbed = tmp_path / "one.safetensors", tmp_path / "two.safetensors"
    assert main(command(text, undisturbed)) == 0
    checkpoint = disturbed.with_suffix(".checkpoint.safetensors")
    process = child(command(text, disturbed, "--every", "0"))
    until = time.monotonic() + PATIENCE
    while not checkpoint.exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == -signal.SIGKILL
    assert 0 < told_by(checkpoint)["step"] < STEPS
    assert main(command(text, disturbed)) == 0
    assert digest(disturbed) == digest(undisturbed)


def test_it_learns():
    training = Training(Lesson(steps=200, seconds=0, seed=1, units=48), TEXT)
    before = training.judged()
    while training.share < 1:
        training.advance()
    assert training.judged() < 0.75 * before


def test_it_ends_when_its_time_is_over():
    training = Training(Lesson(steps=0, seconds=0.3, seed=1, units=16), TEXT)
    while training.share < 1:
        training.advance()
    assert 0.3 <= training.seconds < 5


def test_training_draws_no_random_numbers_but_its_own():
    before = torch.get_rng_state()
    Training(Lesson(steps=9, seconds=0, seed=1, units=16, dropout=0.5), TEXT).advance()
    assert torch.equal(torch.get_rng_state(), before)


def test_a_checkpoint_of_another_text_is_refused(tmp_path):
    checkpoint = tmp_path / "it.checkpoint.safetensors"
    lesson = Lesson(steps=1, seconds=0, seed=1, units=16)
    train(Training(lesson, TEXT), checkpoint)
    with pytest.raises(Refused, match="belongs to other settings: delete it, or give the same"):
        train(Training(lesson, TEXT[::-1]), checkpoint)


@pytest.mark.parametrize("more", [[], ["--stdlib"]], ids=["nothing", "both"])
def test_what_to_read_must_be_said_once(text, tmp_path, capsys, more):
    texts = [str(text)] if more else []
    output = str(tmp_path / "w.safetensors")
    assert main([*texts, "--output", output, "--steps", "1", *more]) == 2
    assert "Name text files or folders, or give --stdlib." in capsys.readouterr().err


def test_the_file_to_write_must_have_a_folder(text, capsys):
    assert main([str(text), "--output", "/nowhere/w.safetensors"]) == 2
    assert "in a folder that is there" in capsys.readouterr().err


def test_a_card_is_written_beside_it(text, tmp_path):
    output = tmp_path / "one.safetensors"
    arguments = [str(text), "--output", str(output), "--steps", "3", "--units", "16"]
    assert main([*arguments, "--source", "Sentences of a test, by nobody"]) == 0
    card = output.with_suffix(".md").read_text("utf-8")
    assert "* Sentences of a test, by nobody" in card
    assert hashlib.sha256(output.read_bytes()).hexdigest() in card
    assert "--steps 3" in card


def test_what_it_ends_with_opens_as_a_writer(text, tmp_path):
    output = tmp_path / "one.safetensors"
    assert main(command(text, output)) == 0
    assert "明" in open_writer(f"file:{output}").alphabet.characters


def test_the_standard_library_can_be_read():
    assert sum(len(text) for text in standard_library()) > 1_000_000

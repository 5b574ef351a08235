"""Training: interrupted by force it goes on to the same bytes, and it refuses what does not fit."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from generators.nets.shipped import file_stages
from generators.refused import Refused
from generators.training.checkpoint import told_by
from generators.training.paintings import read_paintings
from generators.training.pupil import new_pupil
from generators.training.tiny import Lesson, Training, main, train
from tests.generators.nets.weights import save_tiny

STEPS = 5
PATIENCE = 100.0  # seconds


def command(collection, output, *more, steps=STEPS):
    arguments = [collection, "--output", output, "--steps", steps, "--held-out", 2, "--no-card"]
    return [*map(str, arguments), *more]


def child(arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "generators.training.tiny", *arguments],
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(process):
    _, told = process.communicate(timeout=PATIENCE)
    return process.returncode, told


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "more",
    [
        pytest.param([], id="plain"),
        pytest.param(["--robust"], marks=pytest.mark.soak, id="robust"),
    ],
)
def test_killed_and_resumed_it_ends_with_the_same_bytes(collection, tmp_path, more):
    """What is not killed is trained in this process, where torch is there already."""
    undisturbed, disturbed = tmp_path / "one.safetensors", tmp_path / "two.safetensors"
    assert main(command(collection, undisturbed, *more)) == 0
    checkpoint = disturbed.with_suffix(".checkpoint.safetensors")
    process = child(command(collection, disturbed, "--every", "0", *more))
    until = time.monotonic() + PATIENCE
    while not checkpoint.exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    assert finished(process)[0] == -signal.SIGKILL
    assert not disturbed.exists()
    assert 0 < told_by(checkpoint)["step"] < STEPS
    assert main(command(collection, disturbed, *more)) == 0
    assert digest(disturbed) == digest(undisturbed)
    whole, resumed = (
        load_file(path.with_suffix(".checkpoint.safetensors")) for path in (undisturbed, disturbed)
    )
    assert set(whole) == set(resumed)
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


@pytest.fixture
def paintings(collection):
    return read_paintings(collection, held_out=2)


def lesson(**changes):
    plain: dict[str, Any] = {
        "steps": 2,
        "seed": 1,
        "radius": 0.0,
        "attacks": 1,
        "device": "cpu",
        "start": None,
    }
    return Lesson(**plain | changes)


def test_training_draws_no_random_numbers_but_its_own(paintings):
    before = torch.get_rng_state()
    Training(lesson(radius=0.5), paintings).advance()
    assert torch.equal(torch.get_rng_state(), before)


def test_the_seed_decides_the_weights():
    one, again, other = (new_pupil(9, 2, 1, seed).state_dict() for seed in (1, 1, 2))
    assert all(torch.equal(one[name], again[name]) for name in one)
    assert not torch.equal(
        one["network.convolutions.conv1_1.weight"], other["network.convolutions.conv1_1.weight"]
    )


def test_it_learns(paintings):
    training = Training(lesson(steps=30), paintings)
    losses = [training.advance() for _ in range(5)]
    assert losses[-1] < losses[0]


@pytest.fixture(scope="module")
def output(collection, tmp_path_factory):
    """What a training of one step ends with."""
    file = tmp_path_factory.mktemp("trained") / "one.safetensors"
    assert main(command(collection, file, steps=1)) == 0
    return file


def test_what_it_ends_with_opens_as_a_network(output):
    assert list(file_stages(str(output))[0])[-1] == "relu4_3"
    assert {t.dtype for t in load_file(output).values()} == {torch.float16}
    assert sorted(p.name for p in output.parent.iterdir()) == [
        "one.checkpoint.safetensors",
        "one.safetensors",
    ]


def test_a_checkpoint_of_other_settings_is_refused(paintings, tmp_path):
    checkpoint = tmp_path / "it.checkpoint.safetensors"
    train(Training(lesson(steps=1), paintings), checkpoint)
    with pytest.raises(Refused, match="belongs to other settings: delete it, or give the same"):
        train(Training(lesson(steps=1, seed=2), paintings), checkpoint)


def test_a_file_that_is_no_checkpoint_is_refused(paintings, tmp_path):
    checkpoint = tmp_path / "it.checkpoint.safetensors"
    for write in (
        lambda: checkpoint.write_bytes(b"half a file"),
        lambda: save_file({"one": torch.zeros(1)}, checkpoint),
        lambda: save_file({"one": torch.zeros(1)}, checkpoint, metadata={"training": "{"}),
    ):
        write()
        with pytest.raises(Refused, match="is no checkpoint of a training: delete it"):
            train(Training(lesson(), paintings), checkpoint)


def test_weights_to_start_from_that_do_not_fit_are_refused(paintings, tmp_path):
    start = save_tiny(tmp_path / "other.safetensors")  # it knows three styles, not two
    with pytest.raises(Refused, match=r"other\.safetensors cannot be started from"):
        Training(lesson(start=start), paintings)


def test_it_starts_from_the_weights_of_a_sibling(output, paintings):
    state = Training(lesson(seed=9, start=output), paintings).pupil.state_dict()
    tensors = load_file(output)
    assert all(torch.equal(state[name], tensor.float()) for name, tensor in tensors.items())


@pytest.mark.parametrize("name", ["none/one.safetensors", "one.pth"])
def test_an_output_that_cannot_be_written_is_refused_before_training(
    collection, tmp_path, capsys, name
):
    assert main(command(collection, tmp_path / name)) == 2
    assert "must be a .safetensors file in a folder that exists" in capsys.readouterr().err

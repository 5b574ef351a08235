import math
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from torch.nn import functional as F

from generators.gan.copies import Corpus
from generators.gan.paint import as_levels
from generators.nets.features import faster
from generators.nets.gan import GROUP, LATENT, SIDE, Critic, Painter, initialise
from generators.refused import Refused
from generators.training.augment import changed
from generators.training.examined import copying, features, kernel_distance
from generators.training.gan import began_to_copy, main, taught
from generators.training.painted import Lessons, read_collection
from generators.training.rivals import Lesson, Training
from tests.generators.gan.painters import pictures, training
from tests.generators.training.collection import picture


@pytest.fixture(scope="module")
def two_hundred(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("two hundred")
    for seed in range(200):
        picture(seed, 40, 30).save(found / f"{seed:04}.webp")
    return found


@pytest.fixture
def folder(two_hundred: Path, tmp_path: Path) -> Path:
    """As many pictures as are enough, for a test to change."""
    return shutil.copytree(two_hundred, tmp_path / "pictures")


def test_the_painter_learns_what_its_own_loss_would_teach_it() -> None:
    """One pass serves both: the critic's slopes, scaled, are the slopes of the painter's loss."""
    learnt = training()
    rng = torch.Generator().manual_seed(5)
    painted = torch.rand((16, 3, SIDE, SIDE), generator=rng) * 2 - 1
    learnt.step = 1  # no look at the slopes
    state = torch.Generator().manual_seed(8)
    _, slope = learnt._judge(painted.clone(), state)
    state = torch.Generator().manual_seed(8)
    leaf = painted.clone().requires_grad_()
    real = changed(learnt._real(state), state)
    shown = torch.cat([real, changed(leaf, state)])
    with faster(torch.device("cpu")):
        answers = learnt.critic(shown).float()
    (plain,) = torch.autograd.grad(F.softplus(answers[:16] - answers[16:]).mean(), leaf)
    apart = (slope - plain).norm() / plain.norm()
    assert apart < 0.03  # of a slope in bfloat16, where the processor can


def test_a_killed_training_resumes_to_the_same_bytes(tmp_path: Path, folder: Path) -> None:
    whole, killed = tmp_path / "whole.safetensors", tmp_path / "killed.safetensors"
    checkpoint = killed.with_suffix(".checkpoint.safetensors")
    command = [sys.executable, "-c", CHILD, str(folder), "--steps", "4", "--every", "0"]
    child = subprocess.Popen(
        [*command, "--output", killed], env=os.environ | {"OMP_NUM_THREADS": "1"}
    )
    while not checkpoint.is_file():
        assert child.poll() is None
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert not killed.exists()
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # as the child
    lesson, lessons = Lesson(4, 0.0, 0), read_collection(folder)
    for output, state in ((whole, tmp_path / "other.safetensors"), (killed, checkpoint)):
        list(taught(lesson, lessons, state, output, examined=10))
    torch.set_num_threads(threads)
    assert whole.read_bytes() == killed.read_bytes()


# The command, with a short examination at its end.
CHILD = """
import sys
from generators.training import gan
gan.taught.__kwdefaults__["examined"] = 10
sys.exit(gan.main(sys.argv[1:]))
"""


@pytest.mark.soak
def test_a_card_tells_what_was_found_out(tmp_path: Path, folder: Path) -> None:
    output = tmp_path / "painter.safetensors"
    command = [sys.executable, "-c", CHILD, str(folder), "--steps", "2", "--largest-wish", "1"]
    subprocess.run([*command, "--output", output], check=True)
    card = output.with_suffix(".md").read_text()
    assert "200 pictures from pictures" in card
    assert "2 steps of 16 pictures" in card
    assert "counted as copies" in card
    for wish in ("0", "0.125", "0.25", "0.5", "1"):
        assert f"ambiguity of style at lambda {wish} |" in card


def test_samples_and_the_lead_are_told_while_it_learns(tmp_path: Path) -> None:
    shown = pictures(40)
    lessons = Lessons(shown, [str(n) for n in range(40)], pictures(12, first=900), ["made up"])
    paths = tmp_path / "state.safetensors", tmp_path / "painter.safetensors"
    frames = list(taught(Lesson(3, 0.0, 1), lessons, *paths, examined=10))
    assert [frame.step for frame in frames] == [1, 2, 3, 4]
    assert frames[0].image is not None
    assert frames[0].image.shape == (3, 4 * SIDE, 4 * SIDE)
    assert "the critic is ahead by" in frames[0].note
    assert frames[-1].last
    assert float(frames[-1].facts["kernel_distance"]) > 0
    assert frames[-1].facts["stopped"] == "at its end"


def test_a_checkpoint_of_other_pictures_is_refused(tmp_path: Path) -> None:
    learnt = training()
    learnt.save(tmp_path / "state.safetensors")
    other = Training(learnt.lesson, pictures(40, first=7), learnt.names, learnt.held_out)
    with pytest.raises(Refused, match="other settings"):
        other.resume(tmp_path / "state.safetensors")


def test_a_collection_that_is_too_small_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="has 0 pictures: at least 200"):
        read_collection(tmp_path)
    picture(1).save(tmp_path / "one.png")
    assert main([str(tmp_path), "--output", str(tmp_path / "x.safetensors")]) == 2


def test_a_broken_picture_is_named(folder: Path) -> None:
    (folder / "0007.webp").write_bytes(b"RIFF but no picture")
    with pytest.raises(Refused, match=r"0007\.webp could not be read"):
        read_collection(folder)


def test_pictures_that_are_all_alike_are_refused(folder: Path) -> None:
    for file in folder.iterdir():
        picture(1, 40, 30).save(file)
    with pytest.raises(Refused, match="all alike"):
        read_collection(folder)


def test_every_twentieth_picture_is_held_out_and_names_keep_their_order(folder: Path) -> None:
    lessons = read_collection(folder)
    assert len(lessons.pictures) == 190
    assert len(lessons.held_out) == 10
    assert lessons.names[17:21] == ["0017", "0018", "0020", "0021"]


def test_what_looks_like_a_held_out_picture_is_not_learnt(folder: Path) -> None:
    shutil.copy(folder / "0019.webp", folder / "0100.webp")
    lessons = read_collection(folder)
    assert len(lessons.pictures) == 189
    assert "0100" not in lessons.names


def test_an_output_that_is_no_weights_file_is_refused(folder: Path, tmp_path: Path) -> None:
    assert main([str(folder), "--output", str(tmp_path / "painter.bin")]) == 2


def test_copying_is_told_from_painting_afresh() -> None:
    held_out = pictures(60, first=1000)
    corpus = Corpus.of([str(n) for n in range(120)], pictures(120), held_out)
    beside = corpus.distances(held_out)
    copied = copying(corpus, corpus.distances(pictures(60)), beside)
    afresh = copying(corpus, corpus.distances(pictures(60, first=5000)), beside)
    assert copied < -3
    assert abs(afresh) < 2.5


def test_a_painter_that_copies_is_stopped_with_a_reason() -> None:
    learnt = training()
    rng = torch.Generator().manual_seed(learnt.lesson.seed)
    with torch.no_grad():
        own = as_levels(learnt.settled()(torch.randn((64, LATENT), generator=rng)))
    corpus = Corpus.of([str(n) for n in range(64)], own, learnt.held_out)
    assert began_to_copy(learnt, corpus) == "at step 0, where it began to copy"
    other = Corpus.of(learnt.names, learnt.pictures, learnt.held_out)
    assert began_to_copy(learnt, other) == ""


def test_copying_is_not_known_of_too_few_pictures() -> None:
    corpus = Corpus.of([str(n) for n in range(20)], pictures(20), pictures(4, first=50))
    found = corpus.distances(pictures(4, first=90))
    assert math.isnan(copying(corpus, found, found))


def test_kernel_distance_is_small_for_one_kind_and_large_for_another() -> None:
    one, other = (features(pictures(60, first=first)) for first in (0, 700))
    noise = torch.randint(256, (60, 3, SIDE, SIDE), generator=torch.Generator().manual_seed(1))
    assert abs(kernel_distance(one, other)) < 0.5
    assert kernel_distance(features(noise.to(torch.uint8)), other) > 5


def test_changes_are_the_same_for_the_same_chance_and_let_slopes_pass() -> None:
    shown = pictures(16).float() / 127.5 - 1
    one, two = (changed(shown, torch.Generator().manual_seed(3)) for _ in range(2))
    assert torch.equal(one, two)
    assert not torch.equal(one, shown)
    leaf = shown.clone().requires_grad_()
    (slope,) = torch.autograd.grad(changed(leaf, torch.Generator().manual_seed(3)).sum(), leaf)
    assert bool((slope != 0).any())


def test_a_critic_sees_that_all_pictures_of_a_group_are_one() -> None:
    critic = Critic()
    initialise(critic, torch.Generator().manual_seed(0))
    one = pictures(1).float() / 127.5 - 1
    others = pictures(GROUP - 1, first=30).float() / 127.5 - 1
    with torch.no_grad():
        among_copies = critic(one.repeat(GROUP, 1, 1, 1))[0]
        among_others = critic(torch.cat([one, others]))[0]
    assert among_copies != among_others


def test_two_painters_of_one_seed_begin_alike() -> None:
    one, two = Painter(), Painter()
    for painter in (one, two):
        initialise(painter, torch.Generator().manual_seed(4))
        painter.eval()
    chance = torch.randn((2, LATENT), generator=torch.Generator().manual_seed(1))
    assert torch.equal(one(chance), two(chance))

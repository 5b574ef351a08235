"""What every trainer promises, and what the writer's does."""

from pathlib import Path
from typing import Any

import pytest
import torch

from generators.catalog import GENERATORS
from generators.frames import Frame
from generators.nets.written import open_writer
from generators.refused import Refused
from generators.training import read
from generators.training.trainers import MAX_COST, TRAINERS, Trainer
from tests.generators.char_rnn.writers import TEXT

WRITER = TRAINERS["char_rnn"]
TRAINED = pytest.mark.parametrize("trainer", TRAINERS.values(), ids=TRAINERS.keys())
SMALL: dict[str, Any] = {"steps": 12, "units": 16, "dropout": 0.2}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With a collection of two texts."""
    texts = tmp_path / "texts"
    texts.mkdir()
    half = len(TEXT) // 2
    (texts / "00000.txt").write_text(TEXT[:half], "utf-8")
    (texts / "00001.txt").write_text(TEXT[half:], "utf-8")
    return tmp_path


def learning(folder: Path, name: str = "one", seed: int = 2**63 - 1, **params: Any) -> Any:
    return WRITER.load()(
        WRITER.parse(SMALL | params),
        collection=folder / "texts",
        checkpoint=folder / f"{name}.state.safetensors",
        output=folder / f"{name}.safetensors",
        seed=seed,
    )


@TRAINED
def test_its_generator_takes_what_it_leaves(trainer: Trainer):
    generator = GENERATORS[trainer.generator]
    assert trainer.medium == generator.medium
    source = "file:/some/where.safetensors"
    assert getattr(generator.parse({generator.weights: source}), generator.weights) == source


@TRAINED
def test_its_presets_are_params_and_each_can_be_afforded(trainer: Trainer):
    for preset in trainer.presets:
        assert 0 < trainer.cost(trainer.parse(preset.values)) <= MAX_COST


@TRAINED
def test_the_limit_of_a_training_follows_its_budget(trainer: Trainer):
    short, long = (trainer.parse({"minutes": minutes}) for minutes in (1, 100))
    assert trainer.limit(short) > trainer.cost(short)
    assert trainer.limit(long) > trainer.cost(long) > trainer.limit(short)


@TRAINED
@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"minutes": 0}, "minutes: "),
        ({"minutes": "nan"}, "minutes: "),
        ({"nonsense": 1}, "there is no such parameter"),
    ],
)
def test_params_out_of_bounds_are_refused(trainer: Trainer, values, sentence):
    with pytest.raises(Refused, match=sentence):
        trainer.parse(values)


def test_a_training_that_is_too_dear_is_refused():
    with pytest.raises(Refused, match="Ask for less time, fewer steps or a smaller network"):
        WRITER.parse({"steps": 900_000})


def test_frames_tell_how_far_it_is_and_the_last_one_what_was_learnt(folder):
    frames: list[Frame] = list(learning(folder))
    assert [frame.step for frame in frames] == list(range(1, 14))
    assert [frame.last for frame in frames] == [False] * 12 + [True]
    assert "loss" in frames[5].note
    assert frames[0].text
    assert frames[-1].text
    facts = frames[-1].facts
    writer = open_writer(f"file:{folder / 'one.safetensors'}")
    assert facts["weights_sha256"] == writer.sha256
    assert facts["steps"] == "12"
    assert int(facts["alphabet"]) == len(writer.alphabet)


def test_broken_off_and_gone_on_with_it_leaves_the_same_bytes(folder, monkeypatch):
    monkeypatch.setattr(read, "FIRST_SECONDS", 0.0)  # a checkpoint after each step
    list(learning(folder))
    broken = learning(folder, "two")
    for _ in range(5):
        next(broken)
    broken.close()
    frames = list(learning(folder, "two"))
    assert frames[0].step > 5
    one, two = (folder / f"{name}.safetensors" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


def test_a_budget_of_time_ends_it(folder):
    frames = list(learning(folder, steps=0, minutes=0.05))
    assert frames[-1].last
    assert all(frame.step <= frame.steps for frame in frames)


def test_it_touches_no_random_numbers_but_its_own(folder):
    before = torch.get_rng_state()
    list(learning(folder))
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "has 0 characters: at least 2,000 are needed"),
        ("Too little.", "characters: at least 2,000 are needed"),
        ("a" * 3000, "repeats one character"),
    ],
)
def test_texts_from_which_nothing_can_be_learnt_are_refused(tmp_path, text, sentence):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "00000.txt").write_text(text, "utf-8")
    with pytest.raises(Refused, match=sentence):
        list(learning(tmp_path))

"""Trainings of painters of 128 pixels, and who decides the side."""

from pathlib import Path

import pytest
import torch

from generators.gan.artist import open_artist
from generators.gan.copies import Corpus
from generators.gan.params import PainterTrainingParams
from generators.refused import Refused
from generators.training import gan, painted, rivals
from generators.training.gan import main, measure, sketches, taught
from generators.training.painted import Lessons, read_catalogued, read_collection
from generators.training.rivals import BATCH, GPU_BATCH, SLOPES, Lesson, Training
from generators.training.trainers import TRAINERS
from tests.generators.gan.painters import pictures, training
from tests.generators.training.collection import make_collection, picture

LEAST = 40  # pictures, so that little is looked at


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little is read, and little examined at the end."""
    monkeypatch.setitem(gan.taught.__kwdefaults__ or {}, "examined", 4)
    monkeypatch.setattr(rivals, "SETTLING", 1)
    monkeypatch.setattr(painted, "FEWEST_PICTURES", LEAST)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("pictures")
    for seed in range(LEAST):
        picture(seed, 150, 130).save(found / f"{seed:04}.webp")
    return found


def lessons(side: int = 128) -> Lessons:
    shown, held_out = pictures(20, side=side), pictures(6, 900, side)
    return Lessons(shown, [str(n) for n in range(20)], held_out, ["made up"])


def test_a_device_decides_the_side_unless_it_is_asked_for(tmp_path: Path) -> None:
    nothing = tmp_path / "state.safetensors"
    assert measure(0, "cpu", nothing) == (64, BATCH)
    assert measure(0, "cuda:1", nothing) == (128, GPU_BATCH)
    assert measure(128, "cpu", nothing) == (128, BATCH)
    assert measure(64, "cuda", nothing) == (64, GPU_BATCH)


def test_what_a_gpu_began_is_gone_on_with_at_its_side_and_batch(tmp_path: Path) -> None:
    shown = lessons()
    begun = Training(
        Lesson(3, 0.0, 0, side=128, batch=GPU_BATCH), shown.pictures, shown.names, shown.held_out
    )
    begun.save(tmp_path / "state.safetensors")
    assert measure(0, "cpu", tmp_path / "state.safetensors") == (128, GPU_BATCH)


def test_a_checkpoint_of_another_side_is_refused(tmp_path: Path) -> None:
    training(side=128).save(tmp_path / "state.safetensors")
    with pytest.raises(Refused, match="other settings"):
        training().resume(tmp_path / "state.safetensors")


def test_a_checkpoint_of_before_there_were_batches_is_gone_on_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learnt = training()
    promise = learnt.promise()
    assert promise.pop("batch") == BATCH
    with monkeypatch.context() as patched:
        patched.setattr(Training, "promise", lambda _: promise)
        learnt.save(tmp_path / "state.safetensors")
    learnt.resume(tmp_path / "state.safetensors")


def test_the_slopes_weigh_more_where_pictures_have_more_pixels() -> None:
    assert Lesson(1, 0.0, 0).slopes == SLOPES
    assert Lesson(1, 0.0, 0, side=128).slopes == 4 * SLOPES


def test_a_larger_critic_learns_to_tell_real_pictures_from_painted_ones() -> None:
    learnt = training(side=128)
    leads = [learnt.advance() for _ in range(10)]
    assert leads[-1] > leads[0] + 0.1


def test_a_larger_training_resumes_to_the_same_bytes(tmp_path: Path) -> None:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    lesson, shown = Lesson(3, 0.0, 0, side=128), lessons()
    for name in ("whole", "broken"):
        state, output = tmp_path / f"{name}.state", tmp_path / f"{name}.safetensors"
        if name == "broken":
            learning = taught(lesson, shown, state, output, every=0.0)
            next(learning), next(learning)
            del learning  # as good as killed: a checkpoint is all that is left
            assert not output.exists()
        list(taught(lesson, shown, state, output))
    torch.set_num_threads(threads)
    one, other = (tmp_path / f"{name}.safetensors" for name in ("whole", "broken"))
    assert one.read_bytes() == other.read_bytes()


def test_sketches_are_as_large_as_it_paints() -> None:
    assert sketches(training(side=128)).shape == (3, 4 * 128, 4 * 128)


def test_the_command_trains_a_larger_painter_and_its_card_says_so(
    tmp_path: Path, folder: Path
) -> None:
    output = tmp_path / "painter.safetensors"
    assert main([str(folder), "--output", str(output), "--steps", "1", "--side", "128"]) == 0
    assert open_artist(f"file:{output}").side == 128
    card = output.with_suffix(".md").read_text()
    assert "a picture of 128 x 128" in card
    assert "--side 128" in card


def test_a_trainer_takes_the_side_that_its_form_asks_for(tmp_path: Path, folder: Path) -> None:
    trainer = TRAINERS["gan"]
    state, output = tmp_path / "state.safetensors", tmp_path / "painter.safetensors"
    params = trainer.parse({"steps": "1", "side": "128 pixels"})
    *_, last = trainer.load()(params, collection=folder, checkpoint=state, output=output, seed=1)
    assert last.facts["side_in_pixels"] == "128"
    assert open_artist(f"file:{output}").side == 128


def test_the_device_decides_where_nothing_is_asked() -> None:
    params = TRAINERS["gan"].parse({})
    assert isinstance(params, PainterTrainingParams)
    assert params.pixels == 0
    with pytest.raises(Refused, match="side: "):
        TRAINERS["gan"].parse({"side": "96 pixels"})


def test_works_are_read_at_the_side_that_is_learnt(folder: Path, tmp_path: Path) -> None:
    assert read_collection(folder, 128).pictures.shape[1:] == (3, 128, 128)
    small, large = (
        read_catalogued(make_collection(tmp_path / str(side), 206, 30), side) for side in (64, 128)
    )
    assert large.names == small.names
    halved = torch.nn.functional.avg_pool2d(large.pictures.float(), 2)
    assert torch.equal(halved.round().to(torch.uint8), small.pictures)


def test_copies_by_a_larger_painter_are_found(tmp_path: Path) -> None:
    shown = lessons()
    corpus = Corpus.of(shown.names, shown.pictures, shown.held_out)
    assert [one.name for one in corpus.nearest(shown.pictures[:2])] == ["0", "1"]

import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from generators.catalog import GENERATORS
from generators.frames import Frame
from generators.gan.artist import Artist, open_artist
from generators.gan.copies import Corpus
from generators.gan.paint import as_levels, paint, pictures
from generators.gan.params import CANParams, GANParams
from generators.nets.gan import LATENT
from generators.refused import Refused
from generators.training.examined import drawn
from tests.generators.gan.painters import training, written


def last(params: GANParams | CANParams, seed: int = 1) -> Frame:
    return list(paint(params, seed=seed))[-1]


def test_a_picture_takes_the_shape_that_is_asked_for(source: str) -> None:
    frame = last(GANParams(artist=source, size=128, aspect=0.5))
    assert frame.image is not None
    assert frame.image.shape == (3, 128, 64)


def test_a_picture_does_not_depend_on_what_is_painted_beside_it(artist: Artist) -> None:
    chance = torch.randn((8, LATENT), generator=torch.Generator().manual_seed(0))
    together = pictures(artist, chance, 0.5, 1.0)
    alone = torch.cat([pictures(artist, one[None], 0.5, 1.0) for one in chance])
    torch.testing.assert_close(together, alone, rtol=0, atol=2e-5)


def test_less_truncation_gives_less_variety(artist: Artist) -> None:
    chance = torch.randn((16, LATENT), generator=torch.Generator().manual_seed(0))
    near, far = (pictures(artist, chance, 0.0, spread).std(0).mean() for spread in (0.2, 1.0))
    assert near < far


def test_a_lambda_changes_the_picture(source: str) -> None:
    none, much = (last(CANParams(artist=source, wish=wish, size=64)) for wish in (0, 1))
    assert none.image is not None
    assert much.image is not None
    assert not torch.equal(none.image, much.image)


def test_a_lambda_beyond_what_was_learnt_is_refused(tmp_path: Path) -> None:
    source = written(tmp_path / "gan.safetensors", training())
    with pytest.raises(Refused, match="lambda of at most 0"):
        last(CANParams(artist=source, wish=1))


def test_copies_are_put_aside_and_counted(tmp_path: Path) -> None:
    """Its first picture stands among what it is said to have learnt."""
    learnt = training()
    source = written(tmp_path / "one.safetensors", learnt)
    chance = torch.randn((1, LATENT), generator=torch.Generator().manual_seed(1))
    first = as_levels(pictures(open_artist(source), chance, 0.0, 1.0))
    shown = torch.cat([learnt.pictures, first])
    corpus = Corpus.of([*learnt.names, "its own"], shown, drawn(open_artist(source), 40, 99))
    frame = last(GANParams(artist=written(tmp_path / "two.safetensors", learnt, corpus), size=64))
    assert int(frame.facts["copies_put_aside"]) >= 1
    assert frame.facts["nearest_work"] != ""


def test_one_that_only_copies_is_refused(tmp_path: Path) -> None:
    learnt = training()
    artist = open_artist(written(tmp_path / "one.safetensors", learnt))
    own = drawn(artist, 40, 0)
    corpus = Corpus.of([str(n) for n in range(40)], own, learnt.held_out)
    source = written(tmp_path / "two.safetensors", learnt, corpus)
    with pytest.raises(Refused, match="20 copies"):
        last(GANParams(artist=source, truncation=0.1))


@pytest.mark.parametrize("name", ["gan", "can"])
def test_the_record_tells_of_the_nearest_work_and_of_the_enlarging(name: str) -> None:
    params = GENERATORS[name].parse({"size": 64})
    facts = list(GENERATORS[name].load()(params, seed=3))[-1].facts
    assert int(facts["learnt_from"]) > 5000
    assert facts["nearest_work"]
    assert 0 <= float(facts["nearer_held_out"]) <= 1
    assert 0 <= float(facts["style_ambiguity"]) <= 1
    assert "from 64 pixels by the network enlarger" in facts["enlarged"]


def test_a_painter_that_is_not_there_is_refused() -> None:
    with pytest.raises(Refused, match="no painter 'nobody'"):
        open_artist("nobody")
    with pytest.raises(Refused, match="There is no file"):
        open_artist("file:/nowhere/at/all.safetensors")


def test_a_file_that_holds_no_painter_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.safetensors"
    save_file({"weights": torch.ones(3)}, path)
    with pytest.raises(Refused, match="does not hold a painter"):
        open_artist(f"file:{path}")


def test_a_file_without_its_description_or_cut_short_is_refused(file: Path, tmp_path: Path) -> None:
    bare, cut = tmp_path / "bare.safetensors", tmp_path / "cut.safetensors"
    save_file(load_file(file), bare)
    with pytest.raises(Refused, match="does not hold a painter"):
        open_artist(f"file:{bare}")
    shutil.copy(file, cut)
    with cut.open("r+b") as opened:
        opened.truncate(file.stat().st_size // 2)
    with pytest.raises(Refused, match="not a whole safetensors file"):
        open_artist(f"file:{cut}")
